"""The facts that arrive here, and what each triggers."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chassis.database import Transaction
from chassis.events import Consumers, Received
from chassis.events.forgetting import forgotten_among
from chassis.identity import Who, system
from services.customers.files import codes
from services.customers.files.registering import register, rule_again
from services.customers.files.views import bearer_of
from services.customers.finding.copies import keep_contact_days
from services.customers.groups.copies import keep_deal
from services.customers.ownership.actions import take_up
from services.customers.people import copies
from services.customers.pool.actions import promise
from services.customers.register.actions import enter, keep_ruling
from services.customers.register.phones import is_correct
from services.customers.register.rules import Entry, Kind, Origin, entry_id_of
from services.customers.returns.actions import note_contact

_CLOSED = "成交"

consumers = Consumers()


@dataclass(frozen=True)
class BranchNews:
    branch_id: str
    name: str
    time_zone: str
    active: bool


@dataclass(frozen=True)
class StaffNews:
    staff_id: str
    branch_id: str | None
    team_id: str | None
    name: str
    active: bool


@dataclass(frozen=True)
class Companion:
    customer_id: str
    name: str
    phone: str


@dataclass(frozen=True)
class Visitor:
    name: str
    phone: str
    companions: list[Companion] = field(default_factory=list)


@dataclass(frozen=True)
class CompletedReception:
    reception_id: str
    branch_id: str
    local_day: date
    completed_at: datetime
    server_id: str | None
    customer_id: str | None
    personal: Visitor | None
    owner_id: str | None = None
    credit_rule: str | None = None


@dataclass(frozen=True)
class RecordedFollowup:
    branch_id: str
    customer_id: str | None
    date: date | None
    result: str | None
    effective: bool


@dataclass(frozen=True)
class CameAlong:
    customer_id: str


@dataclass(frozen=True)
class CorrectedReception:
    reception_id: str
    branch_id: str
    server_id: str | None
    customer_id: str | None
    owner_id: str | None
    credit_rule: str | None
    companions: list[CameAlong]


@dataclass(frozen=True)
class BookedDeal:
    deal_id: str
    branch_id: str
    customer_id: str | None
    deal_date: date
    amount: int | None


@dataclass(frozen=True)
class PlanNews:
    customer_id: str
    branch_id: str
    next_due: date | None
    last_contact: date | None


@consumers.on("branch.changed.v1", BranchNews)
def keep_branch(tx: Transaction, event: Received[BranchNews]) -> None:
    """A branch's time zone says which day it is there; its next draw is promised before anybody draws."""
    copies.keep_branch(tx, vars(event.data) | {"sequence": event.sequence})
    promise(tx, system(tx.service, event.data.branch_id), event.data.branch_id)


@consumers.on("staff.changed.v1", StaffNews)
def keep_staff(tx: Transaction, event: Received[StaffNews]) -> None:
    """Names on sheets, and whose customers a team sees."""
    copies.keep_staff(tx, vars(event.data) | {"sequence": event.sequence})


@consumers.on("credit.booked.v1", BookedDeal)
def keep_totals(tx: Transaction, event: Received[BookedDeal]) -> None:
    """Deals are summed up over the customers of a group."""
    keep_deal(tx, vars(event.data) | {"sequence": event.sequence})


@consumers.on("followup_plan.changed.v1", PlanNews)
def keep_plan(tx: Transaction, event: Received[PlanNews]) -> None:
    """Searches ask when a customer was last and is next to be contacted."""
    news = event.data
    row = {"customer_id": news.customer_id, "branch_id": news.branch_id, "last_contact": news.last_contact}
    keep_contact_days(tx, row | {"next_contact": news.next_due, "sequence": event.sequence})


@consumers.on("reception.completed.v1", CompletedReception)
def register_visitor(tx: Transaction, event: Received[CompletedReception]) -> None:
    """A completed reception registers the visitor, and who came with them; the ids were made at reception.

    Without customer or personal part (erased meanwhile) there is nothing to register. Who came was in contact, and a
    customer of the pool is the server's from now on. Of who was erased it is kept that somebody came, not who.
    """
    news, who = event.data, system(tx.service, event.data.branch_id)
    if news.customer_id is not None and news.personal is not None:
        codes.lock_branch(tx, who, news.branch_id)
        entries = [_under_bearer(tx, who, one) for one in _entries(news, news.customer_id, news.personal)]
        erased = forgotten_among(tx, [entry.customer_id for entry in entries])
        for entry in entries:
            if entry.customer_id in erased:
                enter(tx, who, entry.without_person)
                continue
            done = register(tx, who, entry)
            note_contact(tx, who, news.branch_id, entry.customer_id, news.local_day, closed=False)
            take_up(tx, who, done, entry.entry_id)


@consumers.on("followup.recorded.v1", RecordedFollowup)
def keep_contact(tx: Transaction, event: Received[RecordedFollowup]) -> None:
    """A follow-up that reached the customer is a contact; a closed deal may keep the customer with the owner."""
    news, closed = event.data, event.data.result == _CLOSED
    if news.customer_id is not None and (news.effective or closed):
        day = news.date if news.effective else None
        note_contact(tx, system(tx.service, news.branch_id), news.branch_id, news.customer_id, day, closed)


@consumers.on("reception.credit_corrected.v1", CorrectedReception)
def correct_owner(tx: Transaction, event: Received[CorrectedReception]) -> None:
    """Whose visitor it was has been ruled again: a customer whom this reception made, or took out of the pool, is that
    person's.
    """
    news = event.data
    if news.customer_id is None:
        return
    who, whose = system(tx.service, news.branch_id), _whose_companions(news)
    came = [(news.customer_id, news.owner_id, news.reception_id)]
    came += [(one.customer_id, whose, f"{news.reception_id}/{n}") for n, one in enumerate(news.companions, start=1)]
    for customer_id, owner_id, key in came:
        entry_id = entry_id_of(news.branch_id, Origin.RECEPTION, key)
        row = {"entry_id": entry_id, "branch_id": news.branch_id, "owner_id": owner_id, "sequence": event.sequence}
        if keep_ruling(tx, who, row):
            _correct(tx, who, news.branch_id, customer_id, entry_id)


def _correct(tx: Transaction, who: Who, branch_id: str, customer_id: str, entry_id: str) -> None:
    """Let the owner follow; of a reception that has not been heard of yet there is nothing to correct."""
    for done in rule_again(tx, who, branch_id, {customer_id}):
        if any(entry.entry_id == entry_id for entry in done.ruling.entries):
            take_up(tx, who, done, entry_id)


def _whose_companions(news: CompletedReception | CorrectedReception) -> str | None:
    """Whose a customer is who came along: after a whole visit an old visitor stays their original's, and a new customer
    whom they bring is who served's (一.6).
    """
    return news.server_id if news.credit_rule == "half_each" else news.owner_id or news.server_id


def _entries(news: CompletedReception, customer_id: str, visitor: Visitor) -> list[Entry]:
    """The visitor is registered by whose a new customer is, and so is who came along."""
    owner_id, whose = news.owner_id or news.server_id, _whose_companions(news)
    came = Companion(customer_id, visitor.name, visitor.phone)
    others = [_entry(news, one, whose, f"{news.reception_id}/{n}") for n, one in enumerate(visitor.companions, start=1)]
    return [_entry(news, came, owner_id, news.reception_id), *others]


def _under_bearer(tx: Transaction, who: Who, entry: Entry) -> Entry:
    """Reception tells of the customer; who came is the one of the family whose phone it is."""
    if entry.phone is None:
        return entry
    return replace(entry, customer_id=bearer_of(tx, who, entry.branch_id, entry.customer_id, entry.phone))


def _entry(news: CompletedReception, person: Companion, owner_id: str | None, key: str) -> Entry:
    return Entry(
        entry_id=entry_id_of(news.branch_id, Origin.RECEPTION, key),
        branch_id=news.branch_id,
        customer_id=person.customer_id,
        kind=Kind.REGISTERED,
        at=news.completed_at,
        local_day=news.local_day,
        name=person.name,
        phone=person.phone,
        phone_correct=is_correct(person.phone),
        registered_by=owner_id,
        origin=Origin.RECEPTION,
        origin_key=key,
    )
