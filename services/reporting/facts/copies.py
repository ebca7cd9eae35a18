"""Keeping facts: one statement per event, which says by itself whether the event is news."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table

from chassis.database import Transaction, upsert_later


def keep(tx: Transaction, table: Table, values: Mapping[str, Any], sequence: int) -> None:
    """Keep the full state that an event carries, unless the same or a newer one stands there."""
    (key,) = table.primary_key.columns.keys()
    upsert_later(tx, table, {**values, "sequence": sequence}, (key,), newer_by="sequence")
