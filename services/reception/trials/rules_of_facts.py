"""What the registers of a branch's halls tell of some days, before anything is decided about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.reception.delegations.rules import Delegation
from services.reception.forfeits.rules import ForfeitCause
from services.reception.history.rules import Entry
from services.reception.policy.rules import Cause, Policy
from services.reception.rotation.rules import RECEIVE_THEIR_OWN, Moved

PolicyOn = Callable[[date], Policy]
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Told:
    """An entry of one hall's register."""

    hall_id: str
    entry: Entry


@dataclass(frozen=True)
class Surroundings:
    """What the registers of halls do not tell: the zone, delegations, and of receptions whose customer it was.

    `by_phone_alone`: receptions of customers who had been registered and never received.
    """

    zone: ZoneInfo
    delegations: tuple[Delegation, ...] = ()
    customers: Mapping[str, str] = field(default_factory=dict)
    by_phone_alone: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Call:
    """Somebody was called for a visitor, the `number`th who was, and so long it took until something came of it.

    `was_passed_on`: nobody greeted in time; `came_late`: in the moment in which they came.
    """

    reception_id: str
    number: int
    hall_id: str
    day: date
    at: datetime
    until: datetime
    was_passed_on: bool
    came_late: bool = False

    @property
    def waited(self) -> int:
        """Whole seconds, fractions dropped in the person's favour."""
        return (self.until - self.at) // _SECOND


@dataclass(frozen=True)
class Out:
    """Somebody stepped out for a reason, with a limit. `ended_at`: when they were back, or what is told ends."""

    step_out_id: str
    hall_id: str
    staff_id: str
    reason: str
    since: datetime
    ended_at: datetime

    def over_at(self, policy: Policy) -> datetime | None:
        """When they had overstayed, whole seconds past the limit; None: they were back in time."""
        over = self.since + timedelta(seconds=policy.out_for[self.reason] + 1)
        return over if over <= self.ended_at else None


@dataclass(frozen=True)
class Came:
    """A clock-in, and how many whole seconds past the shift's start it was that no leave covers."""

    attendance_id: str
    staff_id: str
    day: date
    seconds: int


@dataclass(frozen=True)
class Seen:
    """Something that costs what the policy says, whoever saw it: an absence, a quarrel."""

    staff_id: str
    cause: Cause
    evidence: str
    day: date


@dataclass(frozen=True)
class Facts:
    """`outs`: who stepped out, by the step-out's id, but for overstays that were undone. `walked_off`: who did, when.
    `excused`: the forfeits that a supervisor excused, by person and evidence. `ends`: up to when is told.
    """

    ends: datetime
    calls: tuple[Call, ...] = ()
    outs: Mapping[str, Out] = field(default_factory=dict)
    walked_off: frozenset[tuple[str, datetime]] = frozenset()
    came: Mapping[str, Came] = field(default_factory=dict)
    seen: tuple[Seen, ...] = ()
    excused: frozenset[tuple[str, str]] = frozenset()


def facts_of(
    before: Iterable[Told],
    told: Iterable[Told],
    held: PolicyOn,
    zone: ZoneInfo,
    ends: datetime,
    seen: Iterable[Seen] = (),
) -> Facts:
    """What the entries tell, up to the moment `ends`, by what held when they were written; `seen` is what people saw
    besides.
    """
    entries = list(told)
    everything = [*before, *entries]
    return Facts(
        ends,
        tuple(_calls(everything, zone)),
        _outs(everything, ends),
        _walked_off(one.entry for one in entries),
        _came([one.entry for one in entries], held),
        (*_absences(one.entry for one in entries), *seen),
        frozenset(_excused(one.entry for one in entries)),
    )


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The local day."""
    return moment.astimezone(zone).date()


def is_passed_on(call: Call, held: Policy, tried: Policy) -> bool | None:
    """Whether a visitor would have been passed on: None where that was done before the time tried was over, and nobody
    knows whether somebody would have come. A tap that came too late is evidence that they did.
    """
    if tried.greet_within == held.greet_within:
        return call.was_passed_on
    if call.waited > tried.greet_within:
        return True
    return None if call.was_passed_on and not call.came_late else False


def is_limited_anew(out: Out, held: Policy, tried: Policy) -> bool:
    """Whether the policy tried has another limit for the reason. One that it does not know is left as it happened."""
    limit = tried.out_for.get(out.reason)
    return limit is not None and limit != held.out_for.get(out.reason)


def _calls(told: Iterable[Told], zone: ZoneInfo) -> Iterable[Call]:
    told = list(told)
    late = {(one.entry.subject, one.entry.at) for one in told if one.entry.kind == "reception.greeted_late"}
    walked_off = _walked_off(one.entry for one in told)
    running: dict[str, tuple[datetime, str]] = {}
    numbers: dict[str, int] = {}
    for one in told:
        entry = one.entry
        if not entry.tells_of_a_reception:
            continue
        key = entry.body["reception_id"]
        if key in running and entry.kind != "reception.changed":
            at, server_id = running.pop(key)
            passed_on = entry.kind == "reception.passed_on" and (server_id, entry.at) not in walked_off
            came_late = passed_on and (f"reception/{key}", entry.at) in late
            yield Call(key, numbers[key], one.hall_id, day_of(at, zone), at, entry.at, passed_on, came_late)
        if entry.body["state"] in ("assigned", "greeted") and key not in numbers or entry.kind == "reception.assigned":
            numbers[key] = numbers.get(key, 0) + 1
        if entry.body["state"] == "assigned":
            running[key] = _called_at(entry, running.get(key)), entry.body["server_id"]


def _called_at(entry: Entry, before: tuple[datetime, str] | None) -> datetime:
    """The clock runs from the assignment, and anew for who takes over."""
    if entry.kind == "reception.assigned":
        return datetime.fromisoformat(entry.body["assigned_at"])
    return entry.at if before is None or entry.body["role"] in RECEIVE_THEIR_OWN else before[0]


def _outs(told: Iterable[Told], ends: datetime) -> dict[str, Out]:
    told = list(told)
    undone = _overstays_undone(told)
    found: dict[str, Out] = {}
    for one in told:
        body = one.entry.body
        if one.entry.kind.startswith("step_out.") and body["until"] is not None and body["step_out_id"] not in undone:
            ended_at = datetime.fromisoformat(body["ended_at"]) if body["ended_at"] else ends
            since, key = datetime.fromisoformat(body["since"]), body["step_out_id"]
            found[key] = Out(key, one.hall_id, body["staff_id"], body["reason"], since, ended_at)
    return found


def _overstays_undone(told: Iterable[Told]) -> set[str]:
    lines = [(one.hall_id, one.entry) for one in told if one.entry.kind == "line"]
    voided = {(hall_id, entry.body.get("voids")) for hall_id, entry in lines}
    overstays = [(hall_id, one) for hall_id, one in lines if one.body["cause"] == Moved.OVERSTAYED]
    return {one.body["step_out_id"] for hall_id, one in overstays if (hall_id, one.n) in voided}


def _walked_off(entries: Iterable[Entry]) -> frozenset[tuple[str, datetime]]:
    recorded = [one for one in entries if one.kind == "forfeit.recorded"]
    return frozenset((one.body["staff_id"], one.at) for one in recorded if one.body["cause"] == ForfeitCause.WALKED_OFF)


def _came(entries: Iterable[Entry], held: PolicyOn) -> dict[str, Came]:
    found: dict[str, Came] = {}
    first: set[tuple[str, str]] = set()
    for entry in entries:
        if entry.kind not in ("attendance.clocked_in", "attendance.lateness_changed"):
            continue
        body, shift = entry.body, (entry.body["staff_id"], entry.body["shift_starts_at"])
        is_first = shift not in first or body["attendance_id"] in found
        first.add(shift)
        day = date.fromisoformat(body["local_day"])
        seconds = _seconds_late(body, held(day).grace) if is_first else 0
        found[body["attendance_id"]] = Came(body["attendance_id"], body["staff_id"], day, seconds)
    return found


def _seconds_late(body: Mapping[str, Any], grace: int) -> int:
    """Past the shift's start, leave taken off. Where the register says 0, what is more than the grace was leave."""
    came, starts = (datetime.fromisoformat(body[name]) for name in ("clocked_in_at", "shift_starts_at"))
    seconds, late_by = max((came - starts) // _SECOND, 0), body.get("late_by")
    if late_by:
        return int(late_by) + grace
    return seconds if late_by is None or seconds <= grace else 0


def _absences(entries: Iterable[Entry]) -> Iterable[Seen]:
    found: dict[str, Seen] = {}
    for entry in entries:
        if entry.kind == "absence.found":
            key, day = entry.body["absence_id"], date.fromisoformat(entry.body["local_day"])
            found[key] = Seen(entry.body["staff_id"], Cause.ABSENT, f"absence/{key}", day)
        elif entry.kind == "absence.cancelled":
            found.pop(entry.body["absence_id"], None)
    return found.values()


def _excused(entries: Iterable[Entry]) -> Iterable[tuple[str, str]]:
    for entry in entries:
        if entry.kind == "forfeit.excused":
            walked_off = entry.body["cause"] == ForfeitCause.WALKED_OFF
            evidence = f"forfeit/{entry.body['forfeit_id']}" if walked_off else entry.body["evidence"]
            yield entry.body["staff_id"], evidence
