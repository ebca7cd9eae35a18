"""A service's own feed, from which a reader is rebuilt."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import MetaData

from chassis.bus.local import LocalBus
from chassis.database import Database
from chassis.events import Envelope, Fact, about, feed, record
from chassis.events.relay import relay_of
from chassis.furniture import furnish

METADATA = furnish(MetaData())


@dataclass(frozen=True)
class Shown(Fact):
    """A value was shown."""

    TYPE = "thing.shown.v1"
    value: int


@dataclass(frozen=True)
class Hidden(Fact):
    """A value was hidden."""

    TYPE = "thing.hidden.v1"
    value: int


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, "announcer")
    METADATA.create_all(database.engine)
    yield database
    database.close()


def _publish(database: Database, *facts: Fact) -> None:
    with database.write() as tx:
        for number, fact in enumerate(facts):
            record(tx, fact, about("thing", str(number), 1, None))
    bus = LocalBus()
    bus.subscribe("announcer", ("#",), database)
    relay_of(database, bus).sweep()


def _values(page: feed.Page) -> list[int]:
    return [Envelope.from_json(event.body).data["value"] for event in page.events]


def test_the_feed_has_everything_published_once_in_order(database: Database) -> None:
    """Page after page, all published events come in the order of their positions, and then the end is told."""
    _publish(database, *(Shown(value) for value in range(7)))
    seen: list[int] = []
    after = 0
    while True:
        with database.read() as tx:
            page = feed.page(tx, after, limit=3)
        if page.next_after == after:
            break
        seen, after = seen + _values(page), page.next_after
    assert seen == list(range(7))


def test_what_is_not_published_is_not_in_the_feed(database: Database) -> None:
    """An event stands in the feed from when it is durable on the bus, so that positions never appear in between."""
    with database.write() as tx:
        record(tx, Shown(1), about("thing", "1", 1, None))
    with database.read() as tx:
        assert feed.page(tx).events == ()


def test_a_page_of_other_types_is_scanned_past(database: Database) -> None:
    """With types asked for, the answer's position is the last one scanned, not the last one wanted."""
    _publish(database, Hidden(1), Shown(2), Hidden(3))
    with database.read() as tx:
        page = feed.page(tx, types=["thing.shown.v1"])
    assert _values(page) == [2]
    assert page.next_after == 3
