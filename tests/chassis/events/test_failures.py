"""Whose fault a failure is, and what may be written down of it, on both databases."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, String, Table, insert, text

from chassis.database import Database, DatabaseBusy
from chassis.events import failures

METADATA = MetaData()
PEOPLE = Table("people", METADATA, Column("phone", String(20), primary_key=True))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, "reader")
    METADATA.create_all(database.engine)
    yield database
    database.close()


def _failure_of(database: Database, *statements: object) -> Exception:
    with pytest.raises(Exception) as caught, database.write() as tx:  # noqa: PT011
        for statement in statements:
            tx.execute(statement)  # type: ignore[arg-type]
    return caught.value


def test_a_broken_constraint_is_the_events_and_says_nobodys_phone(database: Database) -> None:
    """A duplicate counts as an attempt; its description names the place, never the value."""
    one = insert(PEOPLE).values(phone="+8613800000000")
    error = _failure_of(database, one, one)
    assert not failures.is_the_databases(error)
    assert "13800000000" not in failures.describe(error)
    assert "IntegrityError" in failures.describe(error)
    assert "test_failures.py" in failures.describe(error)


def test_a_wrong_statement_is_the_handlers(database: Database) -> None:
    """A table that does not exist will not be there the next time either: it counts."""
    assert not failures.is_the_databases(_failure_of(database, text("SELECT * FROM nowhere")))


def test_a_missing_server_is_the_databases() -> None:
    """Nobody listening where PostgreSQL should be is no event's fault."""
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none", "reader")
    assert failures.is_the_databases(_failure_of(database, text("SELECT 1")))


def test_a_file_that_another_holds_is_the_databases(tmp_path: Path) -> None:
    """SQLite's "database is locked" is no event's fault."""
    file = tmp_path / "held.db"
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("CREATE TABLE t (x)")
    holder.execute("BEGIN EXCLUSIVE")
    database = Database(f"sqlite:///{file}?timeout=0", "reader")
    assert failures.is_the_databases(_failure_of(database, text("SELECT 1")))
    holder.close()


def test_no_turn_to_write_is_the_databases() -> None:
    """A queue before the file that is too long is no event's fault."""
    assert failures.is_the_databases(DatabaseBusy("reader"))
    assert not failures.is_the_databases(ValueError("x"))
