"""Parked events: seen, tried again or discarded, by whom and why, on both databases."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import MetaData, select

from chassis.bus.pending import PendingMailbox
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.events import Consumers, dead_letters, tables
from chassis.events.consuming import Consuming
from chassis.furniture import furnish

METADATA = furnish(MetaData())
BODY = json.dumps({"id": "event-1", "type": "thing.shown.v1", "subject": "thing/1", "data": {"name": "单雄信"}})


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, "reader")
    METADATA.create_all(database.engine)
    yield database
    database.close()


def _park(database: Database, body: str = BODY) -> None:
    with database.write() as tx:
        dead_letters.park(tx, body, "Refused at services/x.py:3", 4)


def test_a_parked_event_is_listed_without_its_content(database: Database) -> None:
    """People see what it is about, how often it was tried and what went wrong, and no personal data."""
    _park(database)
    with database.read() as tx:
        (letter,) = dead_letters.parked(tx)
    assert (letter.id, letter.type, letter.subject, letter.attempts) == ("event-1", "thing.shown.v1", "thing/1", 4)
    assert "单雄信" not in str(letter)


def test_an_event_parked_again_is_one_letter(database: Database) -> None:
    """A second failure after a retry replaces the first, and asks for a decision again."""
    _park(database)
    with database.write() as tx:
        dead_letters.retry(tx, "event-1", "person-1", "mended", datetime.now(UTC))
    _park(database)
    with database.read() as tx:
        assert dead_letters.count_parked(tx) == 1


def test_retrying_puts_it_before_the_handler_again(database: Database) -> None:
    """A retried letter is due at once, with its attempts at zero, in the service's own mailbox."""
    _park(database)
    with database.write() as tx:
        dead_letters.retry(tx, "event-1", "person-1", "the shape was mended", datetime.now(UTC))
    (delivery,) = PendingMailbox(database, SystemClock()).take(10, patience=0)
    assert (delivery.body, delivery.attempts) == (BODY, 0)


def test_a_retry_that_fails_again_is_parked_again(database: Database) -> None:
    """A broken event that is retried unmended comes back as a dead letter, and nothing waits for ever."""
    _park(database)
    with database.write() as tx:
        dead_letters.retry(tx, "event-1", "person-1", "try", datetime.now(UTC))
    consuming = Consuming(Consumers(), database, PendingMailbox(database, SystemClock()))
    assert consuming.step(patience=0) == 1
    assert consuming.step(patience=0) == 0
    with database.read() as tx:
        assert dead_letters.count_parked(tx) == 1


def test_discarding_keeps_who_and_why(database: Database) -> None:
    """A discarded letter leaves the list, stays readable, and says who decided and why."""
    _park(database)
    with database.write() as tx:
        dead_letters.discard(tx, "event-1", "person-1", "a test event")
    with database.read() as tx:
        assert dead_letters.parked(tx) == []
        row = tx.execute(select(tables.dead_letters)).one()
    assert (row.state, row.decided_by, row.reason) == ("discarded", "person-1", "a test event")


def test_a_letter_is_decided_once(database: Database) -> None:
    """What was decided, or never was, cannot be decided again."""
    _park(database)
    with database.write() as tx:
        dead_letters.discard(tx, "event-1", "person-1", "no")
    for letter in ("event-1", "event-2"):
        with pytest.raises(dead_letters.NoSuchDeadLetter), database.write() as tx:
            dead_letters.retry(tx, letter, "person-1", "yes", datetime.now(UTC))


def test_the_list_goes_on_after_a_page(database: Database) -> None:
    """Pages follow each other by the last id, with nothing twice."""
    for number in range(5):
        _park(database, json.dumps({"id": f"event-{number}"}))
    with database.read() as tx:
        first = dead_letters.parked(tx, limit=3)
        rest = dead_letters.parked(tx, after=first[-1].id, limit=3)
    assert [letter.id for letter in first + rest] == [f"event-{number}" for number in range(5)]
