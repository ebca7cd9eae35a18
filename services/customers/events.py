"""The facts that customers announces."""

import datetime as dt
from dataclasses import dataclass, field
from typing import ClassVar

from chassis.events import Fact
from services.customers.events_of_sheets import CustomersExported, ImportProgressed, SheetRowImported


@dataclass(frozen=True)
class OtherPhone:
    """A further phone (E.164), and the id that bears it: whoever forgets who that was forgets the phone."""

    customer_id: str
    phone: str


@dataclass(frozen=True)
class Person:
    """Who the customer is: erased when they ask for it. `phone` is E.164.

    `other_phones`: all others by which they are recognised, also those of ids that were merged into them.
    """

    name: str | None
    phone: str | None
    company: str | None
    other_phones: list[OtherPhone] = field(default_factory=list)


@dataclass(frozen=True)
class CustomerRegistered(Fact):
    """A customer has entered the register for the first time and has a code (A001 … A999, A1000 …) and a file.

    `source` is reception, import or person; `local_day` the branch's day of the registration that holds;
    `owner_id` None: nobody's, in the pool. `grade` is A, B, C or None; `active` is False once merged into another or
    deleted.
    """

    TYPE: ClassVar[str] = "customer.registered.v1"

    customer_id: str
    branch_id: str
    code: str
    customer_type: str | None
    grade: str | None
    key_account: bool
    industry: str | None
    province: str | None
    city: str | None
    district: str | None
    parent_id: str | None
    source: str
    owner_id: str | None
    registered_at: dt.datetime
    local_day: dt.date
    active: bool
    personal: Person | None


@dataclass(frozen=True)
class CustomerChanged(Fact):
    """Something in a customer's file has changed, its owner included: the full state, as in customer.registered.v1."""

    TYPE: ClassVar[str] = "customer.changed.v1"

    customer_id: str
    branch_id: str
    code: str
    customer_type: str | None
    grade: str | None
    key_account: bool
    industry: str | None
    province: str | None
    city: str | None
    district: str | None
    parent_id: str | None
    source: str
    owner_id: str | None
    registered_at: dt.datetime
    local_day: dt.date
    active: bool
    personal: Person | None


@dataclass(frozen=True)
class CustomerMerged(Fact):
    """While `active`, `loser_id` stands for the same customer as `winner_id`, by this rule of this article (一.4 the
    same person, 一.5 family).

    `rule` is one of first_registered, first_full_name_and_correct_phone, first_registered_none_correct.
    """

    TYPE: ClassVar[str] = "customer.merged.v1"

    loser_id: str
    winner_id: str
    branch_id: str
    active: bool
    rule: str
    article: str


@dataclass(frozen=True)
class CustomerErased(Fact):
    """All that says who this customer is has been erased for good; that there was a customer stays.

    `because` is asked (the person, or who may ask for them) or purged (out of the recycle bin). Of a customer with
    several ids each is told by itself. Whoever keeps a name, a phone or words under this id forgets them, and whatever
    is told of the id later brings them back in no case.
    """

    TYPE: ClassVar[str] = "customer.erased.v1"

    customer_id: str
    branch_id: str
    because: str


@dataclass(frozen=True)
class PhoneRevealed(Fact):
    """Somebody has read the whole phone of a customer that lists show masked; why stands in the list of reveals."""

    TYPE: ClassVar[str] = "phone.revealed.v1"

    reveal_id: str
    customer_id: str
    branch_id: str
    revealed_by: str
    revealed_at: dt.datetime
    local_day: dt.date


@dataclass(frozen=True)
class Wish:
    """What a name or phone (E.164) is to become; None of what stays. Erased when the customer asks for it."""

    name: str | None
    phone: str | None


@dataclass(frozen=True)
class AmendmentChanged(Fact):
    """A change of a registered name or phone was asked for, signed or refused: the full state.

    `state` is asked, signed or refused. Only a signed one has an effect, which customer.changed.v1 tells.
    """

    TYPE: ClassVar[str] = "amendment.changed.v1"

    amendment_id: str
    branch_id: str
    customer_id: str
    state: str
    asked_by: str
    asked_at: dt.datetime
    decided_by: str | None
    decided_at: dt.datetime | None
    personal: Wish | None


@dataclass(frozen=True)
class RelationChanged(Fact):
    """A relation between two customers was asked for, confirmed, refused or ended: the full state.

    `kind` is what the second is to the first: spouse, parent, child, betrothed, or other, which has no effect. `state`
    is asked, confirmed, refused or ended. While confirmed the two are one customer; customer.merged.v1 tells that.
    """

    TYPE: ClassVar[str] = "relation.changed.v1"

    relation_id: str
    branch_id: str
    first_id: str
    second_id: str
    kind: str
    state: str
    asked_by: str
    asked_at: dt.datetime
    decided_by: str | None
    decided_at: dt.datetime | None


@dataclass(frozen=True)
class CandidateDecided(Fact):
    """A person decided whether two customers are the same, or took that back (`active` False): the full state.

    `candidate_id` is the pair's, whoever decides. What follows from it customer.merged.v1 tells.
    """

    TYPE: ClassVar[str] = "candidate.decided.v1"

    candidate_id: str
    branch_id: str
    first_id: str
    second_id: str
    same: bool
    active: bool
    decided_by: str
    decided_at: dt.datetime


@dataclass(frozen=True)
class ApplicationChanged(Fact):
    """A salesperson applied for a customer, or it was decided: `state` is open, approved or refused."""

    TYPE: ClassVar[str] = "application.changed.v1"

    application_id: str
    branch_id: str
    customer_id: str
    applicant_id: str
    applied_at: dt.datetime
    state: str
    decided_by: str | None
    decided_at: dt.datetime | None


@dataclass(frozen=True)
class DrawPromised(Fact):
    """The seed of the branch's next draw from the pool was made: `commitment` is its SHA-256, before anybody draws."""

    TYPE: ClassVar[str] = "draw.promised.v1"

    draw_id: str
    branch_id: str
    n: int
    commitment: str


@dataclass(frozen=True)
class DrawDone(Fact):
    """Customers of the pool were drawn by lot. Sorted by the SHA-256, in hexadecimal, of the UTF-8 text `seed/id`, the
    first of the `candidates` are those `given` to `drawer_id`; the SHA-256 of `seed` is the promised `commitment`.
    """

    TYPE: ClassVar[str] = "draw.done.v1"

    draw_id: str
    branch_id: str
    n: int
    commitment: str
    seed: str
    drawer_id: str
    local_day: dt.date
    candidates: list[str]
    given: list[str]


@dataclass(frozen=True)
class HandoverShare:
    """How many customers a colleague got."""

    staff_id: str
    customers: int


@dataclass(frozen=True)
class HandoverMade(Fact):
    """All customers of one person were handed to colleagues; each customer's new owner is in customer.changed.v1."""

    TYPE: ClassVar[str] = "handover.made.v1"

    handover_id: str
    branch_id: str
    from_id: str
    shares: list[HandoverShare]
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class OwnershipSetting:
    """One setting of the policy and its value, as JSON text."""

    setting: str
    value: str


@dataclass(frozen=True)
class OwnershipPolicyChanged(Fact):
    """It was decided what holds about owners from a local day on: in a branch, or in all that do not decide otherwise.

    `policy_id` is the branch's id, or `company`; `n` counts its versions. The version that holds from the latest day
    decides; of several from one day, the last made.
    """

    TYPE: ClassVar[str] = "ownership_policy.changed.v1"

    policy_id: str
    branch_id: str | None
    n: int
    holds_from: dt.date
    settings: list[OwnershipSetting]
    reason: str
    by: str


@dataclass(frozen=True)
class ReturnWarningChanged(Fact):
    """A customer nobody was in contact with since `idle_since` goes back to the pool on `goes_back_on` (`state` open);
    does so no more (lifted); or has gone back (returned). The product's own rule.
    """

    TYPE: ClassVar[str] = "return_warning.changed.v1"

    warning_id: str
    branch_id: str
    customer_id: str
    owner_id: str
    idle_since: dt.date
    warned_on: dt.date
    goes_back_on: dt.date
    state: str


FACTS: tuple[type[Fact], ...] = (
    CustomerRegistered,
    CustomerChanged,
    CustomerMerged,
    CustomerErased,
    CustomersExported,
    ImportProgressed,
    SheetRowImported,
    AmendmentChanged,
    RelationChanged,
    CandidateDecided,
    PhoneRevealed,
    ApplicationChanged,
    DrawPromised,
    DrawDone,
    HandoverMade,
    OwnershipPolicyChanged,
    ReturnWarningChanged,
)
