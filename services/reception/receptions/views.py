"""Reading receptions, and the line with what everybody in it is doing."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, RowMapping, Select, bindparam, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.delegations.views import delegate_for
from services.reception.forfeits.views import is_suspended
from services.reception.people.views import works_there
from services.reception.policy.rules import Policy
from services.reception.receptions.rules import Served
from services.reception.receptions.tables import IS_OPEN, IS_SERVED, party, receptions
from services.reception.rotation.rules import Arrival, Kind, Place, Role
from services.reception.rotation.tables import halls, places
from services.reception.visitors.views import ids_of, winner_of

_MOST_OF_A_CUSTOMER = 50
_OF_PLACE = ("staff_id", "on_duty", "away", "is_ready")


class UnknownReception(Exception):
    """There is no such reception within reach."""


def line_of(tx: Transaction, who: Who, hall_id: str) -> list[Place]:
    """The hall's line from its head, with what everybody is doing; whoever left the branch is off duty."""
    rows = tx.execute(*_line(who, hall=hall_id, now=tx.now()))
    return [
        Place(row.staff_id, row.on_duty and row.works_there, row.serving, row.away, row.suspended, row.is_ready)
        for row in rows
    ]


def arrival_of(tx: Transaction, who: Who, row: RowMapping | dict[str, Any], policy: Policy) -> Arrival:
    """What the rules look at in a reception, as of now."""
    original_id, delegate_id = row["original_id"], None
    if original_id is not None:
        customer_id = row["known_customer_id"]
        delegate_id = delegate_for(tx, who, row["branch_id"], original_id, customer_id, tx.now())
    elsewhere = frozenset[str]()
    if policy.halls_joined:
        found = tx.execute(*_elsewhere(who, branch=row["branch_id"], hall=row["hall_id"])).scalars()
        elsewhere = frozenset(found)
    return Arrival(Kind(row["kind"]), original_id, delegate_id, frozenset(row["called"] or ()), elsewhere)


def served_of(row: RowMapping) -> Served:
    """What a reception was, as far as its end is decided by it."""
    return Served(
        kind=Kind(row["kind"]),
        role=Role(row["role"] or Role.A),
        server_id=row["server_id"],
        original_id=row["original_id"],
        witnessed=row["witnessed_at"] is not None,
        taken_over=row["taken_over_at"] is not None,
        original_left=row["original_left"],
    )


def locked_hall_of(tx: Transaction, who: Who, reception_id: str) -> RowMapping:
    """The hall of a reception, locked; raises UnknownReception."""
    row = tx.execute(*_locked_hall_of(who, reception=reception_id)).mappings().first()
    if row is None:
        raise UnknownReception
    return row


def serves_elsewhere(tx: Transaction, who: Who, hall_id: str) -> bool:
    """Whether the asker has a visitor in another hall: those who wait here would not learn of their being free."""
    return tx.execute(*_served_elsewhere(who, hall=hall_id)).first() is not None


def open_in(tx: Transaction, who: Who, hall_id: str) -> Sequence[RowMapping]:
    """Receptions that have not ended, in order of arrival."""
    return tx.execute(*_open_in(who, hall=hall_id)).mappings().all()


def reception_of(tx: Transaction, who: Who, reception_id: str) -> RowMapping:
    """One reception; raises UnknownReception."""
    row = tx.execute(*_one_reception(who, reception=reception_id)).mappings().first()
    if row is None:
        raise UnknownReception
    return row


def companions_of(tx: Transaction, who: Who, reception_id: str) -> Sequence[RowMapping]:
    """Who came with the visitor and was registered too."""
    return tx.execute(*_companions(who, reception=reception_id)).mappings().all()


def receptions_with(tx: Transaction, who: Who, customer_id: str) -> Sequence[RowMapping]:
    """The last receptions in which this customer was the visitor or came along, by any of their ids; newest first."""
    ids = ids_of(tx, who, winner_of(tx, who, customer_id))
    return tx.execute(*_with_customer(who, wanted=list(ids))).mappings().all()


def was_received(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> bool:
    """Whether this customer has been received at the branch before."""
    return tx.execute(*_received(who, branch=branch_id, customer=customer_id)).first() is not None


@prepared
def _line(who: Who) -> Select[Any]:
    served = (
        scoped(receptions, who).select(receptions.c.id).where(IS_SERVED, receptions.c.server_id == places.c.staff_id)
    )
    facts = (
        works_there(who, places.c.branch_id, places.c.staff_id).label("works_there"),
        served.correlate(scoped(places, who).table).exists().label("serving"),
        is_suspended(who, places.c.branch_id, places.c.staff_id).label("suspended"),
    )
    here = scoped(places, who).select(*(places.c[name] for name in _OF_PLACE), *facts)
    return here.where(places.c.hall_id == bindparam("hall")).order_by(places.c.rank)


@prepared
def _elsewhere(who: Who) -> Select[Any]:
    others = places.c.branch_id == bindparam("branch"), places.c.hall_id != bindparam("hall"), places.c.on_duty
    return scoped(places, who).select(places.c.staff_id).where(*others)


@prepared
def _locked_hall_of(who: Who) -> Select[Any]:
    its_hall = scoped(receptions, who).select(receptions.c.hall_id).where(receptions.c.id == bindparam("reception"))
    return scoped(halls, who).select().where(halls.c.id.in_(its_hall)).with_for_update()


@prepared
def _served_elsewhere(who: Who) -> Select[Any]:
    mine = scoped(receptions, who).select(receptions.c.id).where(IS_SERVED, receptions.c.server_id == who.actor_id)
    return mine.where(receptions.c.hall_id != bindparam("hall"))


@prepared
def _open_in(who: Who) -> Select[Any]:
    here = scoped(receptions, who).select().where(receptions.c.hall_id == bindparam("hall"), IS_OPEN)
    return here.order_by(receptions.c.arrived_at, receptions.c.id)


@prepared
def _one_reception(who: Who) -> Select[Any]:
    return scoped(receptions, who).select().where(receptions.c.id == bindparam("reception"))


@prepared
def _companions(who: Who) -> Select[Any]:
    return scoped(party, who).select().where(party.c.reception_id == bindparam("reception")).order_by(party.c.n)


@prepared
def _with_customer(who: Who) -> Select[Any]:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    along = scoped(party, who).select(party.c.reception_id).where(party.c.customer_id.in_(wanted))
    theirs = or_(receptions.c.customer_id.in_(wanted), receptions.c.id.in_(along))
    newest = receptions.c.arrived_at.desc(), receptions.c.id.desc()
    return scoped(receptions, who).select().where(theirs).order_by(*newest).limit(_MOST_OF_A_CUSTOMER)


@prepared
def _received(who: Who) -> Select[Any]:
    theirs = receptions.c.branch_id == bindparam("branch"), receptions.c.customer_id == bindparam("customer")
    return scoped(receptions, who).select(receptions.c.id).where(*theirs, receptions.c.state == "completed").limit(1)
