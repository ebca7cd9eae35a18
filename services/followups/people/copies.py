"""Keeping the copies: each call writes one row, unless it already knows something newer."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import BindParameter, bindparam, or_, select, update

from chassis.database import Transaction, upsert
from chassis.events.forgetting import forgotten_among
from services.followups.people.rules import Family, winner_of, without_person
from services.followups.people.tables import aliases, branches, customers, staff

_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
_ALIASES_AT = select(aliases.c.loser_id, aliases.c.winner_id).where(
    aliases.c.active, or_(aliases.c.loser_id.in_(_WANTED), aliases.c.winner_id.in_(_WANTED))
)
_FORGET = update(customers).where(customers.c.customer_id == bindparam("customer"))


def keep_branch(tx: Transaction, values: Mapping[str, Any]) -> bool:
    """Keep a branch's name and time zone; says whether this was news."""
    return upsert(tx, branches, values, ["branch_id"], newer_by="sequence")


def keep_staff(tx: Transaction, values: Mapping[str, Any]) -> bool:
    """Keep a staff member's name and team; says whether this was news."""
    return upsert(tx, staff, values, ["staff_id"], newer_by="sequence")


def keep_customer(tx: Transaction, values: Mapping[str, Any]) -> bool:
    """Keep whose customer it is and its grade, of one who was erased without the name; says whether this was news."""
    kept = without_person(values) if forgotten_among(tx, [values["customer_id"]]) else values
    return upsert(tx, customers, kept, ["customer_id"], newer_by="sequence")


def forget_customer(tx: Transaction, customer_id: str) -> None:
    """Forget what a customer is called."""
    tx.execute(_FORGET, {"customer": customer_id, **without_person({})})


def keep_alias(tx: Transaction, values: Mapping[str, Any]) -> bool:
    """Keep that two customers are one, or no longer; says whether this was news."""
    return upsert(tx, aliases, values, ["loser_id"], newer_by="sequence")


def family_of(tx: Transaction, customer_id: str) -> Family:
    """All ids that stand for the same customer as `customer_id`, itself included."""
    members, found = {customer_id}, {customer_id}
    pairs: dict[str, str] = {}
    while found:
        near = _aliases_at(tx, found)
        pairs |= near
        found = (set(near) | set(near.values())) - members
        members |= found
    return Family(winner_of(customer_id, pairs), frozenset(members))


def _aliases_at(tx: Transaction, ids: Iterable[str]) -> dict[str, str]:
    rows = tx.execute(_ALIASES_AT, {"wanted": list(ids)})
    return {row.loser_id: row.winner_id for row in rows}
