"""Reading a chain as it stood at a moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.furniture import furnish
from chassis.ledger import append, chains_about, entries_after, entries_between, latest, number_at

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Six entries of a chain, a minute apart, and one of another chain."""
    clock = StandingClock(NOW)
    opened = Database(database_url, "probe", clock)
    furnish(MetaData()).create_all(opened.engine)
    told = [("line", "line/1"), ("duty.began", "duty/1"), ("line", "line/1")]
    told += [("duty.began", "duty/2"), ("duty.ended", "duty/1"), ("note", "duty/1")]
    for minute, (kind, subject) in enumerate(told):
        clock.move_to(NOW + timedelta(minutes=minute))
        with opened.write() as tx:
            append(tx, "hall/1", kind, subject, {"n": minute}, {"name": "某"})
            if minute == 0:
                append(tx, "hall/2", kind, subject, {})
    yield opened
    opened.close()


@pytest.mark.parametrize(("seconds", "n"), [(-1, 0), (0, 1), (59, 1), (60, 2), (9999, 6)])
def test_the_last_entry_not_later_than_a_moment(database: Database, seconds: int, n: int) -> None:
    """An entry of that very moment counts; before the first there is none."""
    with database.read() as tx:
        assert number_at(tx, "hall/1", NOW + timedelta(seconds=seconds)) == n


def test_entries_between_two_numbers(database: Database) -> None:
    """Above the one, up to the other, in order, and nothing that identifies a person."""
    with database.read() as tx:
        found = list(entries_between(tx, "hall/1", 1, 4))
    assert [(one.n, one.kind, one.personal) for one in found] == [
        (2, "duty.began", None),
        (3, "line", None),
        (4, "duty.began", None),
    ]


def test_all_of_some_kinds_and_the_last_word_about_the_rest(database: Database) -> None:
    """Every line; of each duty the last entry that is one; up to the number asked for."""
    with database.read() as tx:
        now = latest(tx, "hall/1", 6, every=("line",), last_of=("duty.%",))
        before = latest(tx, "hall/1", 4, every=("line",), last_of=("duty.%",))
    assert [one.n for one in now] == [1, 3, 4, 5]
    assert [one.n for one in before] == [1, 2, 3, 4]


def test_the_next_entries_after_a_number(database: Database) -> None:
    """As many as asked for, of all subjects or of one, and nothing that identifies a person."""
    with database.read() as tx:
        assert [(one.n, one.personal) for one in entries_after(tx, "hall/1", 3, 2)] == [(4, None), (5, None)]
        assert [one.n for one in entries_after(tx, "hall/1", 1, 9, "duty/1")] == [2, 5, 6]
        assert entries_after(tx, "hall/1", 6, 9) == []


def test_where_something_is_written_about_a_subject(database: Database) -> None:
    """Each chain once; nothing of a subject that nobody wrote about."""
    with database.read() as tx:
        assert sorted(chains_about(tx, "line/1")) == ["hall/1", "hall/2"]
        assert chains_about(tx, "duty/2") == ["hall/1"]
        assert chains_about(tx, "duty/3") == []
