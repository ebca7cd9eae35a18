"""Statements left for later: they are run in time, in their order, and fail with their transaction."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select
from sqlalchemy.exc import IntegrityError

from chassis.database import Database, upsert_later

METADATA = MetaData()
THINGS = Table(
    "things",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("value", Integer, nullable=False),
)


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
