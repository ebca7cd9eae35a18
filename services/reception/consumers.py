"""The facts that arrive here: each keeps one row of a copy, unless something newer stands there."""

from dataclasses import dataclass, field
from datetime import datetime

from chassis.database import Transaction, upsert
from chassis.events import Consumers, Received
from chassis.identity import system
from services.reception.corrections import merging
from services.reception.erasure.actions import forget
from services.reception.people.tables import branches, staff
from services.reception.reconciliation.actions import reconcile
from services.reception.visitors import copies
from services.reception.visitors.tables import aliases

consumers = Consumers()


@dataclass(frozen=True)
class BranchNews:
    branch_id: str
    code: str
    time_zone: str
    active: bool


@dataclass(frozen=True)
class StaffNews:
    staff_id: str
    branch_id: str | None
    team_id: str | None
    role: str
    name: str
    active: bool


@dataclass(frozen=True)
class OtherPhone:
    customer_id: str
    phone: str


@dataclass(frozen=True)
class CustomerPerson:
    name: str | None
    phone: str | None
    other_phones: list[OtherPhone] = field(default_factory=list)


_NOBODY = CustomerPerson(None, None)


@dataclass(frozen=True)
class CustomerNews:
    customer_id: str
    branch_id: str
    code: str
    owner_id: str | None
    registered_at: datetime
    active: bool
    personal: CustomerPerson | None


@dataclass(frozen=True)
class ErasureNews:
    customer_id: str
    branch_id: str


@dataclass(frozen=True)
class MergeNews:
    loser_id: str
    winner_id: str
    branch_id: str
    active: bool


@consumers.on("branch.changed.v1", BranchNews)
def keep_branch(tx: Transaction, event: Received[BranchNews]) -> None:
    """A branch's time zone says which day it is there."""
    upsert(tx, branches, vars(event.data) | {"sequence": event.sequence}, ["branch_id"], newer_by="sequence")


@consumers.on("staff.changed.v1", StaffNews)
def keep_staff(tx: Transaction, event: Received[StaffNews]) -> None:
    """Who works at which branch, as what, under which name."""
    upsert(tx, staff, vars(event.data) | {"sequence": event.sequence}, ["staff_id"], newer_by="sequence")


@consumers.on("customer.registered.v1", CustomerNews)
def keep_new_customer(tx: Transaction, event: Received[CustomerNews]) -> None:
    """Whose phone is whose, and whose customer that is."""
    keep_customer(tx, event)


@consumers.on("customer.changed.v1", CustomerNews)
def keep_customer(tx: Transaction, event: Received[CustomerNews]) -> None:
    """The same as the first registration: both carry the full state."""
    news, who, person = event.data, system(tx.service, event.data.branch_id), event.data.personal or _NOBODY
    values = {
        "customer_id": news.customer_id,
        "branch_id": news.branch_id,
        "phone": person.phone,
        "name": person.name,
        "code": news.code,
        "owner_id": news.owner_id,
        "registered_at": news.registered_at,
        "active": news.active,
        "sequence": event.sequence,
    }
    phones = copies.keep_customer(tx, who, values, {one.phone: one.customer_id for one in person.other_phones})
    if phones is not None:
        reconcile(tx, who, news.branch_id, news.customer_id, phones)
    names = ("customer_id", "sequence", "branch_id", "owner_id")
    merging.keep_owner(tx, who, {name: values[name] for name in names} | {"at": event.time})


@consumers.on("customer.erased.v1", ErasureNews)
def forget_the_person(tx: Transaction, event: Received[ErasureNews]) -> None:
    """Who the visitor was is forgotten for good; who comes with that phone again is somebody new."""
    branch_id = event.data.branch_id
    forget(tx, system(tx.service, branch_id), branch_id, event.data.customer_id, event.time)


@consumers.on("customer.merged.v1", MergeNews)
def keep_alias(tx: Transaction, event: Received[MergeNews]) -> None:
    """Two ids that are one customer, or no longer: the receptions say so, and whose the visitor was follows."""
    values, who = vars(event.data) | {"sequence": event.sequence}, system(tx.service, event.data.branch_id)
    if upsert(tx, aliases, values, ["loser_id"], newer_by="sequence"):
        reconcile(tx, who, event.data.branch_id, event.data.loser_id)
    merging.keep_merge(tx, who, values | {"at": event.time})
