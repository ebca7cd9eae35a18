"""The facts announced of people who step out; part of the catalogue in `services/reception/events.py`."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class _StepOut(Fact):
    step_out_id: str
    branch_id: str
    hall_id: str
    staff_id: str
    reason: str | None
    state: str
    asked_at: dt.datetime
    stand_in_id: str | None
    granted_by: str | None
    since: dt.datetime | None
    until: dt.datetime | None
    ended_at: dt.datetime | None
    forfeit_id: str | None


@dataclass(frozen=True)
class StepOutAsked(_StepOut):
    """A or B wants to step out and waits for somebody who takes the place (顺位代替), or for a supervisor's leave."""

    TYPE: ClassVar[str] = "step_out.asked.v1"


@dataclass(frozen=True)
class StepOutLeft(_StepOut):
    """Somebody stepped out of the hall.

    `until` is the limit by policy; None, with `forfeit_id`, for who walked off without a stand-in.
    """

    TYPE: ClassVar[str] = "step_out.left.v1"


@dataclass(frozen=True)
class StepOutOverstayed(_StepOut):
    """Somebody was not back in time and lost the place in the line, once; they are still away (the product's own)."""

    TYPE: ClassVar[str] = "step_out.overstayed.v1"


@dataclass(frozen=True)
class StepOutEnded(_StepOut):
    """Somebody who had stepped out is back, or went off duty."""

    TYPE: ClassVar[str] = "step_out.ended.v1"


@dataclass(frozen=True)
class StepOutCancelled(_StepOut):
    """Whoever had asked to step out stays, or went off duty before leaving."""

    TYPE: ClassVar[str] = "step_out.cancelled.v1"


@dataclass(frozen=True)
class MaterialsConfirmed(Fact):
    """A says that the materials are ready (资料准备好)."""

    TYPE: ClassVar[str] = "materials.confirmed.v1"

    confirmation_id: str
    branch_id: str
    hall_id: str
    staff_id: str
    at: dt.datetime


FACTS = (StepOutAsked, StepOutLeft, StepOutOverstayed, StepOutEnded, StepOutCancelled, MaterialsConfirmed)
