"""The facts that arrive here, and what each triggers.

Every handler commutes: it stores what the event says unless something newer stands there, and then computes plans
from what is stored. So the order in which events of different services arrive makes no difference.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from chassis.database import Transaction
from chassis.events import Consumers, Received
from chassis.events.forgetting import forgotten_among
from chassis.identity import system
from services.followups.credit import actions as credit
from services.followups.credit.rules import Rule, companion_rule
from services.followups.erasure.actions import forget
from services.followups.people import copies
from services.followups.people.views import zone_of
from services.followups.plans.actions import lock_families
from services.followups.records import actions
from services.followups.records.rules import ON_SITE, Origin, Record, without_words, words_in

consumers = Consumers()


@dataclass(frozen=True)
class BranchNews:
    branch_id: str
    name: str
    time_zone: str


@dataclass(frozen=True)
class StaffNews:
    staff_id: str
    branch_id: str | None
    team_id: str | None
    name: str
    active: bool


@dataclass(frozen=True)
class CustomerName:
    name: str | None


@dataclass(frozen=True)
class CustomerNews:
    customer_id: str
    branch_id: str
    code: str
    grade: str | None
    owner_id: str | None
    active: bool
    personal: CustomerName | None


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


@dataclass(frozen=True)
class VisitorWords:
    note: str | None
    intent: str | None = None


@dataclass(frozen=True)
class Companion:
    customer_id: str
    customer_is_new: bool


@dataclass(frozen=True, kw_only=True)
class CreditedReception:
    reception_id: str
    branch_id: str
    local_day: date
    completed_at: datetime | None
    server_id: str | None
    customer_id: str | None
    credit_rule: str | None
    credit_day: date | None
    original_id: str | None = None
    owner_id: str | None = None
    companions: list[Companion] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CompletedReception(CreditedReception):
    intent: str | None
    progress: int | None
    next_contact: date | None
    personal: VisitorWords | None


@dataclass(frozen=True)
class RowWords:
    method: str | None
    intent: str | None
    result: str | None
    salesperson_name: str | None


@dataclass(frozen=True)
class SheetRow:
    row_key: str
    row_number: int
    branch_id: str
    customer_id: str | None
    followup_date: date | None
    method: str | None
    progress: int | None
    intent: str | None
    result: str | None
    deal_date: date | None
    salesperson_id: str | None
    salesperson_name: str | None
    personal: RowWords | None = None


@consumers.on("branch.changed.v1", BranchNews)
def keep_branch(tx: Transaction, event: Received[BranchNews]) -> None:
    """A branch's time zone says which day it is there, and so on which day a deal was signed."""
    branch_id = event.data.branch_id
    who = system(tx.service, branch_id)
    before = zone_of(tx, who, branch_id)
    copies.keep_branch(tx, vars(event.data) | {"sequence": event.sequence})
    if zone_of(tx, who, branch_id) != before:
        credit.book_branch(tx, who, branch_id)


@consumers.on("staff.changed.v1", StaffNews)
def keep_staff(tx: Transaction, event: Received[StaffNews]) -> None:
    """Names and teams of salespeople."""
    copies.keep_staff(tx, vars(event.data) | {"sequence": event.sequence})


@consumers.on("customer.registered.v1", CustomerNews)
def keep_new_customer(tx: Transaction, event: Received[CustomerNews]) -> None:
    """A customer's grade sets the rhythm of its plan, its owner says who is to keep it."""
    keep_customer(tx, event)


@consumers.on("customer.changed.v1", CustomerNews)
def keep_customer(tx: Transaction, event: Received[CustomerNews]) -> None:
    """The same as the first registration: both carry the full state."""
    news = event.data
    values = vars(news) | {"name": news.personal.name if news.personal else None, "sequence": event.sequence}
    del values["personal"]
    who = system(tx.service, news.branch_id)
    lock_families(tx, who, news.branch_id, [news.customer_id])  # as whoever erases does
    if copies.keep_customer(tx, values):
        actions.plan_customers(tx, who, news.branch_id, [news.customer_id])
    names = ("customer_id", "sequence", "branch_id", "owner_id")
    credit.keep_owner(tx, who, {name: values[name] for name in names} | {"at": event.time})


@consumers.on("customer.erased.v1", ErasureNews)
def forget_the_person(tx: Transaction, event: Received[ErasureNews]) -> None:
    """Who the customer was is forgotten for good; what was done, agreed and booked stays."""
    branch_id = event.data.branch_id
    forget(tx, system(tx.service, branch_id), branch_id, event.data.customer_id)


@consumers.on("customer.merged.v1", MergeNews)
def keep_alias(tx: Transaction, event: Received[MergeNews]) -> None:
    """Records keep the id they came with; the plan of the customer that stays follows from all of them."""
    news = event.data
    who, values = system(tx.service, news.branch_id), vars(news) | {"sequence": event.sequence}
    if copies.keep_alias(tx, values):
        actions.plan_customers(tx, who, news.branch_id, [news.loser_id, news.winner_id])
    credit.keep_merge(tx, who, values | {"at": event.time})


@consumers.on("reception.completed.v1", CompletedReception)
def record_reception(tx: Transaction, event: Received[CompletedReception]) -> None:
    """A completed reception is a follow-up on site, on the day the visitor came; whose a deal of that day is follows.

    Who came with the visitor was followed up too; what was said is the visitor's, and is not kept once any of them was
    erased, nor are other words of somebody's own.
    """
    news = event.data
    who, came = system(tx.service, news.branch_id), _came(news)
    lock_families(tx, who, news.branch_id, came)  # of all at once: one after the other, two visits could cross
    row = Record(
        branch_id=news.branch_id,
        customer_id=news.customer_id,
        date=news.local_day,
        origin=Origin.RECEPTION,
        origin_key=news.reception_id,
        method=ON_SITE,
        progress=news.progress,
        intent=news.intent or (news.personal.intent if news.personal else None),
        said=news.personal.note if news.personal else None,
        next_contact=news.next_contact,
        salesperson_id=news.server_id,
    )
    actions.record_from_event(tx, who, _as_kept(tx, row, came), event.time)
    for customer_id in sorted({one.customer_id for one in news.companions} - {news.customer_id}):
        own = {"customer_id": customer_id, "origin_key": f"{news.reception_id}/{customer_id}"}
        theirs = replace(row, **own, progress=None, intent=None, said=None, next_contact=None)  # type: ignore[arg-type]
        actions.record_from_event(tx, who, theirs, event.time)
    credit.keep_visits(tx, who, news.branch_id, _visits(news, event.sequence, corrected=False))


@consumers.on("reception.credit_corrected.v1", CreditedReception)
def correct_credit(tx: Transaction, event: Received[CreditedReception]) -> None:
    """Whose a deal of that day is was ruled again: what is booked is reversed and booked anew."""
    news = event.data
    who = system(tx.service, news.branch_id)
    credit.keep_visits(tx, who, news.branch_id, _visits(news, event.sequence, corrected=True))


def _came(news: CompletedReception) -> list[str]:
    return [one for one in (news.customer_id, *(one.customer_id for one in news.companions)) if one]


def _as_kept(tx: Transaction, row: Record, about: list[str]) -> Record:
    """The record without words of somebody's own if any of these was erased; their plans are held, as by whoever
    erases.
    """
    return without_words(row) if words_in(vars(row)) and forgotten_among(tx, about) else row


def _visits(news: CreditedReception, sequence: int, *, corrected: bool) -> list[dict[str, Any]]:
    """How each customer of a reception was received. A companion's own salesperson is who owns them, not who was asked
    for by the visitor.
    """
    if news.customer_id is None or news.credit_rule is None or news.completed_at is None:
        return []
    rule = Rule(news.credit_rule)
    visit = {
        "reception_id": news.reception_id,
        "branch_id": news.branch_id,
        "day": news.credit_day or news.local_day,
        "completed_at": news.completed_at,
        "server_id": news.server_id,
        "sequence": sequence,
    }
    own = {"original_id": news.original_id, "owner_id": news.owner_id, "corrected": corrected}
    theirs = {
        one.customer_id: companion_rule(rule, one.customer_is_new)
        for one in sorted(news.companions, key=lambda one: (one.customer_id, one.customer_is_new))
        if one.customer_id != news.customer_id
    }
    nobodys = {"original_id": None, "owner_id": None, "corrected": False}
    others = [visit | nobodys | {"customer_id": one, "rule": rule.value} for one, rule in theirs.items()]
    return [visit | own | {"customer_id": news.customer_id, "rule": rule.value}, *others]


@consumers.on("sheet_row.imported.v1", SheetRow)
def record_sheet_row(tx: Transaction, event: Received[SheetRow]) -> None:
    """A row of an imported sheet is recorded as it stands, complete or not; of who was erased without words of
    somebody's own.
    """
    news = event.data
    row, who = _row(news), system(tx.service, news.branch_id)
    about = [news.customer_id] if news.customer_id else []
    if words_in(vars(row)):
        lock_families(tx, who, news.branch_id, about)
    actions.record_from_event(tx, who, _as_kept(tx, row, about), event.time)


def _row(news: SheetRow) -> Record:
    """Older versions announced words of somebody's own in their places."""
    own = {name: word for name, word in vars(news.personal).items() if word} if news.personal else {}
    written = Record(
        branch_id=news.branch_id,
        customer_id=news.customer_id,
        date=news.followup_date,
        origin=Origin.IMPORT,
        origin_key=news.row_key,
        row_number=news.row_number,
        method=news.method,
        progress=news.progress,
        intent=news.intent,
        result=news.result,
        deal_date=news.deal_date,
        salesperson_id=news.salesperson_id,
        salesperson_name=news.salesperson_name,
    )
    return replace(written, **own)
