"""The facts that arrive here. A handler reads nothing and writes one row a table; a batch is few trips to the database.

Every event carries the full state of its subject: a handler keeps it unless something newer stands there, and order
and repetition make no difference.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Table

from chassis.database import Transaction
from chassis.events import Consumers, Received
from chassis.events.forgetting import forget_personal
from chassis.web.idempotency import forget_answers
from services.reporting.facts import tables
from services.reporting.facts.copies import forget_words, keep, keep_followup, unname_customer
from services.reporting.facts.rules import FOREVER

consumers = Consumers()


@dataclass(frozen=True)
class BranchNews:
    branch_id: str
    name: str


@dataclass(frozen=True)
class StaffNews:
    staff_id: str
    branch_id: str | None
    team_id: str | None
    name: str


@dataclass(frozen=True)
class CustomerName:
    name: str | None


@dataclass(frozen=True)
class CustomerNews:
    customer_id: str
    branch_id: str
    code: str
    customer_type: str | None
    owner_id: str | None
    local_day: dt.date
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
class ReceptionNews:
    reception_id: str
    branch_id: str
    state: str
    local_day: dt.date
    server_id: str | None
    turn: str | None


@dataclass(frozen=True)
class PenaltyNews:
    penalty_id: str
    branch_id: str
    staff_id: str
    cause: str
    state: str
    fine: int
    points: int
    day: dt.date
    month: str | None


@dataclass(frozen=True)
class FollowupWords:
    method: str | None = None
    intent: str | None = None
    result: str | None = None
    salesperson_name: str | None = None


@dataclass(frozen=True)
class FollowupNews:
    followup_id: str
    branch_id: str
    customer_id: str | None
    date: dt.date | None
    method: str | None
    progress: int | None
    intent: str | None
    result: str | None
    deal_date: dt.date | None
    salesperson_id: str | None
    salesperson_name: str | None
    row_number: int | None
    personal: FollowupWords | None = None


@dataclass(frozen=True)
class ForgottenFollowup:
    followup_id: str


@dataclass(frozen=True)
class PlanNews:
    customer_id: str
    branch_id: str
    owner_id: str | None
    next_due: dt.date | None
    last_contact: dt.date | None


def _keep_as_it_is(event_type: str, shape: type, table: Table) -> None:
    """Keep what events of this type say; the names of the shape's fields are those of the table's columns."""

    @consumers.on(event_type, shape)
    def keep_the_news(tx: Transaction, event: Received[object]) -> None:
        keep(tx, table, vars(event.data), event.sequence)


_keep_as_it_is("branch.changed.v1", BranchNews, tables.branches)
_keep_as_it_is("staff.changed.v1", StaffNews, tables.staff)
_keep_as_it_is("customer.merged.v1", MergeNews, tables.aliases)
_keep_as_it_is("reception.opened.v1", ReceptionNews, tables.receptions)
_keep_as_it_is("reception.assigned.v1", ReceptionNews, tables.receptions)
_keep_as_it_is("reception.greeted.v1", ReceptionNews, tables.receptions)
_keep_as_it_is("reception.passed_on.v1", ReceptionNews, tables.receptions)
_keep_as_it_is("reception.changed.v1", ReceptionNews, tables.receptions)
_keep_as_it_is("reception.completed.v1", ReceptionNews, tables.receptions)
_keep_as_it_is("reception.credit_corrected.v1", ReceptionNews, tables.receptions)
_keep_as_it_is("reception.closed.v1", ReceptionNews, tables.receptions)
_keep_as_it_is("penalty.proposed.v1", PenaltyNews, tables.penalties)
_keep_as_it_is("penalty.appealed.v1", PenaltyNews, tables.penalties)
_keep_as_it_is("penalty.decided.v1", PenaltyNews, tables.penalties)
_keep_as_it_is("followup_plan.changed.v1", PlanNews, tables.plans)


@consumers.on("customer.registered.v1", CustomerNews)
def keep_new_customer(tx: Transaction, event: Received[CustomerNews]) -> None:
    """A customer's code, name, type and owner, and the day on which it was registered."""
    keep_customer(tx, event)


@consumers.on("customer.changed.v1", CustomerNews)
def keep_customer(tx: Transaction, event: Received[CustomerNews]) -> None:
    """The same as the first registration: both carry the full state."""
    values = dict(vars(event.data))
    personal: CustomerName | None = values.pop("personal")
    keep(tx, tables.customers, values, event.sequence)
    named = {"customer_id": event.data.customer_id, "branch_id": event.data.branch_id}
    keep(tx, tables.names, named | {"name": personal.name if personal else None}, event.sequence)


@consumers.on("followup.recorded.v1", FollowupNews)
def keep_new_followup(tx: Transaction, event: Received[FollowupNews]) -> None:
    """A row of the sheet, with the words of somebody's own that are told apart from the usual ones.

    Older versions told all words in their places.
    """
    values = dict(vars(event.data))
    personal: FollowupWords | None = values.pop("personal")
    own = {name: word for name, word in vars(personal).items() if word} if personal else {}
    keep_followup(tx, values | own, event.sequence)


@consumers.on("followup.corrected.v1", FollowupNews)
def keep_corrected_followup(tx: Transaction, event: Received[FollowupNews]) -> None:
    """The same as when it was recorded: both carry the full state."""
    keep_new_followup(tx, event)


@consumers.on("followup.erased.v1", ForgottenFollowup)
def forget_followup(tx: Transaction, event: Received[ForgottenFollowup]) -> None:
    """Words of a follow-up are forgotten with somebody who came along; all that is counted stays."""
    _forget(tx, event.data.followup_id)


@consumers.on("customer.erased.v1", ErasureNews)
def forget_the_person(tx: Transaction, event: Received[ErasureNews]) -> None:
    """What the customer is called, and what was said of them in words of somebody's own, is forgotten for good; what
    was counted stays counted.
    """
    nobody = {"customer_id": event.data.customer_id, "branch_id": event.data.branch_id, "name": None}
    keep(tx, tables.names, nobody, FOREVER)
    unname_customer(tx, event.data.customer_id)
    _forget(tx, event.data.customer_id)


def _forget(tx: Transaction, identifier: str) -> None:
    """What people may have said beside the numbers, by the id of whom or what it is about."""
    letters = forget_personal(tx, identifier)
    forget_words(tx, identifier)
    forget_answers(tx, [identifier, *letters])
