"""The facts that arrive here, and what each triggers.

Every handler commutes: it stores what the event says unless something newer stands there, and then computes plans
from what is stored. So the order in which events of different services arrive makes no difference.
"""

from dataclasses import dataclass
from datetime import date

from chassis.database import Transaction
from chassis.events import Consumers, Received
from chassis.identity import system
from services.followups.people import copies
from services.followups.records import actions
from services.followups.records.rules import ON_SITE, Origin, Record

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
class MergeNews:
    loser_id: str
    winner_id: str
    branch_id: str
    active: bool


@dataclass(frozen=True)
class VisitorNote:
    note: str | None


@dataclass(frozen=True)
class CompletedReception:
    reception_id: str
    branch_id: str
    local_day: date
    server_id: str | None
    customer_id: str | None
    intent: str | None
    progress: int | None
    next_contact: date | None
    personal: VisitorNote | None


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


@consumers.on("branch.changed.v1", BranchNews)
def keep_branch(tx: Transaction, event: Received[BranchNews]) -> None:
    """A branch's time zone says which day it is there."""
    copies.keep_branch(tx, vars(event.data) | {"sequence": event.sequence})


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
    if copies.keep_customer(tx, values):
        actions.plan_customers(tx, system(tx.service, news.branch_id), news.branch_id, [news.customer_id])


@consumers.on("customer.merged.v1", MergeNews)
def keep_alias(tx: Transaction, event: Received[MergeNews]) -> None:
    """Records keep the id they came with; the plan of the customer that stays follows from all of them."""
    news = event.data
    if copies.keep_alias(tx, vars(news) | {"sequence": event.sequence}):
        both = [news.loser_id, news.winner_id]
        actions.plan_customers(tx, system(tx.service, news.branch_id), news.branch_id, both)


@consumers.on("reception.completed.v1", CompletedReception)
def record_reception(tx: Transaction, event: Received[CompletedReception]) -> None:
    """A completed reception is a follow-up on site, on the day the visitor came."""
    news = event.data
    row = Record(
        branch_id=news.branch_id,
        customer_id=news.customer_id,
        date=news.local_day,
        origin=Origin.RECEPTION,
        origin_key=news.reception_id,
        method=ON_SITE,
        progress=news.progress,
        intent=news.intent,
        said=news.personal.note if news.personal else None,
        next_contact=news.next_contact,
        salesperson_id=news.server_id,
    )
    actions.record_from_event(tx, system(tx.service, news.branch_id), row, event.time)


@consumers.on("sheet_row.imported.v1", SheetRow)
def record_sheet_row(tx: Transaction, event: Received[SheetRow]) -> None:
    """A row of an imported sheet is recorded as it stands, complete or not."""
    news = event.data
    row = Record(
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
    actions.record_from_event(tx, system(tx.service, news.branch_id), row, event.time)
