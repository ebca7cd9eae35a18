"""The facts that follow-ups announces."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class Said:
    """What was said: it may identify a person, so it is erased with them."""

    said: str


@dataclass(frozen=True)
class FollowupRecorded(Fact):
    """A follow-up was recorded: by a completed reception, a row of an imported sheet, or a person.

    `origin_key` is what it came from (the reception's id, the row's key), None for a person. Days are the branch's
    local ones. `progress` is 0 to 100; `result` is 成交, 未成交 or None while open. `salesperson_name` is a name that
    is known as text only. `effective` is False for an attempt that reached nobody.
    """

    TYPE: ClassVar[str] = "followup.recorded.v1"

    followup_id: str
    branch_id: str
    customer_id: str | None
    date: dt.date | None
    method: str | None
    progress: int | None
    intent: str | None
    result: str | None
    deal_date: dt.date | None
    next_contact: dt.date | None
    effective: bool
    salesperson_id: str | None
    salesperson_name: str | None
    origin: str
    origin_key: str | None
    row_number: int | None
    personal: Said | None


@dataclass(frozen=True)
class FollowupPlanChanged(Fact):
    """The next due day of a customer, the contact it follows from, or whose customer it is has changed.

    `next_due` is None when nothing is due: no contact yet, the customer was merged into another, or is inactive.
    """

    TYPE: ClassVar[str] = "followup_plan.changed.v1"

    customer_id: str
    branch_id: str
    grade: str | None
    next_due: dt.date | None
    last_contact: dt.date | None
    owner_id: str | None
