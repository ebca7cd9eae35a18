"""The facts that follow-ups announces."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class Said:
    """What was said, and whatever else is told in words of somebody's own: it is erased with the customer.

    `method`, `intent` and `result` stand here where they are not the usual words, and so does the name of a salesperson
    that is known as text only.
    """

    said: str | None
    method: str | None
    intent: str | None
    result: str | None
    salesperson_name: str | None


@dataclass(frozen=True)
class _Followup(Fact):
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
    amount: int | None
    personal: Said | None


@dataclass(frozen=True)
class FollowupRecorded(_Followup):
    """A follow-up was recorded: by a completed reception, a row of an imported sheet, or a person.

    `origin_key` is what it came from (the reception's id, the row's key), None for a person. Days are the branch's
    local ones. `progress` is 0 to 100; `result` is 成交, 未成交 or None while open. `amount` is cents, of a closed deal
    where it is known. `effective` is False for an attempt that reached nobody. `method` and `intent` are usual words
    (电话, 确定购买意向); what is said in others, and every `salesperson_name`, stands in `personal`.
    """

    TYPE: ClassVar[str] = "followup.recorded.v1"


@dataclass(frozen=True)
class FollowupCorrected(_Followup):
    """A correction of a follow-up's deal was signed: this is the follow-up as it stands, as in followup.recorded.v1."""

    TYPE: ClassVar[str] = "followup.corrected.v1"


@dataclass(frozen=True)
class FollowupErased(Fact):
    """The personal part of a follow-up is erased, with a customer who was there and whom the follow-up does not name.

    `sequence` is that of the record: all else stands as it was told. Of the customer's own follow-ups it is said by
    customer.erased.v1.
    """

    TYPE: ClassVar[str] = "followup.erased.v1"

    followup_id: str
    branch_id: str


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


@dataclass(frozen=True)
class CreditShare:
    """A part of a deal: `parts` of 10,000, and whole cents where the deal has an amount. None: nobody is known."""

    staff_id: str | None
    parts: int
    cents: int | None


@dataclass(frozen=True)
class CreditBooked(Fact):
    """Whose a deal is was booked, or booked again: this is what holds, and the shares add up to the whole.

    `rule`: owner, half_each or server (一.6); `reason`: half_each, server, owner_that_day, owner_after or nobodys.
    `reception_id` is the reception it rests on. `deal_id` is the follow-up's by which the deal was recorded;
    `correction_id` the signed correction by which day and amount are what they are.
    """

    TYPE: ClassVar[str] = "credit.booked.v1"

    deal_id: str
    branch_id: str
    customer_id: str | None
    deal_date: dt.date
    amount: int | None
    rule: str
    reason: str
    rule_version: str
    reception_id: str | None
    correction_id: str | None
    shares: list[CreditShare]


@dataclass(frozen=True)
class Reasons:
    """Why a correction was asked for, and what was answered: free text, erased with the person it may name."""

    reason: str
    answer: str | None


@dataclass(frozen=True)
class _DealCorrection(Fact):
    correction_id: str
    branch_id: str
    deal_id: str
    state: str
    deal_date_before: dt.date
    signed_time_before: dt.time | None
    amount_before: int | None
    deal_date: dt.date
    signed_time: dt.time | None
    amount: int | None
    asked_by: str
    asked_at: dt.datetime
    decided_by: str | None
    decided_at: dt.datetime | None
    personal: Reasons | None


@dataclass(frozen=True)
class DealCorrectionAsked(_DealCorrection):
    """Somebody asks that a deal's signing or amount be corrected; it has no effect until somebody else signs.

    `deal_date` and `signed_time` are by the branch's clock, `amount` is cents; `…_before` is what stands until then.
    """

    TYPE: ClassVar[str] = "deal_correction.asked.v1"


@dataclass(frozen=True)
class DealCorrectionDecided(_DealCorrection):
    """A correction of a deal was `signed`, and holds, or `refused`; credit.booked.v1 says whose the deal is then."""

    TYPE: ClassVar[str] = "deal_correction.decided.v1"


@dataclass(frozen=True)
class DealCorrectionErased(Fact):
    """Why a correction was asked for and refused is erased with the customer; `sequence` is that of what stands."""

    TYPE: ClassVar[str] = "deal_correction.erased.v1"

    correction_id: str
    branch_id: str


FACTS = (
    FollowupRecorded,
    FollowupCorrected,
    FollowupErased,
    FollowupPlanChanged,
    CreditBooked,
    DealCorrectionAsked,
    DealCorrectionDecided,
    DealCorrectionErased,
)
