"""Who may relay a SQLite outbox: one at a time, and never nobody for long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, select

from chassis.bus import BusDown, Message
from chassis.bus.local import LocalBus
from chassis.clock import StandingClock
from chassis.database import Database
from chassis.events import Fact, about, record
from chassis.events.relay import SqliteRelay
from chassis.events.tables import outbox
from chassis.furniture import furnish

METADATA = furnish(MetaData())
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Shown(Fact):
    """A value was shown."""

    TYPE = "thing.shown.v1"
    value: int


@pytest.fixture
def announce(sqlite_url: str) -> Callable[[], Database]:
    """Records one fact more, and answers its database."""
    database = Database(sqlite_url, "announcer")
    METADATA.create_all(database.engine)

    def record_one() -> Database:
        with database.write() as tx:
            record(tx, Shown(1), about("thing", "1", 1, None))
        return database

    return record_one


def _bus(database: Database) -> LocalBus:
    bus = LocalBus()
    bus.subscribe("reader", ("#",), database)
    return bus


def test_a_second_relay_leaves_the_work_to_the_first(announce: Callable[[], Database]) -> None:
    """While one relay's lease runs, another publishes nothing; when it has run out, the other goes on."""
    database, clock = announce(), StandingClock(NOW)
    bus = _bus(database)
    assert SqliteRelay(database, bus, clock).sweep().published == 1
    announce()
    other = SqliteRelay(database, bus, clock)
    assert other.sweep().published == 0
    clock.move_to(NOW + timedelta(seconds=3))
    assert other.sweep().published == 1


def test_a_relay_keeps_its_own_lease(announce: Callable[[], Database]) -> None:
    """A relay goes on within its lease, when half of it is over, and after a long rest."""
    database, clock = announce(), StandingClock(NOW)
    relay = SqliteRelay(database, _bus(database), clock)
    for seconds in (0, 0.5, 1.5, 600):
        clock.move_to(NOW + timedelta(seconds=seconds))
        assert relay.sweep().published == 1
        announce()


def test_a_clock_that_is_set_back_stops_no_relay(announce: Callable[[], Database]) -> None:
    """A lease given before the machine's clock went back an hour holds nobody up for an hour."""
    database = announce()
    bus = _bus(database)
    SqliteRelay(database, bus, StandingClock(NOW)).sweep()
    announce()
    assert SqliteRelay(database, bus, StandingClock(NOW - timedelta(hours=1))).sweep().published == 1


def test_a_subscriber_that_cannot_be_written_keeps_nothing_from_the_others(
    announce: Callable[[], Database], tmp_path: object
) -> None:
    """The event reaches who can take it, is not counted as published, is offered again, and health can say why."""
    database = announce()
    broken = Database(f"sqlite:///{tmp_path}/without-tables.db", "broken")
    bus = _bus(database)
    bus.subscribe("broken", ("#",), broken)
    with pytest.raises(BusDown):
        SqliteRelay(database, bus, StandingClock(NOW)).sweep()
    assert bus.trouble() == "subscriber_away"
    METADATA.create_all(broken.engine)
    assert SqliteRelay(database, bus, StandingClock(NOW + timedelta(minutes=1))).sweep().published == 1
    assert bus.trouble() is None
    broken.close()


def test_an_event_is_no_ones_until_every_subscriber_has_it(sqlite_url: str, tmp_path: object) -> None:
    """What one of two subscribers could not take is missing from the answer; what only the other wanted is in it."""
    whole = Database(sqlite_url, "whole")
    METADATA.create_all(whole.engine)
    bus = LocalBus()
    bus.subscribe("whole", ("#",), whole)
    bus.subscribe("broken", ("thing.shown.v1",), Database(f"sqlite:///{tmp_path}/without-tables.db", "broken"))
    messages = [Message("a", "thing.shown.v1", "{}"), Message("b", "thing.hidden.v1", "{}")]
    assert bus.publish(messages) == {"b"}
    whole.close()


class _Meanwhile:
    """A bus to which something happens while it publishes."""

    def __init__(self, bus: LocalBus, happens: Callable[[], object]) -> None:
        self._bus = bus
        self._happens = happens

    def __getattr__(self, name: str) -> object:
        return getattr(self._bus, name)

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        self._happens()
        return self._bus.publish(messages)


def test_positions_have_no_gap_when_two_relays_publish_the_same(announce: Callable[[], Database]) -> None:
    """A relay whose lease ran out while it published numbers only what the other has left."""
    for _event in range(4):
        database = announce()
    later = StandingClock(NOW + timedelta(seconds=3))
    other = SqliteRelay(database, _TakesThree(_bus(database)), later)  # type: ignore[arg-type]
    bus = _Meanwhile(_bus(database), other.sweep)
    SqliteRelay(database, bus, StandingClock(NOW)).sweep()  # type: ignore[arg-type]
    with database.read() as tx:
        assert sorted(tx.execute(select(outbox.c.position)).scalars()) == [1, 2, 3, 4]


class _TakesThree(_Meanwhile):
    """A bus on which the fourth event does not arrive."""

    def __init__(self, bus: LocalBus) -> None:
        super().__init__(bus, lambda: None)

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        return super().publish(messages[:3])
