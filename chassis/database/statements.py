"""Statements that both databases know under slightly different names."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from chassis.database.transaction import Transaction


def insert_if_new(tx: Transaction, table: Table, values: Mapping[str, Any], keys: Sequence[str]) -> bool:
    """Insert the row unless one with the same `keys` stands there; says whether it was new."""
    statement = _insert(tx, table).values(dict(values)).on_conflict_do_nothing(index_elements=list(keys))
    return tx.execute(statement).rowcount == 1


def upsert(
    tx: Transaction, table: Table, values: Mapping[str, Any], keys: Sequence[str], newer_by: str | None = None
) -> bool:
    """Insert the row, or replace the one with the same `keys`; says whether anything was written.

    With `newer_by`, only a row whose column of that name is smaller is replaced: an event that arrives late or
    twice changes nothing.
    """
    statement = _insert(tx, table).values(dict(values))
    changes = {name: statement.excluded[name] for name in values if name not in keys}
    condition = None if newer_by is None else table.c[newer_by] < statement.excluded[newer_by]
    done = tx.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes, where=condition))
    return done.rowcount == 1


def _insert(tx: Transaction, table: Table) -> Any:
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
