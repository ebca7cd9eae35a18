"""Which receptions the register's news concern, and with whom each is reconciled."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.receptions.tables import receptions
from services.reception.reconciliation import rules
from services.reception.reconciliation.rules import Registered
from services.reception.visitors.views import (
    Known,
    UnknownCustomer,
    first_with_phone,
    ids_of,
    known_by_id,
    made_of,
    made_with_phone,
    winner_of,
)


def concerned(tx: Transaction, who: Who, branch_id: str, customer_id: str, phone: str | None) -> Sequence[RowMapping]:
    """The completed receptions of this customer, of those merged into them, and of who was made here for the phone."""
    ids = set(ids_of(tx, who, customer_id))
    made_id = phone and made_with_phone(tx, who, branch_id, phone)
    return tx.execute(*_completed(who, customers=sorted(ids | {made_id} if made_id else ids))).mappings().all()


def stands_for(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> str | None:
    """With whom a reception of this customer is reconciled, as far as is known now."""
    made = made_of(tx, who, branch_id, customer_id)
    first = made and made.phone and first_with_phone(tx, who, branch_id, made.phone)
    registered = _registered(tx, who, branch_id, first) if first else None
    winner_id = winner_of(tx, who, customer_id)
    return rules.reconciled_with(customer_id, winner_id, made.registered_at if made else None, registered)


def owner_of(tx: Transaction, who: Who, branch_id: str, customer_id: str | None) -> str | None:
    """Whose the customer is, as far as has been heard."""
    if customer_id is None:
        return None
    try:
        return known_by_id(tx, who, branch_id, customer_id).owner_id
    except UnknownCustomer:
        return None


def _registered(tx: Transaction, who: Who, branch_id: str, known: Known) -> Registered | None:
    if known.registered_at is None:
        return None
    return Registered(known.customer_id, known.registered_at, winner_of(tx, who, known.customer_id))


@prepared
def _completed(who: Who) -> Select[Any]:
    theirs = receptions.c.customer_id.in_(bindparam("customers", expanding=True)), receptions.c.state == "completed"
    return scoped(receptions, who).select().where(*theirs).order_by(receptions.c.hall_id, receptions.c.id)
