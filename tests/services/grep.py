"""Looking for words in everything that a service keeps."""

from collections.abc import Sequence

from sqlalchemy import select

from chassis.database import Database
from chassis.service import Service


def places_of(database: Database, service: Service, words: Sequence[str]) -> list[str]:
    """`table.column` of every column of every table of the service in which one of the words stands."""
    found = set()
    with database.read() as tx:
        for table in service.metadata.sorted_tables:
            for row in tx.execute(select(table)).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if _holds(value, words)}
    return sorted(found)


def _holds(value: object, words: Sequence[str]) -> bool:
    return any(word in (value.decode(errors="replace") if isinstance(value, bytes) else str(value)) for word in words)
