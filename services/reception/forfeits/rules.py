"""Forfeits, and when they suspend (一.1).

Whole seconds decide, fractions dropped in the person's favour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.reception.policy.rules import Policy, Week

_SECOND = timedelta(seconds=1)
_ROLLING_WEEK = 7 * 24 * 3600


class ForfeitCause(StrEnum):
    """Why a turn was forfeited."""

    WALKED_OFF = "walked_off"
    OVERSTAYED = "overstayed"  # by policy only
    NOT_GREETED = "not_greeted"  # by policy only


@dataclass(frozen=True)
class GivenUp:
    """A turn that somebody forfeited: where, who, how, resting on what (the subject of an event)."""

    branch_id: str
    hall_id: str
    staff_id: str
    cause: ForfeitCause
    evidence: str


@dataclass(frozen=True)
class Forfeit:
    """One forfeit that still counts: neither excused nor spent."""

    forfeit_id: str
    at: datetime


class AlreadyExcused(Exception):
    """This forfeit has been excused before."""


def those_that_suspend(counted: Iterable[Forfeit], now: datetime, policy: Policy, zone: ZoneInfo) -> Sequence[Forfeit]:
    """The forfeits of the week, if there are more of them than are allowed (一.1); else none.

    The week is the last 7 × 24 hours, one exactly that old excluded; or, by policy, the calendar week of the branch.
    """
    inside = of_the_week(counted, now, policy, zone)
    return inside if len(inside) > policy.forfeits_allowed else ()


def of_the_week(counted: Iterable[Forfeit], now: datetime, policy: Policy, zone: ZoneInfo) -> Sequence[Forfeit]:
    """Those that count now."""
    return [one for one in counted if _is_of_the_week(one.at, now, policy, zone)]


def suspension(begins: datetime, lasts: int) -> tuple[datetime, datetime]:
    """From when until when, for so many seconds; it ends with the beginning of its last second."""
    return begins, begins.replace(microsecond=0) + timedelta(seconds=lasts)


def _is_of_the_week(at: datetime, now: datetime, policy: Policy, zone: ZoneInfo) -> bool:
    if policy.forfeit_week is Week.CALENDAR:
        return _monday(at, zone) == _monday(now, zone)
    seconds_old = -((at - now) // _SECOND)  # a second that has begun counts as over: the older, the better for them
    return seconds_old < _ROLLING_WEEK


def _monday(at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The calendar week at the branch, as year and number."""
    return at.astimezone(zone).isocalendar()[:2]
