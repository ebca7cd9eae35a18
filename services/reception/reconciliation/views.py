"""Which receptions the register's news concern, and with whom each is reconciled."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BindParameter, RowMapping, Select, bindparam, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.receptions.tables import party, receptions
from services.reception.receptions.views import companions_of
from services.reception.reconciliation import rules
from services.reception.reconciliation.rules import Registered
from services.reception.visitors.views import (
    Known,
    first_with_phone,
    ids_of,
    made_of,
    made_with_phones,
    winner_of,
)


def concerned(
    tx: Transaction, who: Who, branch_id: str, customer_id: str, phones: Collection[str]
) -> Sequence[RowMapping]:
    """The completed receptions of this customer, of those merged into them, and of who was made here for the phones.

    Theirs are also those to which they came along.
    """
    ids = {*ids_of(tx, who, customer_id), *made_with_phones(tx, who, branch_id, phones)}
    return tx.execute(*_completed(who, customers=sorted(ids))).mappings().all()


def stands_for(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> str | None:
    """With whom this customer of a reception is reconciled, as far as is known now."""
    made = made_of(tx, who, branch_id, customer_id)
    first = made and made.phone and first_with_phone(tx, who, branch_id, made.phone)
    registered = _registered(tx, who, branch_id, first) if first else None
    winner_id = winner_of(tx, who, customer_id)
    return rules.reconciled_with(customer_id, winner_id, made.registered_at if made else None, registered)


def companions_to_change(tx: Transaction, who: Who, branch_id: str, reception_id: str) -> dict[int, str | None]:
    """Who came along and is to be reconciled otherwise than the reception says: by number, with whom."""
    along = {row["n"]: row for row in companions_of(tx, who, reception_id)}
    wanted = {n: stands_for(tx, who, branch_id, row["customer_id"]) for n, row in along.items()}
    return {n: stands for n, stands in wanted.items() if stands != along[n]["reconciled_with"]}


def _registered(tx: Transaction, who: Who, branch_id: str, known: Known) -> Registered | None:
    if known.registered_at is None:
        return None
    return Registered(known.customer_id, known.registered_at, winner_of(tx, who, known.customer_id))


@prepared
def _completed(who: Who) -> Select[Any]:
    customers: BindParameter[str] = bindparam("customers", expanding=True)
    along = scoped(party, who).select(party.c.reception_id).where(party.c.customer_id.in_(customers))
    theirs = or_(receptions.c.customer_id.in_(customers), receptions.c.id.in_(along))
    completed = scoped(receptions, who).select().where(theirs, receptions.c.state == "completed")
    return completed.order_by(receptions.c.hall_id, receptions.c.id)
