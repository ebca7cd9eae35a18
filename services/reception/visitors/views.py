"""Who a visitor is known to be, from reception's own copy of the register."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.visitors.tables import aliases, customer_phones


class UnknownCustomer(Exception):
    """No such customer of the branch has been heard of."""


@dataclass(frozen=True)
class Known:
    """A customer that is known here, and whose it is; nobody's when it lies in the pool."""

    customer_id: str
    owner_id: str | None


def known_by_phone(tx: Transaction, who: Who, branch_id: str, phone: str) -> Known | None:
    """The customer of the branch with this phone (E.164), if the register has told of one."""
    customer_id = tx.execute(*_first_registered(who, branch=branch_id, number=phone)).scalar()
    if customer_id is None:
        return None
    winner_id = winner_of(tx, who, customer_id)
    return _known(tx, who, branch_id, winner_id) or Known(winner_id, None)


def known_by_id(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> Known:
    """The customer of the branch with this id, under whichever id it lives now; raises UnknownCustomer."""
    known = _known(tx, who, branch_id, winner_of(tx, who, customer_id))
    if known is None:
        raise UnknownCustomer
    return known


def winner_of(tx: Transaction, who: Who, customer_id: str) -> str:
    """Follow the merges to the customer that stays."""
    seen = {customer_id}
    while True:
        winner = tx.execute(*_merged_into(who, customer=customer_id)).scalar()
        if winner is None or winner in seen:
            return customer_id
        seen.add(winner)
        customer_id = winner


def _known(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> Known | None:
    row = tx.execute(*_owner_of(who, branch=branch_id, customer=customer_id)).first()
    return Known(customer_id, row.owner_id) if row else None


@prepared
def _first_registered(who: Who) -> Select[Any]:
    with_phone = customer_phones.c.phone == bindparam("number"), customer_phones.c.active
    here = scoped(customer_phones, who).select(customer_phones.c.customer_id).where(*with_phone)
    at_branch = here.where(customer_phones.c.branch_id == bindparam("branch"))
    return at_branch.order_by(customer_phones.c.registered_at, customer_phones.c.customer_id).limit(1)


@prepared
def _owner_of(who: Who) -> Select[Any]:
    wanted = customer_phones.c.customer_id == bindparam("customer"), customer_phones.c.branch_id == bindparam("branch")
    return scoped(customer_phones, who).select(customer_phones.c.owner_id).where(*wanted)


@prepared
def _merged_into(who: Who) -> Select[Any]:
    merged = (aliases.c.loser_id == bindparam("customer")) & aliases.c.active
    return scoped(aliases, who).select(aliases.c.winner_id).where(merged)
