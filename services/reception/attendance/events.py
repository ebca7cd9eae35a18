"""The facts announced of attendance, absences and leave; part of the catalogue in `services/reception/events.py`."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class _Attendance(Fact):
    attendance_id: str
    staff_id: str
    hall_id: str
    branch_id: str
    local_day: dt.date
    shift_starts_at: dt.datetime
    clocked_in_at: dt.datetime
    clocked_out_at: dt.datetime | None
    late_by: int


@dataclass(frozen=True)
class ClockedIn(_Attendance):
    """A salesperson came on duty in a hall; `local_day` is the day of the shift at the branch.

    `late_by`: whole seconds past the shift's start and grace that no leave covers; 0 after a shift's first clock-in.
    """

    TYPE: ClassVar[str] = "attendance.clocked_in.v1"


@dataclass(frozen=True)
class ClockedOut(_Attendance):
    """A salesperson went off duty; whoever serves at that moment finishes."""

    TYPE: ClassVar[str] = "attendance.clocked_out.v1"


@dataclass(frozen=True)
class LatenessChanged(_Attendance):
    """Leave was approved later, or the hall was closed that day: this lateness holds now."""

    TYPE: ClassVar[str] = "attendance.lateness_changed.v1"


@dataclass(frozen=True)
class _Absence(Fact):
    absence_id: str
    staff_id: str
    hall_id: str
    branch_id: str
    local_day: dt.date
    shift_starts_at: dt.datetime
    shift_ends_at: dt.datetime


@dataclass(frozen=True)
class AbsenceFound(_Absence):
    """A shift is over and its salesperson never came, without leave (二.1, 旷工)."""

    TYPE: ClassVar[str] = "absence.found.v1"


@dataclass(frozen=True)
class AbsenceCancelled(_Absence):
    """Leave was approved later, or the hall was closed that day: it does not count as an absence."""

    TYPE: ClassVar[str] = "absence.cancelled.v1"


@dataclass(frozen=True)
class _Leave(Fact):
    leave_id: str
    staff_id: str
    branch_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: str
    decided_by: str | None
    decided_at: dt.datetime | None


@dataclass(frozen=True)
class LeaveAsked(_Leave):
    """A salesperson asks for leave. Why is theirs and is not announced."""

    TYPE: ClassVar[str] = "leave.asked.v1"


@dataclass(frozen=True)
class LeaveDecided(_Leave):
    """Leave was approved or refused (`state`) by somebody who leads."""

    TYPE: ClassVar[str] = "leave.decided.v1"


FACTS = (ClockedIn, ClockedOut, LatenessChanged, AbsenceFound, AbsenceCancelled, LeaveAsked, LeaveDecided)
