"""The facts that arrive here, and what each triggers."""

from dataclasses import dataclass
from datetime import date, datetime

from chassis.database import Transaction
from chassis.events import Consumers, Received
from chassis.identity import system
from services.customers.files.registering import register
from services.customers.people import copies
from services.customers.register.phones import is_correct
from services.customers.register.rules import Entry, Kind, Origin, entry_id_of

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
class Visitor:
    name: str
    phone: str


@dataclass(frozen=True)
class CompletedReception:
    reception_id: str
    branch_id: str
    local_day: date
    completed_at: datetime
    server_id: str | None
    customer_id: str | None
    personal: Visitor | None


@consumers.on("branch.changed.v1", BranchNews)
def keep_branch(tx: Transaction, event: Received[BranchNews]) -> None:
    """A branch's time zone says which day it is there."""
    copies.keep_branch(tx, vars(event.data) | {"sequence": event.sequence})


@consumers.on("staff.changed.v1", StaffNews)
def keep_staff(tx: Transaction, event: Received[StaffNews]) -> None:
    """Names on sheets, and whose customers a team sees."""
    copies.keep_staff(tx, vars(event.data) | {"sequence": event.sequence})


@consumers.on("reception.completed.v1", CompletedReception)
def register_visitor(tx: Transaction, event: Received[CompletedReception]) -> None:
    """A completed reception is a registration by who served; the id was made at reception.

    Without customer or personal part (erased meanwhile) there is nothing to register.
    """
    news = event.data
    if news.customer_id is not None and news.personal is not None:
        register(tx, system(tx.service, news.branch_id), _entry(news, news.customer_id, news.personal))


def _entry(news: CompletedReception, customer_id: str, visitor: Visitor) -> Entry:
    return Entry(
        entry_id=entry_id_of(news.branch_id, Origin.RECEPTION, news.reception_id),
        branch_id=news.branch_id,
        customer_id=customer_id,
        kind=Kind.REGISTERED,
        at=news.completed_at,
        local_day=news.local_day,
        name=visitor.name,
        phone=visitor.phone,
        phone_correct=is_correct(visitor.phone),
        registered_by=news.server_id,
        origin=Origin.RECEPTION,
        origin_key=news.reception_id,
    )
