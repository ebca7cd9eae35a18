"""Days in a hall as a plain model lives them under a policy, told as the hall's register tells them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.reception.forfeits.rules import Forfeit, suspension, those_that_suspend
from services.reception.history.rules import Entry
from services.reception.policy.rules import Order, Policy
from services.reception.rotation.rules import Arrival, Kind, Place, Role, next_served, to_the_tail
from services.reception.trials.rules_of_facts import Told
from tests.services.synthetic import NOW

ZONE = ZoneInfo("Asia/Shanghai")
PEOPLE = ("li", "wu", "zhao")
HALL = "hall"


@dataclass
class Visit:
    """A visitor in the hall."""

    key: str
    arrived_at: datetime
    kind: Kind
    original_id: str | None
    state: str = "waiting"
    server_id: str | None = None
    role: Role | None = None
    called_at: datetime | None = None
    called: frozenset[str] = frozenset()


@dataclass
class StepOut:
    """Somebody is out of the hall; without a limit who walked off."""

    key: str
    since: datetime
    until: datetime | None
    overstayed: bool = False


@dataclass
class Days:
    """What happens in a hall, step by step, with its register."""

    policy: Policy
    now: datetime = NOW
    order: list[str] = field(default_factory=list)
    on_duty: set[str] = field(default_factory=set)
    came: set[tuple[str, Any]] = field(default_factory=set)
    away: dict[str, StepOut] = field(default_factory=dict)
    forfeits: dict[str, list[Forfeit]] = field(default_factory=dict)
    suspended: dict[str, datetime] = field(default_factory=dict)
    visits: dict[str, Visit] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    assigned: list[tuple[str, str, Role]] = field(default_factory=list)
    numbers: int = 0

    def open(self) -> "Days":
        for one in PEOPLE:
            self._move("joined", one)
        return self

    def lasts(self, seconds: float) -> None:
        """Time passes; who is not greeted or not back in time, or no longer suspended, is seen at that moment."""
        until = self.now + timedelta(seconds=seconds)
        while due := sorted(one for one in self._due() if one <= until):
            self.now = due[0]
            self._look()
        self.now = until

    def _due(self) -> list[datetime]:
        limit, second = timedelta(seconds=self.policy.greet_within + 1), timedelta(seconds=1)
        out = [one.until + second for one in self.away.values() if one.until and not one.overstayed]
        called = [one.called_at + limit for one in self._of("assigned") if one.called_at]
        return [*called, *out, *self.suspended.values()]

    def _look(self) -> None:
        limit = timedelta(seconds=self.policy.greet_within + 1)
        for name in list(self.away):
            self._overstay(name)
        self._pass_on([one for one in self._of("assigned") if one.called_at and one.called_at + limit <= self.now])
        self.suspended = {name: ends for name, ends in self.suspended.items() if ends > self.now}
        self._serve()

    def step_out(self, name: str, reason: str) -> None:
        """With a stand-in, or granted: nobody forfeits."""
        if self._is_free(name):
            until = self.now + timedelta(seconds=self.policy.out_for[reason])
            self._leave(name, self._number("step-out"), until, reason=reason)

    def walk_off(self, name: str) -> None:
        """A colleague says so of somebody who was free, or called."""
        called = [one for one in self._of("assigned") if one.server_id == name and one.role is Role.A]
        if called or self._is_free(name):
            key = self._number("step-out")
            self._move("forfeit", name, step_out_id=key)
            forfeit_id = self._forfeit(name, "walked_off", f"step_out/{key}")
            self._leave(name, key, None, forfeit_id=forfeit_id)
            for one in called:
                self._waits_again(one)
            self._serve()

    def come_back(self, name: str) -> None:
        if name in self.away:
            self._overstay(name)
            self._end(name)
            self._serve()

    def clock_in(self, name: str, late: int) -> None:
        if name in self.on_duty:
            return
        day = self.now.astimezone(ZONE).date()
        self.numbers += 1
        shift = self.now - timedelta(seconds=late)
        late_by = max(late - self.policy.grace, 0)
        body = {
            "attendance_id": f"attendance-{self.numbers}",
            "staff_id": name,
            "local_day": day.isoformat(),
            "shift_starts_at": shift.isoformat(),
            "clocked_in_at": self.now.isoformat(),
            "late_by": late_by,
        }
        self._tell("attendance.clocked_in", body)
        self.on_duty.add(name)
        first = (name, day) not in self.came
        self.came.add((name, day))
        if late_by and self.policy.late_to_the_tail:
            self._move("late", name)
        elif self.policy.order is Order.CLOCK_IN and first:
            self._move("clocked_in", name)
        self._serve()

    def clock_out(self, name: str) -> None:
        if name in self.on_duty:
            self._tell("attendance.clocked_out", {"staff_id": name})
            self.on_duty.discard(name)
            if name in self.away:
                self._overstay(name)
                self._end(name)

    def visit(self, original_id: str | None) -> None:
        self.numbers += 1
        kind = Kind.RETURNING if original_id else Kind.FIRST_VISIT
        one = Visit(f"visit-{self.numbers:04}", self.now, kind, original_id)
        self.visits[one.key] = one
        self._say("opened", one)
        self._serve()

    def greet(self, number: int) -> None:
        for one in self._chosen(number, "assigned"):
            one.state = "greeted"
            self._say("greeted", one)

    def complete(self, number: int) -> None:
        for one in self._chosen(number, "assigned", "greeted"):
            used = one.role in (Role.A, Role.WHOLE_VISIT)
            if used and one.server_id:
                self._move("turn_used", one.server_id)
            one.state = "completed"
            self._say("completed", one, "used" if used else "kept")
            self._serve()

    def night(self) -> None:
        """Everybody finishes and goes home; in the morning they come back in another order."""
        while self._of("assigned", "greeted"):
            self.complete(0)
        for name in PEOPLE:
            self.clock_out(name)
        self.lasts(15 * 3600.0)
        for name in reversed(PEOPLE):
            self.clock_in(name, 0)

    def _pass_on(self, late: list[Visit]) -> None:
        for one in late:
            assert one.server_id
            if one.role not in (Role.ORIGINAL, Role.DELEGATE):
                self._move("not_greeted", one.server_id)
                if self.policy.not_greeted_counts_as_forfeit:
                    self._forfeit(one.server_id, "not_greeted", f"reception/{one.key}")
            self._waits_again(one)
        self._serve()

    def _waits_again(self, one: Visit) -> None:
        assert one.server_id
        one.called |= {one.server_id}
        one.state, one.server_id, one.role = "waiting", None, None
        self._say("passed_on", one)

    def _overstay(self, name: str) -> None:
        one = self.away[name]
        if one.until is None or one.overstayed or self.now < one.until + timedelta(seconds=1):
            return
        one.overstayed = True
        self._move("overstayed", name, step_out_id=one.key)
        if self.policy.overstaying_counts_as_forfeit:
            self._forfeit(name, "overstayed", f"step_out/{one.key}")
        self._say_out("overstayed", name)

    def _leave(self, name: str, key: str, until: datetime | None, **said: Any) -> None:
        self.away[name] = StepOut(key, self.now, until)
        self._say_out("left", name, **said)

    def _end(self, name: str) -> None:
        self._say_out("ended", name, ended_at=self.now.isoformat())
        del self.away[name]

    def _forfeit(self, name: str, cause: str, evidence: str) -> str:
        key = self._number("forfeit")
        self._tell("forfeit.recorded", {"forfeit_id": key, "staff_id": name, "cause": cause, "evidence": evidence})
        counted = self.forfeits.setdefault(name, [])
        counted.append(Forfeit(key, self.now))
        spent = those_that_suspend(counted, self.now, self.policy, ZONE)
        if spent and name not in self.suspended:
            self.suspended[name] = suspension(self.now, self.policy.suspended_for)[1]
            self.forfeits[name] = [one for one in counted if one not in spent]
        return key

    def _is_free(self, name: str) -> bool:
        serving = {one.server_id for one in self._of("assigned", "greeted")}
        return name in self.on_duty - self.away.keys() - self.suspended.keys() - serving

    def _serve(self) -> None:
        while True:
            serving = {one.server_id for one in self.visits.values() if one.server_id}
            line = [
                Place(one, one in self.on_duty, one in serving, one in self.away, one in self.suspended)
                for one in self.order
            ]
            waiting = [(one.key, Arrival(one.kind, one.original_id, None, one.called)) for one in self._of("waiting")]
            served = next_served(line, waiting, self.policy.version)
            if served is None:
                return
            one = self.visits[served[0]]
            one.state, one.server_id, one.role = "assigned", served[1].server_id, served[1].role
            one.called_at = self.now
            self.assigned.append((one.key, one.server_id, one.role))
            self._say("assigned", one)

    def _of(self, *states: str) -> list[Visit]:
        found = [one for one in self.visits.values() if one.state in states]
        return sorted(found, key=lambda one: (one.arrived_at, one.key))

    def _chosen(self, number: int, *states: str) -> list[Visit]:
        found = self._of(*states)
        return [found[number % len(found)]] if found else []

    def _number(self, what: str) -> str:
        self.numbers += 1
        return f"{what}-{self.numbers}"

    def _move(self, cause: str, staff_id: str, **about: str) -> None:
        self._tell("line", {"cause": cause, "staff_id": staff_id, **about})
        self.order = [*self.order, staff_id] if cause == "joined" else to_the_tail(self.order, staff_id)

    def _say(self, what: str, one: Visit, turn: str | None = None) -> None:
        body = {
            "reception_id": one.key,
            "kind": one.kind.value,
            "state": one.state,
            "arrived_at": one.arrived_at.isoformat(),
            "assigned_at": one.called_at and one.called_at.isoformat(),
            "server_id": one.server_id,
            "role": one.role and one.role.value,
            "original_id": one.original_id,
            "turn": turn,
            "trade": None,
            "closed_because": None,
        }
        self._tell(f"reception.{what}", body)
        if one.state == "completed":
            one.server_id = None

    def _say_out(self, what: str, name: str, **said: Any) -> None:
        one = self.away[name]
        until = one.until and one.until.isoformat()
        known = {"step_out_id": one.key, "staff_id": name, "since": one.since.isoformat(), "until": until}
        self._tell(f"step_out.{what}", {**known, "reason": "meal", "ended_at": None} | said)

    def _tell(self, kind: str, body: dict[str, Any]) -> None:
        self.told.append(Told(HALL, Entry(len(self.told) + 1, self.now, kind, body)))


_STEPS = st.one_of(
    st.tuples(st.just("lasts"), st.sampled_from([0.0, 0.5, 20.0, 45.0, 59.9, 61.0, 120.0])),
    st.tuples(st.just("clock_in"), st.sampled_from(PEOPLE), st.sampled_from([0, 1, 59, 60, 601, 1801])),
    st.tuples(st.just("clock_out"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("visit"), st.sampled_from([None, None, *PEOPLE])),
    st.tuples(st.just("greet"), st.integers(0, 3)),
    st.tuples(st.just("complete"), st.integers(0, 3)),
    st.tuples(st.just("night")),
    st.tuples(st.just("step_out"), st.sampled_from(PEOPLE), st.sampled_from(["meal", "washroom"])),
    st.tuples(st.just("walk_off"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("come_back"), st.sampled_from(PEOPLE)),
)


def lived(policy: Policy, steps: list[tuple[Any, ...]]) -> Days:
    """The days in which these steps were taken."""
    days = Days(policy).open()
    for name, *arguments in steps:
        getattr(days, name)(*arguments)
    return days


STEPS = st.lists(_STEPS, max_size=25)
EVERYBODY_CAME = [("clock_in", one, 0) for one in PEOPLE]
