"""The facts announced of forfeits and suspensions; part of the catalogue in `services/reception/events.py`."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class _Forfeit(Fact):
    forfeit_id: str
    branch_id: str
    hall_id: str
    staff_id: str
    cause: str
    at: dt.datetime
    evidence: str
    recorded_by: str
    excused_by: str | None
    excused_at: dt.datetime | None
    reason: str | None


@dataclass(frozen=True)
class ForfeitRecorded(_Forfeit):
    """Somebody gave a turn up (自动放弃). `evidence` is the subject of the event that shows it."""

    TYPE: ClassVar[str] = "forfeit.recorded.v1"


@dataclass(frozen=True)
class ForfeitExcused(_Forfeit):
    """A supervisor excused a forfeit, for a `reason`: it counts no longer; the place in the line is not given back."""

    TYPE: ClassVar[str] = "forfeit.excused.v1"


@dataclass(frozen=True)
class _Suspension(Fact):
    suspension_id: str
    branch_id: str
    staff_id: str
    forfeits: list[str]
    ordered_at: dt.datetime
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    ended_at: dt.datetime | None
    ended_by: str | None


@dataclass(frozen=True)
class SuspensionOrdered(_Suspension):
    """Somebody forfeited more turns in a week than are allowed (一.1); `forfeits` are spent by it."""

    TYPE: ClassVar[str] = "suspension.ordered.v1"


@dataclass(frozen=True)
class SuspensionBegan(_Suspension):
    """From now on the person receives nobody: ordered, and no reception of theirs is in progress."""

    TYPE: ClassVar[str] = "suspension.began.v1"


@dataclass(frozen=True)
class SuspensionEnded(_Suspension):
    """The time is over, or one of the forfeits was excused and `forfeits` count again, as far as they are of the week.

    `starts_at` is None for one that never began.
    """

    TYPE: ClassVar[str] = "suspension.ended.v1"


FACTS = (ForfeitRecorded, ForfeitExcused, SuspensionOrdered, SuspensionBegan, SuspensionEnded)
