"""Finding or making the customer that a visitor is."""

from dataclasses import dataclass

from chassis.database import Transaction, insert_if_new, scoped
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
    is_new = insert_if_new(tx, scoped(own_phones, who).table, row, ["branch_id", "phone"])
    here = (own_phones.c.branch_id == branch_id) & (own_phones.c.phone == phone)
    # Locked, so that of two who find the number given up one makes the new customer and the other finds it.
    own = scoped(own_phones, who).select(own_phones.c.customer_id).where(here).with_for_update()
    customer_id = tx.execute(own).scalar_one()
    if not _gave_up(tx, who, customer_id, phone):
        return Found(_winner(tx, who, customer_id), is_new)
    tx.execute(scoped(own_phones, who).update().where(here).values(customer_id=row["customer_id"]))
    return Found(str(row["customer_id"]), is_new=True)


def _registered(tx: Transaction, who: Who, branch_id: str, phone: str) -> str | None:
    """The first registered of those whom the register knows under this phone."""
    here = (customer_phones.c.branch_id == branch_id) & (customer_phones.c.phone == phone) & customer_phones.c.active
    first = scoped(customer_phones, who).select(customer_phones.c.customer_id).where(here)
    ordered = first.order_by(customer_phones.c.registered_at, customer_phones.c.customer_id)
    customer_id: str | None = tx.execute(ordered.limit(1)).scalar()
    return customer_id


def _gave_up(tx: Transaction, who: Who, customer_id: str, phone: str) -> bool:
    """Whether the register says that this customer, once entered with this phone, has another one now."""
    if _winner(tx, who, customer_id) != customer_id:
        return False
    known = (customer_phones.c.customer_id == customer_id) & customer_phones.c.active
    changed = known & (customer_phones.c.phone.is_distinct_from(phone))
    return (
        tx.execute(scoped(customer_phones, who).select(customer_phones.c.customer_id).where(changed)).first()
        is not None
    )


def _winner(tx: Transaction, who: Who, customer_id: str) -> str:
    """Follow the merges to the customer that stays."""
    seen = {customer_id}
    while True:
        merged = (aliases.c.loser_id == customer_id) & aliases.c.active
        winner = tx.execute(scoped(aliases, who).select(aliases.c.winner_id).where(merged)).scalar()
        if winner is None or winner in seen:
            return customer_id
        seen.add(winner)
        customer_id = winner
