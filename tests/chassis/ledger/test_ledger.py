"""The hash-chained ledger: append-only, verifiable, and able to forget people."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DatabaseError

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.furniture import furnish
from chassis.ledger import (
    Broken,
    Line,
    append,
    append_many,
    entries,
    erase_personal,
    erase_personal_of,
    head,
    verify,
    verify_entry,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "probe", StandingClock(NOW), patience=60)
    furnish(MetaData()).create_all(opened.engine)
    yield opened
    opened.close()


def _write_three(database: Database) -> None:
    for number in (1, 2, 3):
        with database.write() as tx:
            append(tx, "credits", "credit.given", f"person/{number}", {"amount": number}, {"name": f"某{number}"})


def test_a_chain_verifies_and_reads_back(database: Database) -> None:
    """What was appended is read back in order, personal part included, and the chain is whole."""
    _write_three(database)
    with database.read() as tx:
        read = [(e.n, e.at, e.subject, e.body, e.personal) for e in entries(tx, "credits")]
        assert verify(tx) == []
    assert read[1] == (2, NOW, "person/2", {"amount": 2}, {"name": "某2"})


def test_many_entries_at_once_are_a_chain_like_any_other(database: Database) -> None:
    """Written together they count on, in their order, each with its personal part, and the chain is whole."""
    _write_three(database)
    named = [{"name": f"某{n}"} if n % 2 else None for n in range(7)]
    lines = [Line("credit.given", f"person/{n}", {"amount": n}, named[n]) for n in (4, 5, 6)]
    with database.write() as tx:
        assert append_many(tx, "credits", lines) == 6
        assert append_many(tx, "credits", []) == 6
    with database.read() as tx:
        read = [(e.n, e.subject, e.personal) for e in entries(tx, "credits")]
        assert verify(tx) == []
    assert read[3:] == [(4, "person/4", None), (5, "person/5", {"name": "某5"}), (6, "person/6", None)]


def test_erasing_a_person_keeps_the_chain_whole(database: Database) -> None:
    """After erasure the personal part is gone, the entry stays, and every hash still holds."""
    _write_three(database)
    with database.write() as tx:
        assert erase_personal(tx, "person/2") == 1
    with database.read() as tx:
        assert [e.personal for e in entries(tx, "credits", "person/2")] == [None]
        assert verify(tx) == []
        assert "某2" not in str(tx.execute(text("SELECT * FROM ledger_personal")).all())


def test_some_entries_of_a_chain_are_erased(database: Database) -> None:
    """Only those whose numbers are said lose their personal part; none where none is said."""
    _write_three(database)
    with database.write() as tx:
        assert (erase_personal_of(tx, "credits", [1, 3]), erase_personal_of(tx, "credits", [])) == (2, 0)
    with database.read() as tx:
        assert [e.personal for e in entries(tx, "credits")] == [None, {"name": "某2"}, None]
        assert verify(tx) == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger SET kind = 'other'",
        "DELETE FROM ledger",
        "UPDATE ledger_heads SET n = 1",
        "DELETE FROM ledger_heads",
        "UPDATE ledger_personal SET body = '{}'",
    ],
)
def test_the_database_refuses_tampering(database: Database, tampering: str) -> None:
    """No statement of ours or anyone's changes or removes what stands in the ledger."""
    _write_three(database)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text(tampering))


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE ledger SET body = '{}' WHERE n = 2", [Broken("credits", 2, "hash")]),
        ("UPDATE ledger SET at = '2026-03-02T01:00:00.000001Z' WHERE n = 3", [Broken("credits", 3, "hash")]),
        ("DELETE FROM ledger WHERE n = 2", [Broken("credits", 3, "number"), Broken("credits", 3, "link")]),
        ("DELETE FROM ledger WHERE n = 3", [Broken("credits", 2, "end")]),
        ("DELETE FROM ledger_heads", [Broken("credits", 3, "end")]),
        ("UPDATE ledger_heads SET n = 9", [Broken("credits", 3, "end")]),
        ("UPDATE ledger_personal SET body = '{}' WHERE n = 1", [Broken("credits", 1, "personal")]),
    ],
)
def test_the_verifier_finds_what_a_file_editor_changed(database: Database, tampering: str, found: list[Broken]) -> None:
    """Whoever goes around the guards is found out, entry by entry."""
    _write_three(database)
    with database.write() as tx:
        _without_guards(database, tx.connection.exec_driver_sql)
        tx.connection.exec_driver_sql("DELETE FROM ledger_personal WHERE n <> 1")
        tx.connection.exec_driver_sql(tampering)
    with database.read() as tx:
        assert verify(tx) == found


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE ledger SET body = '{}' WHERE n = 2", True),
        ("UPDATE ledger SET hash = 'x' WHERE n = 1", True),
        ("UPDATE ledger SET previous_hash = 'x' WHERE n = 3", True),
        ("DELETE FROM ledger WHERE n = 2", True),
        ("DELETE FROM ledger WHERE n > 1", True),
        ("DELETE FROM ledger WHERE n = 3", True),
        ("UPDATE ledger SET body = '{}' WHERE n = 1", False),
    ],
)
def test_one_entry_is_verified_with_its_links(database: Database, tampering: str, broken: bool) -> None:
    """Of one entry its content and its links are looked at; what else was changed is for the whole verification."""
    _write_three(database)
    with database.read() as tx:
        assert [verify_entry(tx, "credits", n) for n in (1, 2, 3)] == [[], [], []]
    with database.write() as tx:
        _without_guards(database, tx.connection.exec_driver_sql)
        tx.connection.exec_driver_sql("DELETE FROM ledger_personal")
        tx.connection.exec_driver_sql(tampering)
    with database.read() as tx:
        assert bool(verify_entry(tx, "credits", 2)) == broken


def test_what_is_told_later_is_written_down_now(database: Database) -> None:
    """Inside `as_of` things happen at that instant; the entry says when it was written."""
    with database.write() as tx, tx.as_of(NOW - timedelta(hours=1)):
        assert tx.now() == NOW - timedelta(hours=1)
        append(tx, "credits", "credit.given", "person/1", {})
    with database.read() as tx:
        assert tx.now() == NOW
        assert (head(tx, "credits"), head(tx, "debits")) == ((1, NOW), (0, None))


def test_an_attempt_that_fails_leaves_nothing_behind(database: Database) -> None:
    """What raised inside `attempt` is undone, what stands before and after it is committed."""
    with database.write() as tx:
        append(tx, "credits", "kept", "person/1", {})
        with pytest.raises(ZeroDivisionError), tx.attempt():
            append(tx, "credits", "undone", "person/2", {})
            raise ZeroDivisionError
        append(tx, "credits", "kept too", "person/3", {})
    with database.read() as tx:
        assert [(entry.n, entry.kind) for entry in entries(tx, "credits")] == [(1, "kept"), (2, "kept too")]
        assert verify(tx) == []


def _without_guards(database: Database, run: Callable[[str], object]) -> None:
    for table, operations in {
        "ledger": ("update", "delete"),
        "ledger_heads": ("update", "delete"),
        "ledger_personal": ("update",),
    }.items():
        for operation in operations:
            on = "" if database.is_sqlite else f" ON {table}"
            run(f"DROP TRIGGER {table}_guards_{operation}{on}")


def test_appends_at_once_make_one_chain(database: Database) -> None:
    """Eight threads that append to one chain wait for each other: no number twice, none missing."""

    def add(number: int) -> None:
        with database.write() as tx:
            append(tx, "credits", "credit.given", "person/1", {"amount": number})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    with database.read() as tx:
        assert [e.n for e in entries(tx, "credits")] == list(range(1, 41))
        assert verify(tx) == []
