"""The facts by which customers earn points, while the company keeps them."""

from dataclasses import dataclass, field
from datetime import date

from chassis.database import Transaction
from chassis.events import Consumers, Received
from chassis.identity import system
from services.customers.consumers import BookedDeal
from services.customers.points.actions import hear, hear_visit
from services.customers.points.rules import Came, Deal, Source, Visit

consumers = Consumers()


@dataclass(frozen=True)
class CameAlong:
    customer_id: str
    customer_is_new: bool = False
    reconciled_with: str | None = None


@dataclass(frozen=True)
class CompletedReception:
    reception_id: str
    branch_id: str
    local_day: date
    kind: str
    customer_id: str | None
    customer_is_new: bool | None
    reconciled_with: str | None = None
    known_customer_id: str | None = None
    companions: list[CameAlong] = field(default_factory=list)


@consumers.on("credit.booked.v1", BookedDeal)
def count_deal(tx: Transaction, event: Received[BookedDeal]) -> None:
    """A deal gives points by its amount; booked again, by what it is now; one of 0 gives none."""
    news = event.data
    source = Source("deal", news.deal_id, news.branch_id, event.sequence, news.deal_date)
    hear(tx, system(tx.service, news.branch_id), source, Deal(news.customer_id, news.amount))


@consumers.on("reception.completed.v1", CompletedReception)
def count_visit(tx: Transaction, event: Received[CompletedReception]) -> None:
    """A completed reception gives points to who came, and to who brought a new customer."""
    _count(tx, event)


@consumers.on("reception.credit_corrected.v1", CompletedReception)
def count_visit_again(tx: Transaction, event: Received[CompletedReception]) -> None:
    """Whose visitor it was has been ruled again: so has who brought them."""
    _count(tx, event)


def _count(tx: Transaction, event: Received[CompletedReception]) -> None:
    news = event.data
    if news.customer_id is None:
        return
    visitor = Came(news.customer_id, bool(news.customer_is_new) and news.reconciled_with is None)
    others = [Came(one.customer_id, one.customer_is_new and one.reconciled_with is None) for one in news.companions]
    source = Source("reception", news.reception_id, news.branch_id, event.sequence, news.local_day)
    visit = Visit(news.kind, news.known_customer_id, (visitor, *others))
    hear_visit(tx, system(tx.service, news.branch_id), source, visit)
