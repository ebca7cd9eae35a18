"""No event is lost over a restore, and none is applied twice: on both databases."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import MetaData, delete, select

from chassis.bus import Message
from chassis.bus.local import LocalBus
from chassis.bus.pending import PendingMailbox
from chassis.clock import StandingClock, SystemClock
from chassis.database import Database, Transaction
from chassis.events import Consumers, Envelope, Fact, Received, about, dead_letters, inbox, record
from chassis.events.reentry import enter_again
from chassis.events.relay import relay_of
from chassis.events.tables import dead_letters as dead_letter_table
from chassis.events.tables import inbox as inbox_table
from chassis.events.tables import outbox, pending, relay_lease
from chassis.furniture import furnish
from chassis.identity import system
from chassis.runtime import Worker, settle
from chassis.service import Service
from deploy.distributed.private_postgres import fresh_database
from tests.ground import ask

METADATA = furnish(MetaData())
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PEOPLE = system("reader", None)
SHOWN = ("thing.shown.v1",)


@dataclass(frozen=True)
class Shown(Fact):
    """A value was shown."""

    TYPE = "thing.shown.v1"
    value: int


class Broker:
    """A bus that takes every event and holds it: what it held is gone after a restore."""

    def __init__(self) -> None:
        self.holds: list[Message] = []

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        self.holds += messages
        return frozenset(message.id for message in messages)

    def subscribe(self, service: str, types: Sequence[str], database: Database) -> PendingMailbox:
        return PendingMailbox(database, SystemClock())

    def describe(self) -> str:
        return "holds"

    def close(self) -> None: ...


@dataclass
class Pair:
    """An announcer, a reader, and the broker between them."""

    announcer: Database
    reader: Database
    broker: Broker

    def announce(self, *values: int, published: bool = True) -> list[Envelope]:
        with self.announcer.write() as tx:
            events = [record(tx, Shown(value), about("thing", str(value), 1, None)) for value in values]
        if published:
            relay_of(self.announcer, self.broker).sweep()
        return events

    def waiting(self) -> list[str]:
        with self.reader.read() as tx:
            return list(tx.execute(select(pending.c.event_id).order_by(pending.c.n)).scalars())

    def enter_again(self, types: Sequence[str] = SHOWN, page_size: int = 500) -> int:
        return enter_again(self.announcer, self.reader, types, NOW, page_size)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Database]]:
    """Two of one kind for all tests of this file: making them takes longer than a test, dropping them as long."""
    folder = tmp_path_factory.mktemp("pair")
    with ExitStack() as stack:
        names = ("announcer", "reader")
        urls = [
            f"sqlite:///{folder / name}.db" if request.param == "sqlite" else fresh_database(ask("postgres"))
            for name in names
        ]
        opened = [Database(url, name) for url, name in zip(urls, names, strict=True)]
        for database in opened:
            METADATA.create_all(database.engine)
            stack.callback(database.close)
        yield opened


@pytest.fixture
def pair(databases: list[Database]) -> Pair:
    for database in databases:
        with database.write() as tx:
            for table in (outbox, relay_lease, inbox_table, pending, dead_letter_table):
                tx.execute(delete(table))
    return Pair(databases[0], databases[1], Broker())


def test_what_the_broker_held_waits_for_its_reader_again(pair: Pair) -> None:
    """A published event that the reader has in no state is pending afterwards, in the announcer's order."""
    events = pair.announce(1, 2, 3)
    assert pair.enter_again() == 3
    assert pair.waiting() == [event.id for event in events]


def _handled(tx: Transaction, event: Envelope) -> None:
    inbox.enter(tx, [event], NOW)


def _waits(tx: Transaction, event: Envelope) -> None:
    tx.execute(pending.insert().values(event_id=event.id, body=event.to_json(), attempts=2, due_at=NOW))


def _parked(tx: Transaction, event: Envelope) -> None:
    dead_letters.park(tx, event.to_json(), "Refused", 4)


def _discarded(tx: Transaction, event: Envelope) -> None:
    _parked(tx, event)
    dead_letters.discard(tx, PEOPLE, event.id, "of no use", NOW)


def _retried(tx: Transaction, event: Envelope) -> None:
    _parked(tx, event)
    dead_letters.retry(tx, PEOPLE, event.id, "mended", NOW)


@pytest.mark.parametrize("state", [_handled, _waits, _parked, _discarded, _retried])
def test_what_the_reader_knows_is_left_as_it_is(pair: Pair, state: Callable[[Transaction, Envelope], None]) -> None:
    """Handled, waiting for its next attempt, parked, discarded or tried again: it is not given once more."""
    (event,) = pair.announce(1)
    with pair.reader.write() as tx:
        state(tx, event)
    before = pair.waiting()
    assert pair.enter_again() == 0
    assert pair.waiting() == before


def test_what_is_not_published_is_left_to_the_relay(pair: Pair) -> None:
    """An event without a position goes out by itself after the start."""
    pair.announce(1, published=False)
    assert pair.enter_again() == 0


def test_a_reader_is_given_only_what_it_subscribes_to(pair: Pair) -> None:
    """Other types pass it by, as they do on the bus; who subscribes to all is given all."""
    pair.announce(1)
    assert pair.enter_again(["thing.hidden.v1"]) == 0
    assert pair.enter_again(["#"]) == 1


def test_many_events_go_page_by_page_and_again_adds_nothing(pair: Pair) -> None:
    """Every page is looked at, however they end; a second time finds all of them waiting."""
    events = pair.announce(*range(7))
    assert pair.enter_again(page_size=3) == 7
    assert pair.enter_again(page_size=3) == 0
    assert pair.waiting() == [event.id for event in events]


def test_no_event_is_lost_and_none_is_applied_twice(pair: Pair) -> None:
    """Handled, half on the way, unpublished, at random: after it has settled each event was applied exactly once."""
    seen: list[int] = []
    chance = random.Random(20261126)
    on_the_way = pair.announce(*range(40))
    with pair.reader.write() as tx:
        for event in chance.sample(on_the_way, 25):
            inbox.enter(tx, [event], NOW)
            seen.append(event.data["value"])
    pair.announce(*range(40, 50), published=False)
    pair.enter_again()
    settle(_workers(pair, seen))
    assert sorted(seen) == list(range(50))


def _workers(pair: Pair, seen: list[int]) -> list[Worker]:
    later = StandingClock(datetime.now(UTC) + timedelta(minutes=1))  # the lease of the relay that ran before is over
    consumers, bus = Consumers(), LocalBus(later)

    @consumers.on("thing.shown.v1", Shown)
    def keep(_tx: Transaction, event: Received[Shown]) -> None:
        seen.append(event.data.value)

    parts = ((pair.announcer, Consumers()), (pair.reader, consumers))
    return [Worker(_service(database.service, heard), database, bus, later) for database, heard in parts]


def _service(name: str, consumers: Consumers) -> Service:
    return Service(name, Path(__file__).parent, METADATA, (), consumers, (Shown,), {})


def test_the_outbox_is_only_read(pair: Pair) -> None:
    """The announcer's rows and positions are the same afterwards: its feed is what it was."""
    pair.announce(1, 2)
    before = _outbox(pair)
    pair.enter_again()
    assert _outbox(pair) == before


def _outbox(pair: Pair) -> list[tuple[object, ...]]:
    with pair.announcer.read() as tx:
        return [tuple(row) for row in tx.execute(select(outbox).order_by(outbox.c.n))]
