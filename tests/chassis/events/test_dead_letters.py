"""Parked events: seen, tried again or discarded, by whom and why, on both databases."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from chassis.audit import audit_trail
from chassis.bus.pending import PendingMailbox
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.events import Consumers, Envelope, dead_letters, tables
from chassis.events.consuming import Consuming
from chassis.furniture import furnish
from chassis.identity import Who

METADATA = furnish(MetaData())
CLAIMS = {
    "id": "event-1",
    "type": "thing.shown.v1",
    "subject": "thing/1",
    "data": {"name": "单雄信"},
    "branch": "north",
}
BODY = json.dumps(CLAIMS | {"data": {"name": "单雄信"}})
HEADQUARTERS = Who("hq", "person", "headquarters", None, None, "all", frozenset())
NORTH = replace(HEADQUARTERS, actor_id="nina", branch_id="north", reach="branch")
SOUTH = replace(NORTH, actor_id="sam", branch_id="south")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

Decide = Callable[..., Any]
EITHER = pytest.mark.parametrize("decide", [dead_letters.retry, dead_letters.discard])


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, "reader")
    METADATA.create_all(database.engine)
    yield database
    database.close()


def _park(database: Database, body: str = BODY) -> None:
    with database.write() as tx:
        dead_letters.park(tx, body, "Refused at services/x.py:3", 4)


def _decide(database: Database, decide: Decide, letter: str = "event-1", who: Who = HEADQUARTERS) -> None:
    with database.write() as tx:
        decide(tx, who, letter, "mended", datetime.now(UTC))


def _listed(database: Database, state: str = "parked", who: Who = HEADQUARTERS) -> list[Any]:
    with database.read() as tx:
        return list(tx.execute(dead_letters.listed(who, state)))


def _consuming(database: Database, consumers: Consumers) -> Consuming:
    return Consuming(consumers, database, PendingMailbox(database, SystemClock()))


def test_a_parked_event_is_listed_without_its_content(database: Database) -> None:
    """People see what it is about, how often it was tried and what went wrong, and no personal data."""
    _park(database)
    (letter,) = _listed(database)
    assert (letter.id, letter.type, letter.subject, letter.attempts) == ("event-1", "thing.shown.v1", "thing/1", 4)
    assert "单雄信" not in str(letter)


def test_an_id_that_no_path_takes_is_replaced(database: Database) -> None:
    """Whatever an event says its id is, its letter has one that can be written into a URL, the same each time."""
    claimed = ["a/b", "..", ".hidden", "a b", "a?b", "编号", "", 7, None, "x" * 37]
    for _time in range(2):
        for claim in claimed:
            _park(database, json.dumps(CLAIMS | {"id": claim}))
    letters = _listed(database)
    assert len(letters) == len(claimed)
    assert all(len(letter.id) == 36 and letter.id.isalnum() for letter in letters)


def test_a_letter_of_no_known_branch_is_for_the_whole_company(database: Database) -> None:
    """What cannot be read, or belongs to no branch, is seen by those alone who see all branches."""
    for body in ("no JSON", "[]", json.dumps(CLAIMS | {"branch": None}), '{"branch": "two\\nlines"}'):
        _park(database, body)
    assert [letter.branch_id for letter in _listed(database)] == [None] * 4
    assert _listed(database, who=NORTH) == []


def test_an_event_parked_again_is_one_letter(database: Database) -> None:
    """A second failure after a retry asks for a decision again, and still says who decided the first time, and why."""
    _park(database)
    _decide(database, dead_letters.retry)
    _park(database)
    (letter,) = _listed(database)
    assert (letter.decided_by, letter.reason) == ("hq", "mended")
    _decide(database, dead_letters.discard, who=NORTH)
    (letter,) = _listed(database, "discarded")
    assert letter.decided_by == "nina"


def test_retrying_puts_it_before_the_handler_again(database: Database) -> None:
    """A retried letter is due at once, with its attempts at zero, in the service's own mailbox."""
    _park(database)
    _decide(database, dead_letters.retry)
    (delivery,) = PendingMailbox(database, SystemClock()).take(10, patience=0)
    assert (delivery.body, delivery.attempts) == (BODY, 0)


def test_retrying_hurries_a_repeat_that_waits(database: Database) -> None:
    """When the same event has come again and waits for its next attempt, a retry has it tried at once all the same."""
    _park(database)
    far = {"event_id": "event-1", "body": BODY, "attempts": 3, "due_at": datetime(2999, 1, 1, tzinfo=UTC)}
    with database.write() as tx:
        tx.execute(tables.pending.insert().values(far))
    _decide(database, dead_letters.retry)
    (delivery,) = PendingMailbox(database, SystemClock()).take(10, patience=0)
    assert delivery.attempts == 0


def test_a_retry_that_fails_again_is_parked_again(database: Database) -> None:
    """A broken event that is retried unmended comes back as a dead letter, and nothing waits for ever."""
    _park(database)
    _decide(database, dead_letters.retry)
    consuming = _consuming(database, Consumers())
    assert consuming.step(patience=0) == 1
    assert consuming.step(patience=0) == 0
    with database.read() as tx:
        assert dead_letters.count_parked(tx) == 1


def test_discarding_keeps_who_and_why(database: Database) -> None:
    """A discarded letter leaves the list of parked ones, stays readable, and says who decided and why."""
    _park(database)
    _decide(database, dead_letters.discard)
    assert _listed(database) == []
    (letter,) = _listed(database, "discarded")
    assert (letter.decided_by, letter.reason, letter.subject) == ("hq", "mended", "thing/1")


def test_a_discarded_event_is_not_handled_when_it_comes_again(database: Database) -> None:
    """The bus may deliver it once more; the decision stands, and the handler does not see it."""
    seen: list[str] = []
    consumers = Consumers()
    consumers.on_every(lambda _tx, envelope: seen.append(envelope.id))
    event = Envelope("event-1", "elsewhere", "thing.shown.v1", "thing/1", 1, NOW, "north", None, {})
    _park(database, event.to_json())
    _decide(database, dead_letters.discard)
    with database.write() as tx:
        again = {"event_id": "event-1", "body": event.to_json(), "attempts": 0, "due_at": NOW}
        tx.execute(tables.pending.insert().values(again))
    assert _consuming(database, consumers).step(patience=0) == 1
    assert (seen, _listed(database)) == ([], [])


@EITHER
def test_a_decision_leaves_its_trace(database: Database, decide: Decide) -> None:
    """The audit trail says who decided what about which letter of which branch, and does not repeat the words."""
    _park(database)
    _decide(database, decide, who=NORTH)
    with database.read() as tx:
        (trace,) = tx.execute(select(audit_trail)).all()
    assert (trace.actor_id, trace.subject, trace.branch_id) == ("nina", "dead_letter/event-1", "north")
    assert trace.action == ("dead_letter.retried" if decide is dead_letters.retry else "dead_letter.discarded")
    assert "mended" not in str(trace.details)


@EITHER
@pytest.mark.parametrize("first", [dead_letters.retry, dead_letters.discard])
def test_a_letter_is_decided_once(database: Database, first: Decide, decide: Decide) -> None:
    """What was decided cannot be decided again, and the second attempt leaves no trace."""
    _park(database)
    _decide(database, first, who=NORTH)
    with pytest.raises(dead_letters.DeadLetterDecided):
        _decide(database, decide)
    with database.read() as tx:
        assert [row.actor_id for row in tx.execute(select(audit_trail))] == ["nina"]


@EITHER
@pytest.mark.parametrize("letter", ["event-1", "no-such-event"])
def test_another_branchs_letter_is_not_there(database: Database, decide: Decide, letter: str) -> None:
    """Who sees another branch only is answered as if the letter did not exist, decided or not."""
    _park(database)
    assert _listed(database, who=SOUTH) == []
    for _decided in range(2):
        with pytest.raises(dead_letters.NoSuchDeadLetter):
            _decide(database, decide, letter, SOUTH)
        if _listed(database):
            _decide(database, dead_letters.discard)
