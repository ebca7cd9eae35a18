"""Keeping facts: one statement per event, which says by itself whether the event is news."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, case, exists, func, null, or_, text, update
from sqlalchemy.dialects import postgresql, sqlite

from chassis.database import Transaction, upsert_later
from chassis.events.tables import forgotten
from services.reporting.facts.rules import USUAL
from services.reporting.facts.tables import customers, followups

_UNNAME = update(customers).where(customers.c.customer_id == bindparam("customer")).values(name=None)


def keep(tx: Transaction, table: Table, values: Mapping[str, Any], sequence: int) -> None:
    """Keep the full state that an event carries, unless the same or a newer one stands there."""
    (key,) = table.primary_key.columns.keys()
    upsert_later(tx, table, {**values, "sequence": sequence}, (key,), newer_by="sequence")


def keep_followup(tx: Transaction, values: Mapping[str, Any], sequence: int) -> None:
    """The same of a follow-up; its words that are not usual ones only if nobody whom it names is to be forgotten."""
    usual = {name: values[name] if values[name] in words else None for name, words in USUAL.items()}
    own = {f"own_{name}": None if usual[name] else values[name] for name in USUAL}
    row = {f"its_{name}": value for name, value in {**values, **usual, "sequence": sequence}.items()}
    tx.execute_later(_kept_followup(tx.connection.dialect.name), row | own)


def forget_words(tx: Transaction, identifier: str) -> None:
    """Take the words that are not usual ones out of the follow-ups of a customer, or out of one follow-up.

    Whoever keeps one meanwhile is waited for, and whoever comes later knows already that they are forgotten.
    """
    if tx.connection.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE followups IN SHARE ROW EXCLUSIVE MODE"))
    tx.execute(_FORGET_WORDS, {"identifier": identifier})


def unname_customer(tx: Transaction, customer_id: str) -> None:
    """Take out the name that code older than `names` has written beside this code."""
    tx.execute_later(_UNNAME, {"customer": customer_id})


def _left(name: str) -> ColumnElement[Any]:
    column, words = followups.c[name], USUAL[name]
    return case((column.in_(words), column)) if words else null()


_FORGET_WORDS = (
    update(followups)
    .where(or_(followups.c.customer_id == bindparam("identifier"), followups.c.followup_id == bindparam("identifier")))
    .values({name: _left(name) for name in USUAL})
)


@cache
def _kept_followup(dialect: str) -> Any:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    its: dict[str, Any] = {one.name: bindparam(f"its_{one.name}", type_=one.type) for one in followups.c}
    gone = exists().where(forgotten.c.id.in_([its["customer_id"], its["followup_id"]]))
    for name in USUAL:
        own = bindparam(f"own_{name}", type_=followups.c[name].type)
        its[name] = func.coalesce(its[name], case((~gone, own)))
    new = insert(followups).values(its)
    changes = {column.name: new.excluded[column.name] for column in followups.c if not column.primary_key}
    newer = followups.c.sequence < new.excluded.sequence
    return new.on_conflict_do_update(index_elements=[followups.c.followup_id], set_=changes, where=newer)
