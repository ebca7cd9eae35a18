"""Keeping the copy of what the register tells of a customer, unless something newer stands there."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Delete, Select, bindparam

from chassis.database import Transaction, prepared, scoped, upsert
from chassis.events.forgetting import forgotten_among
from chassis.identity import Who
from services.reception.visitors.tables import customer_phones, other_phones

_FIRST = 1
"""The sequence of the first word of a customer: before it nothing can be known of them."""


def keep_customer(
    tx: Transaction, who: Who, row: Mapping[str, Any], others: Mapping[str, str]
) -> frozenset[str] | None:
    """Keep a row as in `customer_phones`, and the phones beside the one in it, each with the id that bears it; None: it
    was no news.

    Answers all phones by which the customer was recognised until now, or is from now on.
    """
    is_first = row["sequence"] == _FIRST
    former = None if is_first else tx.execute(*_phone_of(who, customer=row["customer_id"])).scalar()
    if not upsert(tx, scoped(customer_phones, who).table, row, ["customer_id"], newer_by="sequence"):
        return None
    gone = () if is_first else tx.execute(*_taken_away(who, customer=row["customer_id"])).scalars().all()
    erased = forgotten_among(tx, others.values())
    for phone, bearer_id in others.items():
        if bearer_id not in erased:
            told = {"customer_id": row["customer_id"], "branch_id": row["branch_id"], "bearer_id": bearer_id}
            tx.execute_later(*scoped(other_phones, who).new(told | {"phone": phone}))
    return frozenset(phone for phone in (former, row["phone"], *gone, *others) if phone)


def forget_others(tx: Transaction, who: Who, customer_id: str) -> None:
    """Forget what was told of phones of this customer, and those of theirs that were told of others."""
    tx.execute(*_taken_away(who, customer=customer_id))
    tx.execute(scoped(other_phones, who).delete().where(other_phones.c.bearer_id == customer_id))


@prepared
def _phone_of(who: Who) -> Select[Any]:
    """Locked: of two words of one customer that come at once the second knows what the first has said."""
    mine = customer_phones.c.customer_id == bindparam("customer")
    return scoped(customer_phones, who).select(customer_phones.c.phone).where(mine).with_for_update()


@prepared
def _taken_away(who: Who) -> Any:
    """Taken away, and answered."""
    mine: Delete = scoped(other_phones, who).delete().where(other_phones.c.customer_id == bindparam("customer"))
    return mine.returning(other_phones.c.phone)
