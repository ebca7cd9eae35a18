"""Who is to be at work when: the week's pattern, the days that differ from it, and the days a hall is closed.

Hours are minutes of the branch's wall clock; shifts are instants. Where clocks change and an hour is there twice or not
at all, the later instant holds: in the person's favour.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = 24 * 60
EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The `since` of what stood in the roster before that was noted."""

Hours = tuple[int, int]
"""The first minute of a shift and its end, from midnight: one that ends by its start runs into the next day."""


@dataclass(frozen=True)
class Shift:
    """A weekly shift. `weekday` is ISO's, 1 to 7; 24:00 is 1440. `since`: from when on it stands in the roster."""

    staff_id: str
    weekday: int
    starts: int
    ends: int
    since: datetime = EVER


@dataclass(frozen=True)
class DayPlan:
    """What holds for somebody on one day: these hours, none (a day off), or None: as the week has it."""

    hours: tuple[Hours, ...] | None
    since: datetime = EVER


@dataclass(frozen=True)
class Roster:
    """A hall's roster. `days` is keyed by person and day; on a closed day nobody is rostered.

    `opened`: from when on a day that was closed is open again.
    """

    week: Sequence[Shift]
    days: Mapping[tuple[str, date], DayPlan] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    opened: Mapping[date, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class OnShift:
    """Somebody's shift of a day: UTC instants, the end excluded. `since`: from when on it stood in the roster."""

    staff_id: str
    day: date
    starts_at: datetime
    ends_at: datetime
    since: datetime = EVER

    @property
    def binds(self) -> bool:
        """Whether it was known before it began: nobody is late for, or missed, what was rostered afterwards."""
        return self.since <= self.starts_at


class NotRostered(Exception):
    """No shift of this person is running now, nor about to begin."""


class HallIsClosed(Exception):
    """The hall is closed on this day: nobody is rostered."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


class BadTime(Exception):
    """A time of the roster is none: it reads HH:MM, from 00:00 to 24:00."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class BadDay(Exception):
    """A day is none: it reads YYYY-MM-DD."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class HoursOverlap(Exception):
    """Two shifts of one person on one day overlap."""


class DayIsOver(Exception):
    """What was rostered for a day that is over stays so: what came of it is decided by leave or by waiving."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


def minutes(text: str) -> int:
    """`08:30` as minutes from midnight; 24:00 is the day's end. Raises BadTime."""
    if text == "24:00":
        return _DAY
    try:
        read = time.fromisoformat(text)
    except ValueError as error:
        raise BadTime(text) from error
    if len(text) != 5:
        raise BadTime(text)
    return read.hour * 60 + read.minute


def hours(starts: str, ends: str) -> Hours:
    """A shift's first minute and its end; raises BadTime. A day starts at 00:00: 24:00 is the end of one."""
    if starts == "24:00":
        raise BadTime(starts)
    return minutes(starts), minutes(ends)


def day_named(text: str) -> date:
    """`2026-03-02` as a day; raises BadDay."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadDay(text) from error
    if str(day) != text:
        raise BadDay(text)
    return day


def clock(minute: int) -> str:
    """Minutes from midnight as `08:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def of_one_day(shifts: Sequence[Hours]) -> tuple[Hours, ...]:
    """Somebody's shifts of a day in their order; raises HoursOverlap."""
    ordered = sorted(shifts)
    spans = [(starts, _end(starts, ends)) for starts, ends in ordered]
    if any(end > later for (_, end), (later, _) in zip(spans, spans[1:], strict=False)):
        raise HoursOverlap
    return tuple(ordered)


def planned(roster: Roster, staff_id: str, day: date) -> tuple[Hours, ...]:
    """Somebody's hours of a day, whether or not the hall is closed."""
    plan = roster.days.get((staff_id, day))
    if plan is not None and plan.hours is not None:
        return plan.hours
    return tuple(sorted((one.starts, one.ends) for one in _of_week(roster, day) if one.staff_id == staff_id))


def since_of(roster: Roster, staff_id: str, day: date) -> datetime:
    """From when on what the week says of somebody's day has held."""
    plan = roster.days.get((staff_id, day), DayPlan(None))
    return max([plan.since, *(one.since for one in _of_week(roster, day) if one.staff_id == staff_id)])


def shifts_on(roster: Roster, day: date, zone: ZoneInfo) -> list[OnShift]:
    """Everybody's shifts of a day, in the order in which they begin."""
    if day in roster.closed:
        return []
    opened = roster.opened.get(day, EVER)
    found = [*_shifts_of_week(roster, day, zone), *_shifts_of_plans(roster, day, zone)]
    known = [replace(shift, since=max(shift.since, opened)) for shift in found]
    return sorted(known, key=lambda shift: (shift.starts_at, shift.staff_id))


def shift_at(roster: Roster, staff_id: str, now: datetime, zone: ZoneInfo, ahead: int) -> OnShift:
    """The shift that runs now, the one that began last; else the next one, if it begins within `ahead` seconds.

    Raises NotRostered or HallIsClosed.
    """
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=by) for by in (-1, 0, 1)]
    mine = [shift for day in days for shift in shifts_on(roster, day, zone) if shift.staff_id == staff_id]
    running = [shift for shift in mine if shift.starts_at <= now < shift.ends_at]
    coming = [shift for shift in mine if now < shift.starts_at <= now + timedelta(seconds=ahead)]
    found = [*sorted(running, key=lambda shift: shift.starts_at, reverse=True), *coming]
    if not found:
        raise HallIsClosed(today) if today in roster.closed else NotRostered
    return found[0]


def swapped(
    own: tuple[Sequence[Hours], Sequence[Hours]], other: tuple[Sequence[Hours], Sequence[Hours]], *, same_day: bool
) -> tuple[tuple[tuple[Hours, ...], ...], tuple[tuple[Hours, ...], ...]]:
    """The hours of two people on two days after they swapped: one's shift of the first for the other's of the second.

    `own` and `other` are each one's hours of the first and second day; on one day they simply change. Raises
    HoursOverlap where somebody would work two shifts at once.
    """
    if same_day:
        mine, theirs = tuple(other[0]), tuple(own[0])
        return (mine, mine), (theirs, theirs)
    first, second = of_one_day([*own[0], *other[0]]), of_one_day([*own[1], *other[1]])
    return ((), second), (first, ())


def check_not_over(day: date, today: date) -> None:
    """Raises DayIsOver."""
    if day < today:
        raise DayIsOver(day)


def _of_week(roster: Roster, day: date) -> Iterator[Shift]:
    return (shift for shift in roster.week if shift.weekday == day.isoweekday())


def _shifts_of_week(roster: Roster, day: date, zone: ZoneInfo) -> Iterator[OnShift]:
    for shift in _of_week(roster, day):
        plan = roster.days.get((shift.staff_id, day), DayPlan(None))
        if plan.hours is None:
            yield _on(shift.staff_id, day, (shift.starts, shift.ends), zone, max(shift.since, plan.since))


def _shifts_of_plans(roster: Roster, day: date, zone: ZoneInfo) -> Iterator[OnShift]:
    for (staff_id, planned_day), plan in roster.days.items():
        if planned_day == day:
            yield from (_on(staff_id, day, hours, zone, plan.since) for hours in plan.hours or ())


def _on(staff_id: str, day: date, hours: Hours, zone: ZoneInfo, since: datetime) -> OnShift:
    starts, ends = hours
    return OnShift(staff_id, day, _instant(day, starts, zone), _instant(day, _end(starts, ends), zone), since)


def _end(starts: int, ends: int) -> int:
    return ends if ends > starts else ends + _DAY


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
