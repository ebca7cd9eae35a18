"""What a policy decided in the course of some days, and what another would have decided otherwise, for whom."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, TypeVar

from services.reception.forfeits.rules import ForfeitCause
from services.reception.policy.rules import Cause
from services.reception.receptions.rules import Turn
from services.reception.rotation.rules import Role

_T = TypeVar("_T")
LONGEST = 31
"""Days that one trial goes through at most."""
RE_DECIDED = ("who_receives", "turns", "not_greeted", "overstays", "lateness", "order_of_day", "forfeits", "amounts")
AS_IT_HAPPENED = (
    "presence",
    "step_outs",
    "visits",
    "greetings",
    "take_overs",
    "orders",
    "reviews",
    "registered_by_phone",
)
CANNOT_KNOW = ("another_server", "other_behaviour", "longer_time_to_greet")
"""What a trial says of itself: codes of texts."""


class NotPastDays(Exception):
    """A trial goes through days that are over, or have begun: from the first to the last, at most LONGEST of them."""

    def __init__(self, latest: date) -> None:
        super().__init__(latest.isoformat())
        self.latest, self.most = latest.isoformat(), LONGEST


@dataclass(frozen=True)
class Decided:
    """Who was to receive a visitor, as what; `call` counts from 1 how often somebody was called for them."""

    reception_id: str
    call: int
    hall_id: str
    day: date
    staff_id: str
    role: Role


@dataclass(frozen=True)
class Spent:
    """What a reception did to its server's place."""

    reception_id: str
    day: date
    staff_id: str
    turn: Turn


@dataclass(frozen=True)
class Charge:
    """A penalty that would have been proposed; not `sure` where nobody knows whether they would have come in time."""

    staff_id: str
    cause: Cause
    evidence: str
    day: date
    fine: int
    points: int
    sure: bool = True


@dataclass(frozen=True)
class Counted:
    """A forfeit that counts."""

    staff_id: str
    cause: ForfeitCause
    evidence: str
    day: date


@dataclass(frozen=True)
class Overstayed:
    """Somebody who stepped out was not back in time, and lost the place in the line."""

    staff_id: str
    step_out_id: str
    day: date


@dataclass(frozen=True)
class Suspended:
    """Somebody receives nobody for a while; until it `starts_at`, a reception is in progress."""

    staff_id: str
    day: date
    ordered_at: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def lasts_at(self, moment: datetime) -> bool:
        """Whether it is not over: begun or not."""
        return self.ends_at is None or moment < self.ends_at


@dataclass(frozen=True)
class Passed:
    """A visitor was passed on because this person did not come."""

    reception_id: str
    call: int
    staff_id: str
    day: date
    sure: bool


@dataclass
class Course:
    """Everything a policy decided in the course of the days."""

    decisions: dict[tuple[str, int], Decided] = field(default_factory=dict)
    turns: dict[str, Spent] = field(default_factory=dict)
    passed: list[Passed] = field(default_factory=list)
    overstays: list[Overstayed] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    forfeits: list[Counted] = field(default_factory=list)
    suspensions: list[Suspended] = field(default_factory=list)


@dataclass(frozen=True)
class Sums:
    """What came of the days, for one person or for all. Fines in yuan."""

    penalties: int
    fine: int
    points: int
    forfeits: int
    suspensions: int
    passed_on: int
    overstays: int
    turns_used: int
    turns_kept: int


@dataclass(frozen=True)
class Change:
    """One thing that the tried policy decides otherwise; None on the side where there is nothing of it."""

    key: tuple[Any, ...]
    day: date
    before: Any
    after: Any


@dataclass(frozen=True)
class PersonChange:
    """Somebody for whom the sums differ."""

    staff_id: str
    before: Sums
    after: Sums


@dataclass(frozen=True)
class Differences:
    """Everything that differs, with the sums over all. `unsure`: visitors of whom nobody knows whether somebody would
    have come in the longer time tried; they are counted as passed on, as it happened.
    """

    before: Sums
    after: Sums
    unsure: int
    people: tuple[PersonChange, ...]
    assignments: tuple[Change, ...]
    passed_on: tuple[Change, ...]
    overstays: tuple[Change, ...]
    turns: tuple[Change, ...]
    penalties: tuple[Change, ...]
    forfeits: tuple[Change, ...]
    suspensions: tuple[Change, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """Everything that differs, one kind after the other."""
        about_places = (*self.assignments, *self.passed_on, *self.overstays, *self.turns)
        return (*about_places, *self.penalties, *self.forfeits, *self.suspensions)

    @property
    def everybody(self) -> set[str]:
        """Whom it is about."""
        sides = [side for one in self.changes for side in (one.before, one.after) if side is not None]
        return {one.staff_id for one in (*self.people, *sides)}


def check_days(first: date, last: date, today: date) -> None:
    """Raises NotPastDays."""
    if not first <= last <= today or (last - first).days >= LONGEST:
        raise NotPastDays(today)


def differences(before: Course, after: Course, first: date, last: date) -> Differences:
    """What differs between two courses of the same days, the first and the last included."""
    old, new = _within(before, first, last), _within(after, first, last)
    everybody = sorted({one.staff_id for course in (old, new) for one in _of_people(course)})
    sums = [PersonChange(one, _sums(old, one), _sums(new, one)) for one in everybody]
    return Differences(
        before=_sums(old),
        after=_sums(new),
        unsure=sum(not one.sure for one in new.passed),
        people=tuple(one for one in sums if one.before != one.after),
        assignments=_changes(old.decisions.values(), new.decisions.values(), lambda one: (one.reception_id, one.call)),
        passed_on=_changes(old.passed, new.passed, lambda one: (one.reception_id, one.call)),
        overstays=_changes(old.overstays, new.overstays, lambda one: (one.staff_id, one.step_out_id)),
        turns=_changes(old.turns.values(), new.turns.values(), lambda one: (one.reception_id,)),
        penalties=_changes(old.charges, new.charges, lambda one: (one.staff_id, one.cause, one.evidence)),
        forfeits=_changes(old.forfeits, new.forfeits, lambda one: (one.staff_id, one.cause, one.evidence)),
        suspensions=_changes(old.suspensions, new.suspensions, lambda one: (one.staff_id, one.ordered_at)),
    )


def added(sums: Iterable[Sums]) -> Sums:
    """The sums of several branches together."""
    told = [vars(one) for one in sums]
    return Sums(**{one.name: sum(each[one.name] for each in told) for one in fields(Sums)})


def _within(course: Course, first: date, last: date) -> Course:
    def during(found: Iterable[Any]) -> list[Any]:
        return [one for one in found if first <= one.day <= last]

    return Course(
        {(one.reception_id, one.call): one for one in during(course.decisions.values())},
        {one.reception_id: one for one in during(course.turns.values())},
        during(course.passed),
        during(course.overstays),
        during(course.charges),
        during(course.forfeits),
        during(course.suspensions),
    )


def _of_people(course: Course) -> list[Any]:
    of_places = (*course.turns.values(), *course.passed, *course.overstays)
    return [*of_places, *course.charges, *course.forfeits, *course.suspensions]


def _sums(course: Course, staff_id: str | None = None) -> Sums:
    def of(found: Iterable[_T]) -> list[_T]:
        return [one for one in found if staff_id in (None, vars(one)["staff_id"])]

    charges, turns = of(course.charges), of(course.turns.values())
    return Sums(
        penalties=len(charges),
        fine=sum(one.fine for one in charges),
        points=sum(one.points for one in charges),
        forfeits=len(of(course.forfeits)),
        suspensions=len(of(course.suspensions)),
        passed_on=len(of(course.passed)),
        overstays=len(of(course.overstays)),
        turns_used=sum(one.turn is Turn.USED for one in turns),
        turns_kept=sum(one.turn is Turn.KEPT for one in turns),
    )


def _changes(old: Iterable[_T], new: Iterable[_T], key_of: Callable[[Any], tuple[Any, ...]]) -> tuple[Change, ...]:
    before: Mapping[Any, Any] = {key_of(one): one for one in old}
    after: Mapping[Any, Any] = {key_of(one): one for one in new}
    keys = dict.fromkeys([*before, *after])
    found = [Change(key, (before.get(key) or after[key]).day, before.get(key), after.get(key)) for key in keys]
    return tuple(sorted((one for one in found if one.before != one.after), key=lambda one: (one.day, one.key)))
