"""Forfeits, suspensions and penalties in the course of days under a policy, person by person (一.1)."""

from dataclasses import replace
from datetime import datetime

from services.reception.discipline.rules import under
from services.reception.forfeits.rules import Forfeit, ForfeitCause, suspension, those_that_suspend
from services.reception.policy.rules import Amount, Cause
from services.reception.trials.rules import Charge, Counted, Course, Suspended
from services.reception.trials.rules_of_facts import Facts, PolicyOn, Seen, Surroundings, day_of


class Penalties:
    """What is counted and charged; it writes to the course alone."""

    def __init__(self, course: Course, facts: Facts, tried: PolicyOn, around: Surroundings) -> None:
        self.course, self.excused, self.tried, self.zone = course, facts.excused, tried, around.zone
        self.counted: dict[str, list[Forfeit]] = {}
        self.charged: set[tuple[str, Cause, str]] = set()

    def forfeit(self, staff_id: str, cause: ForfeitCause, evidence: str, now: datetime) -> None:
        """A turn is given up; past what the week allows it suspends, from the moment that `begin_suspensions` says."""
        if (staff_id, evidence) in self.excused:
            return
        policy = self.tried(day_of(now, self.zone))
        self.course.forfeits.append(Counted(staff_id, cause, evidence, day_of(now, self.zone)))
        counted = self.counted.setdefault(staff_id, [])
        counted.append(Forfeit(evidence, now))
        spent = those_that_suspend(counted, now, policy, self.zone)
        if spent and not any(one.staff_id == staff_id and one.lasts_at(now) for one in self.course.suspensions):
            self._suspend(staff_id, now)
            self.counted[staff_id] = [one for one in counted if one not in spent]

    def begin_suspensions(self, serving: set[str | None], now: datetime) -> list[Suspended]:
        """Whoever serves nobody begins the suspension that waited for that; answers those that begin now."""
        begun = []
        for number, one in enumerate(self.course.suspensions):
            if one.starts_at is None and one.staff_id not in serving:
                starts_at, ends_at = suspension(now, self.tried(one.day).suspended_for)
                begun.append(replace(one, starts_at=starts_at, ends_at=ends_at))
                self.course.suspensions[number] = begun[-1]
        return begun

    def suspended(self, now: datetime) -> set[str]:
        """Who receives nobody."""
        return {one.staff_id for one in self.course.suspensions if one.starts_at is not None and one.lasts_at(now)}

    def charge(self, seen: Seen, amount: Amount, *, sure: bool = True) -> None:
        """Proposed once for what caused it."""
        key = (seen.staff_id, seen.cause, seen.evidence)
        if key not in self.charged:
            self.charged.add(key)
            cost = under(self.tried(seen.day), amount)
            self.course.charges.append(Charge(*key, seen.day, cost.fine, cost.points, sure))

    def _suspend(self, staff_id: str, now: datetime) -> None:
        today = day_of(now, self.zone)
        self.course.suspensions.append(Suspended(staff_id, today, now))
        seen = Seen(staff_id, Cause.FORFEITS, f"suspension/{now.isoformat()}", today)
        self.charge(seen, self.tried(today).amounts[Cause.FORFEITS])
