"""Finding or making the customer that a visitor is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Update, bindparam

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.identity import Who
from services.reception.visitors.tables import aliases, customer_phones, own_phones


@dataclass(frozen=True)
class Found:
    """The customer's id, and whether it was made just now."""

    customer_id: str
    is_new: bool


def customer_of_phone(tx: Transaction, who: Who, branch_id: str, phone: str) -> Found:
    """The customer of the branch with this phone; who is not known yet gets an id here and now.

    Two who register the same phone at once get the same id: the second waits for the first.
    """
    registered = _registered(tx, who, branch_id, phone)
    if registered is not None:
        return Found(_winner(tx, who, registered), is_new=False)
    row = {"branch_id": branch_id, "phone": phone, "customer_id": tx.new_id()}
    if insert_if_new(tx, scoped(own_phones, who).table, row, ["branch_id", "phone"]):
        return Found(row["customer_id"], is_new=True)
    customer_id = tx.execute(*_own(who, branch=branch_id, number=phone)).scalar_one()
    if not _gave_up(tx, who, customer_id, phone):
        return Found(_winner(tx, who, customer_id), is_new=False)
    tx.execute(*_handing_on(who, branch=branch_id, number=phone, customer_id=row["customer_id"]))
    return Found(row["customer_id"], is_new=True)


def _registered(tx: Transaction, who: Who, branch_id: str, phone: str) -> str | None:
    """The first registered of those whom the register knows under this phone."""
    customer_id: str | None = tx.execute(*_first_registered(who, branch=branch_id, number=phone)).scalar()
    return customer_id


def _gave_up(tx: Transaction, who: Who, customer_id: str, phone: str) -> bool:
    """Whether the register says that this customer, once entered with this phone, has another one now."""
    if _winner(tx, who, customer_id) != customer_id:
        return False
    return tx.execute(*_with_another_phone(who, customer=customer_id, number=phone)).first() is not None


def _winner(tx: Transaction, who: Who, customer_id: str) -> str:
    """Follow the merges to the customer that stays."""
    seen = {customer_id}
    while True:
        winner = tx.execute(*_merged_into(who, customer=customer_id)).scalar()
        if winner is None or winner in seen:
            return customer_id
        seen.add(winner)
        customer_id = winner


_HERE = (own_phones.c.branch_id == bindparam("branch")) & (own_phones.c.phone == bindparam("number"))


@prepared
def _own(who: Who) -> Select[Any]:
    """Locked, so that of two who find the number given up one makes the new customer and the other finds it."""
    return scoped(own_phones, who).select(own_phones.c.customer_id).where(_HERE).with_for_update()


@prepared
def _handing_on(who: Who) -> Update:
    return scoped(own_phones, who).update().where(_HERE)


@prepared
def _first_registered(who: Who) -> Select[Any]:
    with_phone = customer_phones.c.phone == bindparam("number"), customer_phones.c.active
    here = scoped(customer_phones, who).select(customer_phones.c.customer_id).where(*with_phone)
    at_branch = here.where(customer_phones.c.branch_id == bindparam("branch"))
    return at_branch.order_by(customer_phones.c.registered_at, customer_phones.c.customer_id).limit(1)


@prepared
def _with_another_phone(who: Who) -> Select[Any]:
    known = (customer_phones.c.customer_id == bindparam("customer")) & customer_phones.c.active
    changed = customer_phones.c.phone.is_distinct_from(bindparam("number"))
    return scoped(customer_phones, who).select(customer_phones.c.customer_id).where(known, changed)


@prepared
def _merged_into(who: Who) -> Select[Any]:
    merged = (aliases.c.loser_id == bindparam("customer")) & aliases.c.active
    return scoped(aliases, who).select(aliases.c.winner_id).where(merged)
