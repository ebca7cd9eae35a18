"""Statements left for later: they are run in time, in their order, and fail with their transaction."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import ARRAY, Boolean, Column, Date, Integer, MetaData, String, Table, Text, insert, select
from sqlalchemy.exc import IntegrityError

from chassis.database import Database, Instant, Json, upsert_later

METADATA = MetaData()
THINGS = Table(
    "things",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("value", Integer, nullable=False),
)
INSERT = insert(THINGS)
WORDS = Table(
    "words",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("day", Date, nullable=False),
    Column("says", Json),
    Column("sure", Boolean, nullable=False),
    Column("numbers", Text().with_variant(ARRAY(Integer), "postgresql")),
)
_SAY = insert(WORDS)
_CROWD = 60  # as many as go in by one statement


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, "reader")
    METADATA.create_all(database.engine)
    yield database
    database.close()


def _thing(sequence: int, value: int | None) -> dict[str, object]:
    return {"id": "a", "sequence": sequence, "value": value}


def _values(database: Database) -> list[int]:
    with database.read() as tx:
        return list(tx.execute(select(THINGS.c.value)).scalars())


def test_what_is_left_for_later_is_committed(database: Database) -> None:
    """The end of the transaction runs what was left, the newest version of one row winning."""
    with database.write() as tx:
        for sequence in (1, 3, 2):
            upsert_later(tx, THINGS, _thing(sequence, sequence * 10), ["id"], newer_by="sequence")
    assert _values(database) == [30]


def test_a_statement_sees_what_was_left_before_it(database: Database) -> None:
    """Asking the database runs what was left first: nobody reads around their own writes."""
    with database.write() as tx:
        upsert_later(tx, THINGS, _thing(1, 10), ["id"], newer_by="sequence")
        assert tx.execute(select(THINGS.c.value)).scalar_one() == 10


def test_what_fails_later_fails_the_transaction(database: Database) -> None:
    """A refused row among those left for later leaves nothing behind."""
    with pytest.raises(IntegrityError), database.write() as tx:
        upsert_later(tx, THINGS, _thing(1, 10), ["id"])
        upsert_later(tx, THINGS, _thing(2, None), ["id"])
    assert _values(database) == []


def test_many_rows_are_written_as_one_by_one(database: Database) -> None:
    """However many rows a statement is left with, each is stored as it would be alone, in their order."""
    rows = [{"id": str(number), "sequence": number, "value": number * 10} for number in range(20_000)]
    with database.write() as tx:
        for row in rows:
            tx.execute_later(INSERT, row)
        for sequence in range(10):
            upsert_later(tx, THINGS, _thing(sequence, sequence), ["id"], newer_by="sequence")
    assert sorted(_values(database)) == sorted([*range(0, 200_000, 10), 9])


def test_many_dates_and_documents_are_stored_as_one_would_be(database: Database) -> None:
    """Values that a column writes in its own way are written so in a crowd."""
    said = {"at": datetime(2026, 3, 2, tzinfo=UTC), "day": date(2026, 3, 2), "says": {"名": "\t\\N"}, "sure": True}
    said["numbers"] = None if database.is_sqlite else [-1, 2]
    with database.write() as tx:
        for number in range(_CROWD):
            tx.execute_later(_SAY, {"id": number, **said})
        tx.flush()
        tx.execute_later(_SAY, {"id": _CROWD, **said, "says": None, "numbers": None})
    with database.read() as tx:
        found = [dict(row) for row in tx.execute(select(WORDS).order_by(WORDS.c.id)).mappings()]
    alone = {"id": _CROWD, **said, "says": None, "numbers": None}
    assert found == [*({"id": number, **said} for number in range(_CROWD)), alone]


def test_one_wrong_row_in_a_crowd_leaves_nothing_behind(database: Database) -> None:
    """Many rows go in together or not at all, and the transaction says what was wrong as for one."""
    with pytest.raises(IntegrityError), database.write() as tx:
        for number in range(_CROWD):
            tx.execute_later(INSERT, {"id": str(number % (_CROWD - 1)), "sequence": 1, "value": 1})
    assert _values(database) == []
