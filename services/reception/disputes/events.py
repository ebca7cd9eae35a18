"""The facts announced of disputes; part of the catalogue in `services/reception/events.py`."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class _Dispute(Fact):
    dispute_id: str
    branch_id: str
    reporter_id: str
    other_id: str
    reception_id: str | None
    customer_id: str | None
    reported_at: dt.datetime
    decided_by: str | None
    decided_at: dt.datetime | None


@dataclass(frozen=True)
class DisputeReported(_Dispute):
    """A conflict with a colleague (同事冲突) was reported to who leads on site (一.2); what was said stays there."""

    TYPE: ClassVar[str] = "dispute.reported.v1"


@dataclass(frozen=True)
class DisputeDecided(_Dispute):
    """Who leads on site settled a dispute; nobody is penalised by it."""

    TYPE: ClassVar[str] = "dispute.decided.v1"


FACTS = (DisputeReported, DisputeDecided)
