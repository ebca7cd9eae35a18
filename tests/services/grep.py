"""Looking for words in everything that a database holds."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import inspect, text

from chassis.database import Database


def where_they_stand(database: Database, words: Collection[str]) -> list[str]:
    """`table.column: word` for each of these words that stands anywhere, whole or as part of something longer.

    All columns of all tables are read, also those that a database keeps for itself to search by.
    """
    with database.read() as tx:
        tables = inspect(tx.connection).get_table_names()
        found = [(table, dict(row)) for table in tables for row in tx.execute(_all_of(table)).mappings()]
    return sorted({f"{table}.{column}: {word}" for table, row in found for column, word in _named(row, words)})


def places_of(database: Database, words: Collection[str]) -> list[str]:
    """The same without the words: `table.column`."""
    return sorted({place.split(": ")[0] for place in where_they_stand(database, words)})


def _all_of(table: str) -> Any:
    return text(f'SELECT * FROM "{table}"')  # a name that the database itself gave


def _named(row: dict[str, Any], words: Collection[str]) -> Iterator[tuple[str, str]]:
    for column, value in row.items():
        shown = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        yield from ((column, word) for word in words if word in shown or _escaped(word) in shown)


def _escaped(word: str) -> str:
    """As JSON writes it where it keeps to ASCII."""
    return word.encode("unicode_escape").decode()
