"""What came of the numbers: what was answered, held against what stands in the announcer and the reader.

    book = Book()                                    the clients write into it (tests.faults.asking)
    book.strike(applied(reader))                     at each fault: what is on its way now is in flight
    count(book, said(announcer), applied(reader))    when all has come to rest

A number that was asked for and whose answer was cut off may stand or not; it must be the same in both services.
"""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from chassis.bus.local import LocalBus
from chassis.database import Database
from chassis.events.tables import outbox
from chassis.runtime import Worker, settle
from tests.faults.numbers import ANNOUNCER, APPLIED, NUMBERS, READER, TOTALS, say


@dataclass(frozen=True)
class Count:
    """The outcome of faults; all but `recovered` must be zero.

    lost: answered, or standing in the announcer, and never applied. applied_twice: applied more than once.
    unexpected: applied, and never asked for or not standing in the announcer. recovered: in flight when a fault
    struck, and applied afterwards.
    """

    lost: int
    applied_twice: int
    unexpected: int
    recovered: int

    @property
    def is_clean(self) -> bool:
        return (self.lost, self.applied_twice, self.unexpected) == (0, 0, 0)


@dataclass
class Book:
    """What the clients know: which numbers they asked for, which were answered, which a fault met on their way."""

    asked: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    in_flight: set[int] = field(default_factory=set)

    def strike(self, applied: Mapping[int, int]) -> None:
        """A fault struck now, when the reader had applied these."""
        self.in_flight |= self.asked - applied.keys()


def count(book: Book, said: set[int], applied: Mapping[int, int]) -> Count:
    """Compare the clients' book with the announcer's numbers and the reader's."""
    return Count(
        lost=len((book.answered | said) - applied.keys()),
        applied_twice=sum(times > 1 for times in applied.values()),
        unexpected=len(applied.keys() - (book.asked & said)),
        recovered=len(book.in_flight & applied.keys()),
    )


def said(announcer: Database) -> set[int]:
    """The numbers that stand in the announcer."""
    with announcer.read() as tx:
        return set(tx.execute(select(NUMBERS.c.number)).scalars())


def applied(reader: Database) -> dict[int, int]:
    """How often the reader applied each number."""
    with reader.read() as tx:
        return {row.number: row.times for row in tx.execute(select(APPLIED))}


def positions(announcer: Database) -> list[int | None]:
    """The positions of the announcer's events, in their order; None for what is not published."""
    with announcer.read() as tx:
        return list(tx.execute(select(outbox.c.position).order_by(outbox.c.position)).scalars())


@dataclass(frozen=True)
class Tables:
    """All that the reader made of what it heard."""

    applied: Mapping[int, int]
    totals: Mapping[str, tuple[int, int]]


def tables(reader: Database) -> Tables:
    """The reader's tables as they stand."""
    with reader.read() as tx:
        totals = {row.subject: (row.version, row.total) for row in tx.execute(select(TOTALS))}
    return Tables(applied(reader), totals)


def tables_without_faults(numbers: Iterable[int]) -> Tables:
    """The reader's tables after these numbers were said and nothing went wrong: really fed, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        databases = [open_sqlite(Path(folder), name) for name in ("announcer", "reader")]
        bus = LocalBus()
        workers = [Worker(service, db, bus) for service, db in zip((ANNOUNCER, READER), databases, strict=True)]
        with databases[0].write() as tx:
            for number in numbers:
                say(tx, number)
        settle(workers)
        found = tables(databases[1])
        for database in databases:
            database.close()
        return found


def tables_equal(reader: Database, numbers: Iterable[int]) -> bool:
    """Whether the reader's tables are those of a run of these numbers without faults."""
    return tables(reader) == tables_without_faults(numbers)


def open_sqlite(folder: Path, name: str) -> Database:
    """The announcer's or the reader's file in a folder, made if it is not there."""
    database = Database(f"sqlite:///{folder / name}.db", name)
    make_tables(database)
    return database


def make_tables(database: Database) -> None:
    """The tables of the service that the database belongs to."""
    services = {service.name: service for service in (ANNOUNCER, READER)}
    services[database.service].metadata.create_all(database.engine)
