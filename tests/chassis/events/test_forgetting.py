"""Forgetting whom stored events speak of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import MetaData, select

from chassis.database import Database
from chassis.events import Envelope, Fact, about, dead_letters, record, tables
from chassis.events.forgetting import FORGET_PERSONAL, forget_personal, forgotten_among
from chassis.furniture import furnish
from chassis.identity import Who
from chassis.jobs import JobLoop

METADATA = furnish(MetaData())
OF_ONE = tables.dead_letters.c.subject == "thing/one"


@dataclass(frozen=True)
class Named:
    """Who a thing is about."""

    name: str
    others: list[str]


@dataclass(frozen=True)
class ThingShown(Fact):
    """Somebody was shown a thing."""

    TYPE: ClassVar[str] = "thing.shown.v1"

    who_id: str
    personal: Named | None


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url, "shower")
    METADATA.create_all(database.engine)
    yield database
    database.close()


def _shown(database: Database, who_id: str, *others: str) -> Envelope:
    with database.write() as tx:
        return record(tx, ThingShown(who_id, Named(f"name of {who_id}", list(others))), about("thing", who_id, 1, None))


def _forget(database: Database, identifier: str) -> None:
    with database.write() as tx:
        forget_personal(tx, identifier)
    JobLoop(database, [FORGET_PERSONAL]).run_due()


def _bodies(database: Database) -> list[str]:
    with database.read() as tx:
        return list(tx.execute(select(tables.outbox.c.body).order_by(tables.outbox.c.n)).scalars())


def _parked(database: Database) -> list[str]:
    with database.read() as tx:
        return list(tx.execute(select(tables.dead_letters.c.body)).scalars())


def test_the_outbox_forgets_whoever_is_named_and_nobody_else(database: Database) -> None:
    """Events that name the id, be it inside the personal part, lose that part and its salt; the digest stays."""
    mine, with_me, other = _shown(database, "one"), _shown(database, "two", "one"), _shown(database, "three")
    _forget(database, "one")
    assert [json.loads(body)["data"]["personal"] for body in _bodies(database)][:2] == [None, None]
    assert [Envelope.from_json(body).personal_digest for body in _bodies(database)] == [
        one.personal_digest for one in (mine, with_me, other)
    ]
    assert _bodies(database)[2] == other.to_json()


def test_a_letter_is_forgotten_whenever_it_is_parked(database: Database) -> None:
    """A dead letter loses its personal part, and so does one that is parked afterwards."""
    before, after = _shown(database, "one"), _shown(database, "one")
    with database.write() as tx:
        dead_letters.park(tx, before.to_json(), "Refused", 1)
    _forget(database, "one")
    with database.write() as tx:
        dead_letters.park(tx, after.to_json(), "Refused", 1)
    assert [json.loads(body)["data"]["personal"] for body in _parked(database)] == [None, None]


def test_why_a_letter_was_decided_is_forgotten(database: Database) -> None:
    """What somebody wrote beside an event that names who is forgotten may name them too, and it is said which letters
    these are; beside others it stays.
    """
    who = Who("operator", "person", "headquarters", None, None, "all", frozenset())
    for one in ("one", "two"):
        letter = _shown(database, one)
        with database.write() as tx:
            dead_letters.park(tx, letter.to_json(), "Refused", 1)
            dead_letters.discard(tx, who, letter.id, f"{one} came again", tx.now())
    with database.write() as tx:
        told, again = forget_personal(tx, "one"), forget_personal(tx, "one")
        assert (told, again) == (tx.execute(select(tables.dead_letters.c.id).where(OF_ONE)).scalars().all(), [])
    with database.read() as tx:
        reasons = tx.execute(select(tables.dead_letters.c.reason, tables.dead_letters.c.state)).all()
    assert set(map(tuple, reasons)) == {(None, "discarded"), ("two came again", "discarded")}


def test_what_cannot_be_read_stays_as_it_is(database: Database) -> None:
    """Letters that are no events are parked and kept, whoever is forgotten."""
    with database.write() as tx:
        dead_letters.park(tx, "one is no event", "BrokenEvent", 1)
    _forget(database, "one")
    assert _parked(database) == ["one is no event"]


def test_who_is_forgotten_is_known_for_ever(database: Database) -> None:
    """Asked for ids, it answers those that are to be forgotten; telling it twice changes nothing."""
    _forget(database, "one")
    _forget(database, "one")
    with database.read() as tx:
        assert forgotten_among(tx, ["one", "two"]) == {"one"}
        assert forgotten_among(tx, []) == frozenset()
