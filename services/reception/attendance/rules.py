"""Lateness, absence and leave (二.1). Whole seconds decide, fractions dropped in the person's favour."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.reception.policy.rules import Amount, Cause, Policy, cost_of_lateness
from services.reception.rosters.rules import OnShift

LONGEST_LEAVE = timedelta(days=366)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Span:
    """From an instant to another, the end excluded: leave, or a time on duty."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Lateness:
    """How late somebody is, in whole seconds past the shift's start and the policy's grace, and what that costs."""

    seconds: int
    cause: Cause | None = None
    amount: Amount | None = None


ON_TIME = Lateness(0)


class LeaveState(StrEnum):
    """Where a wish for leave stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


class AbsenceState(StrEnum):
    """Whether somebody counts as absent."""

    FOUND = "found"
    CANCELLED = "cancelled"  # by leave, or because the hall was closed


class Came(StrEnum):
    """What became of a shift."""

    ON_TIME = "on_time"
    LATE = "late"
    ABSENT = "absent"
    ON_LEAVE = "on_leave"
    EXPECTED = "expected"
    NOT_COUNTED = "not_counted"  # over, without a clock-in, and nothing to be said of it


class AlreadyOnDuty(Exception):
    """This person is on duty already."""


class NotOnDuty(Exception):
    """This person is not on duty here."""


class StillServing(Exception):
    """This person still serves in another hall, and finishes there first."""


class LeaveOfNoTime(Exception):
    """Leave ends after it begins, and lasts a year at most."""


class LeaveDecided(Exception):
    """This leave was decided already."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NotYourLeaveToDecide(Exception):
    """Leave is decided by a supervisor or the manager, and never one's own."""


def lateness(shift: OnShift, clocked_in_at: datetime, policy: Policy, leave: Iterable[Span] = ()) -> Lateness:
    """How late a shift's first clock-in is: leave within the time takes its part of it away."""
    if not shift.binds or clocked_in_at <= shift.starts_at:
        return ON_TIME
    return lateness_of(_without(shift.starts_at, clocked_in_at, leave) // _SECOND, policy)


def lateness_of(seconds: int, policy: Policy) -> Lateness:
    """What so many whole seconds past the shift's start are, leave taken off (二.1)."""
    past_grace = seconds - policy.grace
    return Lateness(past_grace, *cost_of_lateness(past_grace, policy)) if past_grace > 0 else ON_TIME


def is_first(shift: OnShift, earlier: Iterable[tuple[datetime, Span]]) -> bool:
    """Whether somebody who comes now comes for the first time in this shift.

    `earlier` are their times on duty, each with the start of the shift that it was for. Who was on duty when the shift
    began had come.
    """
    return not any(start == shift.starts_at or span.ends_at > shift.starts_at for start, span in earlier)


def is_absent(shift: OnShift, present: Iterable[Span], policy: Policy, leave: Iterable[Span] = ()) -> bool:
    """Whether somebody missed a shift that is over: it bound them, no leave covers it, and they were never there."""
    if not shift.binds or any(span.starts_at < shift.ends_at and span.ends_at > shift.starts_at for span in present):
        return False
    return _without(shift.starts_at, shift.ends_at, leave) // _SECOND > policy.grace


def what_became(
    shift: OnShift, late_by: int | None, leave: Sequence[Span], now: datetime, *, came: bool, absent: bool
) -> Came:
    """What became of a shift, as the manager's list says it; `late_by` in seconds."""
    if absent:
        return Came.ABSENT
    if came:
        return Came.LATE if late_by else Came.ON_TIME
    if not _without(shift.starts_at, shift.ends_at, leave):
        return Came.ON_LEAVE
    return Came.EXPECTED if now < shift.ends_at else Came.NOT_COUNTED


def check_leave(span: Span) -> None:
    """Raises LeaveOfNoTime."""
    if not timedelta() < span.ends_at - span.starts_at <= LONGEST_LEAVE:
        raise LeaveOfNoTime


def check_decides(actor_id: str, staff_id: str, state: LeaveState, *, leads: bool) -> None:
    """Raises NotYourLeaveToDecide or LeaveDecided."""
    if not leads or actor_id == staff_id:
        raise NotYourLeaveToDecide
    if state is not LeaveState.ASKED:
        raise LeaveDecided(state)


def _without(starts_at: datetime, ends_at: datetime, leave: Iterable[Span]) -> timedelta:
    """How much of the time no leave covers."""
    left, reached = timedelta(), starts_at
    for span in sorted(leave, key=lambda span: span.starts_at):
        left += max(min(span.starts_at, ends_at) - reached, timedelta())
        reached = max(reached, min(span.ends_at, ends_at))
    return left + max(ends_at - reached, timedelta())
