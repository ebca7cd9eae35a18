"""Finding or making the customer that a visitor is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Update, bindparam

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.identity import Who
from services.reception.visitors.tables import own_phones
from services.reception.visitors.views import gave_up, is_erased, registered_by_phone, winner_of


@dataclass(frozen=True)
class Found:
    """The customer's id, and whether it was made just now."""

    customer_id: str
    is_new: bool


def customer_of_phone(tx: Transaction, who: Who, branch_id: str, phone: str, name: str, owner_id: str) -> Found:
    """The customer of the branch with this phone; who is not known yet gets an id here and now, and this owner.

    Two who register the same phone at once get the same id: the second waits for the first.
    """
    known = registered_by_phone(tx, who, branch_id, phone)
    if known is not None:
        return Found(known.customer_id, is_new=False)
    made: dict[str, Any] = {"customer_id": tx.new_id(), "owner_id": owner_id, "name": name, "registered_at": tx.now()}
    if insert_if_new(
        tx, scoped(own_phones, who).table, {"branch_id": branch_id, "phone": phone} | made, ["branch_id", "phone"]
    ):
        return Found(made["customer_id"], is_new=True)
    customer_id = tx.execute(*_own(who, branch=branch_id, number=phone)).scalar_one()
    winner_id = winner_of(tx, who, customer_id)
    if not (gave_up(tx, who, customer_id, phone) or is_erased(tx, winner_id)):
        return Found(winner_id, is_new=False)
    tx.execute(*_handing_on(who, branch=branch_id, number=phone, **made))
    return Found(made["customer_id"], is_new=True)


_HERE = (own_phones.c.branch_id == bindparam("branch")) & (own_phones.c.phone == bindparam("number"))


@prepared
def _own(who: Who) -> Select[Any]:
    """Locked, so that of two who find the number given up one makes the new customer and the other finds it."""
    return scoped(own_phones, who).select(own_phones.c.customer_id).where(_HERE).with_for_update()


@prepared
def _handing_on(who: Who) -> Update:
    return scoped(own_phones, who).update().where(_HERE)
