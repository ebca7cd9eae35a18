"""Who is to be at work when: the weekly roster, in the branch's local time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

_DAY = 24 * 60


@dataclass(frozen=True)
class Shift:
    """A weekly shift. `weekday` is ISO's, 1 to 7; minutes count from midnight; one that ends by its start runs over
    midnight into the next day, and 24:00 is 1440.
    """

    staff_id: str
    weekday: int
    starts: int
    ends: int

    @property
    def lasts(self) -> int:
        """Minutes."""
        return (self.ends - self.starts - 1) % _DAY + 1


@dataclass(frozen=True)
class OnShift:
    """The shift that is running: the day it belongs to, and the moment at which it began."""

    day: date
    starts_at: datetime


class NotRostered(Exception):
    """No shift of this person is running now."""


class AlreadyOnDuty(Exception):
    """This person is on duty already."""


class NotOnDuty(Exception):
    """This person is not on duty here."""


class StillServing(Exception):
    """This person still serves in another hall, and finishes there first."""


class BadTime(Exception):
    """A time of the roster is none: it reads HH:MM, from 00:00 to 24:00."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


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


def hours(starts: str, ends: str) -> tuple[int, int]:
    """A shift's first minute and its end; raises BadTime. A day starts at 00:00: 24:00 is the end of one."""
    if starts == "24:00":
        raise BadTime(starts)
    return minutes(starts), minutes(ends)


def clock(minute: int) -> str:
    """Minutes from midnight as `08:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def running(shifts: Iterable[Shift], now: datetime) -> OnShift:
    """The shift that runs at `now`, local time of the branch, the one that began last; raises NotRostered."""
    found = [on for shift in shifts for on in _occurrences(shift, now) if on is not None]
    if not found:
        raise NotRostered
    return max(found, key=lambda on: on.starts_at)


def _occurrences(shift: Shift, now: datetime) -> Iterable[OnShift | None]:
    for day in (now.date(), now.date() - timedelta(days=1)):
        if day.isoweekday() == shift.weekday:
            yield _at(shift, day, now)


def _at(shift: Shift, day: date, now: datetime) -> OnShift | None:
    starts_at = datetime.combine(day, time(), now.tzinfo) + timedelta(minutes=shift.starts)
    if starts_at <= now < starts_at + timedelta(minutes=shift.lasts):
        return OnShift(day, starts_at)
    return None
