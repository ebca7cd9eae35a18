"""The facts that reception announces."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact
from services.reception.attendance import events as attendance
from services.reception.discipline import events as discipline
from services.reception.disputes import events as disputes
from services.reception.forfeits import events as forfeits
from services.reception.journal import events as journal
from services.reception.stepping_out import events as stepping_out


@dataclass(frozen=True)
class HallChanged(Fact):
    """A hall was opened, renamed or closed."""

    TYPE: ClassVar[str] = "hall.changed.v1"

    hall_id: str
    branch_id: str
    name: str
    active: bool


@dataclass(frozen=True)
class LineChanged(Fact):
    """The lasting order of a hall's salespeople changed.

    `order` is the whole line from its head. `cause`: joined, left, turn_used, not_greeted, forfeit, overstayed, late,
    clocked_in, reordered, drawn or corrected; `by` is who caused it.
    """

    TYPE: ClassVar[str] = "line.changed.v1"

    hall_id: str
    branch_id: str
    order: list[str]
    cause: str
    by: str
    reason: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Setting:
    """One setting of a policy and its value, as JSON text."""

    setting: str
    value: str


@dataclass(frozen=True)
class PolicyChanged(Fact):
    """It was decided what is to hold from a local day on: in a branch, or in all that do not decide otherwise.

    `policy_id` is the branch's id, or `company`; `settings` are those that differ from the company's policy, or from
    the rule book's. The version that holds from the latest day decides; of several from one day, the last made.
    """

    TYPE: ClassVar[str] = "policy.changed.v1"

    policy_id: str
    branch_id: str | None
    version: str
    holds_from: dt.date
    settings: list[Setting]
    reason: str
    by: str


@dataclass(frozen=True)
class DelegationChanged(Fact):
    """A salesperson's customers (`customer_id` None: all of them) are entrusted to a colleague, or no longer (一.6).

    `reason` is there where somebody who leads did it for an absent colleague.
    """

    TYPE: ClassVar[str] = "delegation.changed.v1"

    delegation_id: str
    branch_id: str
    staff_id: str
    delegate_id: str
    customer_id: str | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    made_by: str
    made_at: dt.datetime
    reason: str | None
    taken_back_at: dt.datetime | None
    taken_back_by: str | None


@dataclass(frozen=True)
class Person:
    """Who came with the visitor. `phone` is E.164."""

    customer_id: str
    name: str
    phone: str


@dataclass(frozen=True)
class Visitor:
    """Who the visitor is, what was noted of them, and who came with them: erased with them. `phone` is E.164.

    `intent`: what they intend, where it is said in none of the usual words.
    """

    name: str
    phone: str
    note: str | None
    intent: str | None
    companions: list[Person]


@dataclass(frozen=True)
class Companion:
    """A customer who came with the visitor: one arrival, one turn, and credit for each.

    `reconciled_with`: the register knew them as this customer, as the reception says of the visitor.
    """

    customer_id: str
    customer_is_new: bool
    reconciled_with: str | None


@dataclass(frozen=True)
class _Reception(Fact):
    reception_id: str
    branch_id: str
    hall_id: str
    kind: str
    state: str
    party_size: int
    local_day: dt.date
    arrived_at: dt.datetime
    assigned_at: dt.datetime | None
    greeted_at: dt.datetime | None
    completed_at: dt.datetime | None
    server_id: str | None
    role: str | None
    article: str | None
    turn: str | None
    original_id: str | None
    relation: str | None
    trade: str | None
    known_customer_id: str | None
    customer_id: str | None
    customer_is_new: bool | None
    companions: list[Companion]
    intent: str | None
    progress: int | None
    next_contact: dt.date | None
    credit_rule: str | None
    credit_day: dt.date | None
    owner_id: str | None
    closed_because: str | None
    reconciled_with: str | None
    personal: Visitor | None


@dataclass(frozen=True)
class ReceptionOpened(_Reception):
    """A visitor stands at the door. `local_day` is the branch's day; `party_size` people are one arrival."""

    TYPE: ClassVar[str] = "reception.opened.v1"


@dataclass(frozen=True)
class ReceptionAssigned(_Reception):
    """Somebody is to receive the visitor; `article` is the rule book's, None where the rule is the product's own."""

    TYPE: ClassVar[str] = "reception.assigned.v1"


@dataclass(frozen=True)
class ReceptionGreeted(_Reception):
    """The visitor was greeted."""

    TYPE: ClassVar[str] = "reception.greeted.v1"


@dataclass(frozen=True)
class ReceptionPassedOn(_Reception):
    """Nobody greeted the visitor in time: the next free person receives, or the visitor waits (the product's own)."""

    TYPE: ClassVar[str] = "reception.passed_on.v1"


@dataclass(frozen=True)
class ReceptionChanged(_Reception):
    """Something of the reception changed, not where it stands: who serves, what kind of visit it is, a witness."""

    TYPE: ClassVar[str] = "reception.changed.v1"


@dataclass(frozen=True)
class ReceptionCompleted(_Reception):
    """The visitor was received and registered.

    `customer_id` is the customer's from now on everywhere; `customer_is_new` False where reception knew the phone.
    `known_customer_id` is by whom it was known whose visitor it is: themselves, family (`relation`), who brought them.
    `role` is as what `server_id` received: a, original, delegate, stand_in or whole_visit; `turn` is used or kept.
    `credit_rule` says whose a deal of `credit_day` is, extended until the reception was completed (一.6): `owner` the
    customer's owner; `half_each` half `original_id`'s, with the odd cent, and half `server_id`'s; `server` all
    `server_id`'s. `owner_id` is whose a new customer is.
    """

    TYPE: ClassVar[str] = "reception.completed.v1"


@dataclass(frozen=True)
class ReceptionCreditCorrected(_Reception):
    """After 撞单, or a merge on the same day, the credit of a completed reception is another's: this is what holds."""

    TYPE: ClassVar[str] = "reception.credit_corrected.v1"


@dataclass(frozen=True)
class ReceptionClosed(_Reception):
    """The visitor left without being registered, or the arrival was undone (`closed_because`).

    `turn` is None where nobody was assigned.
    """

    TYPE: ClassVar[str] = "reception.closed.v1"


FACTS = (
    HallChanged,
    LineChanged,
    PolicyChanged,
    *attendance.FACTS,
    DelegationChanged,
    ReceptionOpened,
    ReceptionAssigned,
    ReceptionGreeted,
    ReceptionPassedOn,
    ReceptionChanged,
    ReceptionCompleted,
    ReceptionCreditCorrected,
    ReceptionClosed,
    *discipline.FACTS,
    *disputes.FACTS,
    *forfeits.FACTS,
    *stepping_out.FACTS,
    *journal.FACTS,
)
