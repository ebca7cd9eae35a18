"""Finding or making the customer that a visitor is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Update, bindparam

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.identity import Who
from services.reception.visitors.tables import customer_phones, own_phones
from services.reception.visitors.views import known_by_phone, winner_of


@dataclass(frozen=True)
class Found:
    """The customer's id, and whether it was made just now."""

    customer_id: str
    is_new: bool


def customer_of_phone(tx: Transaction, who: Who, branch_id: str, phone: str) -> Found:
    """The customer of the branch with this phone; who is not known yet gets an id here and now.

    Two who register the same phone at once get the same id: the second waits for the first.
    """
    known = known_by_phone(tx, who, branch_id, phone)
    if known is not None:
        return Found(known.customer_id, is_new=False)
    row = {"branch_id": branch_id, "phone": phone, "customer_id": tx.new_id()}
    if insert_if_new(tx, scoped(own_phones, who).table, row, ["branch_id", "phone"]):
        return Found(row["customer_id"], is_new=True)
    customer_id = tx.execute(*_own(who, branch=branch_id, number=phone)).scalar_one()
    if not _gave_up(tx, who, customer_id, phone):
        return Found(winner_of(tx, who, customer_id), is_new=False)
    tx.execute(*_handing_on(who, branch=branch_id, number=phone, customer_id=row["customer_id"]))
    return Found(row["customer_id"], is_new=True)


def _gave_up(tx: Transaction, who: Who, customer_id: str, phone: str) -> bool:
    """Whether the register says that this customer, once entered with this phone, has another one now."""
    if winner_of(tx, who, customer_id) != customer_id:
        return False
    return tx.execute(*_with_another_phone(who, customer=customer_id, number=phone)).first() is not None


_HERE = (own_phones.c.branch_id == bindparam("branch")) & (own_phones.c.phone == bindparam("number"))


@prepared
def _own(who: Who) -> Select[Any]:
    """Locked, so that of two who find the number given up one makes the new customer and the other finds it."""
    return scoped(own_phones, who).select(own_phones.c.customer_id).where(_HERE).with_for_update()


@prepared
def _handing_on(who: Who) -> Update:
    return scoped(own_phones, who).update().where(_HERE)


@prepared
def _with_another_phone(who: Who) -> Select[Any]:
    known = (customer_phones.c.customer_id == bindparam("customer")) & customer_phones.c.active
    changed = customer_phones.c.phone.is_distinct_from(bindparam("number"))
    return scoped(customer_phones, who).select(customer_phones.c.customer_id).where(known, changed)
