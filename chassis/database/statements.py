"""Statements that both databases know under slightly different names.

Each is built once and run with values: building one costs more than running it.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from chassis.database.transaction import Transaction


def insert_if_new(tx: Transaction, table: Table, values: Mapping[str, Any], keys: Sequence[str]) -> bool:
    """Insert the row unless one with the same `keys` stands there; says whether it was new."""
    return _wrote(tx, _insert_if_new(_dialect(tx), table, tuple(keys)), values)


def upsert(
    tx: Transaction, table: Table, values: Mapping[str, Any], keys: Sequence[str], newer_by: str | None = None
) -> bool:
    """Insert the row, or replace the one with the same `keys`; says whether anything was written.

    With `newer_by`, only a row whose column of that name is smaller is replaced: an event that arrives late or
    twice changes nothing.
    """
    return _wrote(tx, _upsert(_dialect(tx), table, tuple(values), tuple(keys), newer_by), values)


def upsert_later(
    tx: Transaction, table: Table, values: Mapping[str, Any], keys: Sequence[str], newer_by: str | None = None
) -> None:
    """The same as `upsert` when nobody asks what was written: many of them in one transaction cost one trip."""
    tx.execute_later(_upsert(_dialect(tx), table, tuple(values), tuple(keys), newer_by), dict(values))


@lru_cache(maxsize=1024)
def _insert_if_new(dialect: str, table: Table, keys: tuple[str, ...]) -> Any:
    return _insert(dialect, table).on_conflict_do_nothing(index_elements=list(keys))


@lru_cache(maxsize=1024)
def _upsert(dialect: str, table: Table, names: tuple[str, ...], keys: tuple[str, ...], newer_by: str | None) -> Any:
    statement = _insert(dialect, table)
    changes = {name: statement.excluded[name] for name in names if name not in keys}
    condition = None if newer_by is None else table.c[newer_by] < statement.excluded[newer_by]
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changes, where=condition)


def _insert(dialect: str, table: Table) -> Any:
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return made.execution_options(preserve_rowcount=True)  # with psycopg an INSERT's count is -1 otherwise


def _dialect(tx: Transaction) -> str:
    return tx.connection.dialect.name


def _wrote(tx: Transaction, statement: Any, values: Mapping[str, Any]) -> bool:
    return tx.execute(statement, dict(values)).rowcount == 1
