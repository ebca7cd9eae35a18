"""Keeping facts: one statement per event, which says by itself whether the event is news."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, bindparam, update

from chassis.database import Transaction, upsert_later
from services.reporting.facts.tables import customers

_UNNAME = update(customers).where(customers.c.customer_id == bindparam("customer")).values(name=None)


def keep(tx: Transaction, table: Table, values: Mapping[str, Any], sequence: int) -> None:
    """Keep the full state that an event carries, unless the same or a newer one stands there."""
    (key,) = table.primary_key.columns.keys()
    upsert_later(tx, table, {**values, "sequence": sequence}, (key,), newer_by="sequence")


def unname_customer(tx: Transaction, customer_id: str) -> None:
    """Take out the name that code older than `names` has written beside this code."""
    tx.execute_later(_UNNAME, {"customer": customer_id})
