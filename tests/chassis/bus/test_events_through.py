"""An event's whole way — outbox, relay, bus, inbox, handler — with everything that goes wrong on it, on both buses."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from chassis.bus import EventBus, Message
from chassis.clock import StandingClock
from chassis.database import Database, Transaction, insert_if_new
from chassis.events import Consumers, Fact, Received, about, dead_letters, record
from chassis.events.consuming import Consuming, DatabaseAway
from chassis.events.relay import relay_of
from chassis.events.tables import outbox
from chassis.identity import system
from tests.chassis.bus.conftest import DELAYS, SHOWN, Street


@dataclass(frozen=True)
class Shown(Fact):
    """A value was shown."""

    TYPE = "thing.shown.v1"
    value: int


class Refused(Exception):
    """What a handler raises for the value -1."""


@dataclass
class Reader:
    """A reader that keeps each subject's newest value, counts how often it was applied, and refuses the value -1."""

    database: Database
    consuming: Consuming
    refuses: list[int] = field(default_factory=lambda: [-1])

    @property
    def rows(self) -> dict[str, tuple[int, int]]:
        with self.database.read() as tx:
            return {row.subject: (row.value, row.times) for row in tx.execute(select(SHOWN))}

    def handle_until(self, done: int) -> None:
        """Step until `done` deliveries were dealt with; a failed one counts each time it comes."""
        handled = 0
        for _step in range(100):
            handled += self.consuming.step(patience=0.2)
            if handled >= done:
                return
        raise AssertionError(f"{handled} of {done} deliveries came")


def _reader(street: Street, bus: EventBus) -> Reader:
    consumers = Consumers()
    database = street.database_of("reader")
    reader = Reader(database, Consuming(consumers, database, street.mailbox(bus, "reader")))

    @consumers.on("thing.shown.v1", Shown)
    def keep(tx: Transaction, event: Received[Shown]) -> None:
        if event.data.value in reader.refuses:
            raise Refused(f"personal words of {event.subject}")
        _keep(tx, event)

    return reader


def _keep(tx: Transaction, event: Received[Shown]) -> None:
    new = {"subject": event.subject, "sequence": 0, "value": 0, "times": 0}
    insert_if_new(tx, SHOWN, new, ["subject"])
    older = update(SHOWN).where(SHOWN.c.subject == event.subject, SHOWN.c.sequence < event.sequence)
    tx.execute(older.values(sequence=event.sequence, value=event.data.value))
    counted = update(SHOWN).where(SHOWN.c.subject == event.subject)
    tx.execute(counted.values(times=SHOWN.c.times + 1))


def _announce(database: Database, *values: int, subject: str = "") -> None:
    with database.write() as tx:
        for number, value in enumerate(values, start=1):
            record(tx, Shown(value), about("thing", subject or str(value), number, None))


@pytest.fixture
def announcer(street: Street) -> Database:
    database = street.service("announcer")
    street.service("reader", "thing.shown.v1")
    return database


def test_an_announced_fact_arrives_once(street: Street, announcer: Database) -> None:
    """What a transaction recorded reaches the reader, and is applied once."""
    bus = street.bus()
    _announce(announcer, 1, 2, 3)
    assert relay_of(announcer, bus).sweep().published == 3
    reader = _reader(street, bus)
    reader.handle_until(3)
    assert reader.rows == {"thing/1": (1, 1), "thing/2": (2, 1), "thing/3": (3, 1)}


def test_what_is_rolled_back_is_never_announced(street: Street, announcer: Database) -> None:
    """A transaction that fails announces nothing."""
    with pytest.raises(Refused), announcer.write() as tx:
        record(tx, Shown(1), about("thing", "1", 1, None))
        raise Refused
    assert relay_of(announcer, street.bus()).sweep().published == 0


def test_an_event_that_arrives_twice_is_applied_once(street: Street, announcer: Database) -> None:
    """The same event again, in the same batch or later, changes nothing."""
    bus = street.bus()
    _announce(announcer, 1)
    message = _outbox(announcer)[0]
    bus.publish([message])
    reader = _reader(street, bus)
    reader.handle_until(1)
    bus.publish([message])
    reader.handle_until(1)
    assert reader.rows == {"thing/1": (1, 1)}


def test_the_newest_version_stays_whatever_the_order(street: Street, announcer: Database) -> None:
    """Readers compare the sequence: an older version that comes later does not win."""
    bus = street.bus()
    _announce(announcer, 10, 20, 30, subject="x")
    for message in reversed(_outbox(announcer)):
        bus.publish([message])
    reader = _reader(street, bus)
    reader.handle_until(3)
    assert reader.rows == {"thing/x": (30, 3)}


def test_a_poison_event_harms_no_neighbour(street: Street, announcer: Database) -> None:
    """In one batch with a refused event the others are applied once; the refused one is tried again, then parked."""
    bus = street.bus()
    _announce(announcer, 1, -1, 2)
    relay_of(announcer, bus).sweep()
    reader = _reader(street, bus)
    reader.handle_until(3 + len(DELAYS))
    assert reader.rows == {"thing/1": (1, 1), "thing/2": (2, 1)}
    letter = _letter(reader)
    assert (letter.type, letter.subject, letter.attempts) == ("thing.shown.v1", "thing/-1", len(DELAYS) + 1)
    assert "Refused" in letter.error
    assert "personal" not in letter.error


def test_an_event_that_recovers_is_applied_once(street: Street, announcer: Database) -> None:
    """A failure that passes costs a delay, and leaves no dead letter."""
    bus = street.bus()
    _announce(announcer, -1)
    relay_of(announcer, bus).sweep()
    reader = _reader(street, bus)
    reader.handle_until(1)
    reader.refuses.clear()
    reader.handle_until(1)
    assert reader.rows == {"thing/-1": (-1, 1)}
    with reader.database.read() as tx:
        assert dead_letters.count_parked(tx) == 0


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[" * 100_000,
        "[]",
        '{"specversion":"1.0","id":"a"}',
        '{"specversion":"0.3","id":"a","source":"s","type":"thing.shown.v1","subject":"x","sequence":1,"data":{}}',
        json.dumps({"id": "\ud800", "type": "x" * 900, "subject": "\u0000"}),
        "\x00",
    ],
    ids=["no-json", "deep", "no-object", "incomplete", "other-version", "unstorable-claims", "nul"],
)
def test_a_broken_event_is_parked_at_once(street: Street, announcer: Database, body: str) -> None:
    """What cannot be read is parked with its error, without a retry, and the next event is handled."""
    bus = street.bus()
    _announce(announcer, 1)
    bus.publish([Message("broken", "thing.shown.v1", body), *_outbox(announcer)])
    reader = _reader(street, bus)
    reader.handle_until(2)
    assert reader.rows == {"thing/1": (1, 1)}
    letter = _letter(reader)
    assert letter.attempts == 1
    assert letter.error.startswith("BrokenEvent: ")


@pytest.mark.parametrize("data", [{}, {"value": "many"}, {"value": None}], ids=["missing", "wrong-type", "null"])
def test_an_event_of_another_shape_is_parked(street: Street, announcer: Database, data: dict[str, object]) -> None:
    """A payload that does not have the fields the reader declared is parked; the error does not quote it."""
    bus = street.bus()
    bus.publish([Message("odd", "thing.shown.v1", _event("odd", "thing.shown.v1", data))])
    reader = _reader(street, bus)
    reader.handle_until(1)
    letter = _letter(reader)
    assert letter.error == "BrokenEvent: the data does not have the shape of Shown"


def test_an_unknown_version_is_parked_at_once(street: Street, announcer: Database) -> None:
    """An event of a type that has no handler here is parked, not lost."""
    bus = street.bus()
    bus.publish([Message("new", "thing.shown.v1", _event("new", "thing.shown.v2", {"value": 1}))])
    reader = _reader(street, bus)
    reader.handle_until(1)
    letter = _letter(reader)
    assert (letter.id, letter.error) == ("new", "BrokenEvent: no handler for thing.shown.v2")


def test_unknown_fields_pass(street: Street, announcer: Database) -> None:
    """A reader declares what it uses; what the announcer adds later does not disturb it."""
    bus = street.bus()
    bus.publish([Message("more", "thing.shown.v1", _event("more", "thing.shown.v1", {"value": 7, "colour": "red"}))])
    reader = _reader(street, bus)
    reader.handle_until(1)
    assert reader.rows == {"thing/more": (7, 1)}


class _DyingBus:
    """A bus whose process dies after the events are durable and before that is known."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus

    def __getattr__(self, name: str) -> object:
        return getattr(self._bus, name)

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        self._bus.publish(messages)
        raise KeyboardInterrupt


def test_a_crash_between_publishing_and_marking_repeats_and_harms_nothing(street: Street, announcer: Database) -> None:
    """The next relay publishes the same events again; the reader applies each once, and each has one position."""
    bus = street.bus()
    _announce(announcer, 1, 2)
    with pytest.raises(KeyboardInterrupt):
        relay_of(announcer, _DyingBus(bus)).sweep()  # type: ignore[arg-type]
    reader = _reader(street, bus)
    reader.handle_until(2)
    later = StandingClock(datetime.now(UTC) + timedelta(minutes=1))
    assert relay_of(announcer, bus, later).sweep().published == 2
    reader.handle_until(2)
    assert reader.rows == {"thing/1": (1, 1), "thing/2": (2, 1)}
    assert _positions(announcer) == [1, 2]


def test_two_relays_at_once_do_no_harm(street: Street, announcer: Database) -> None:
    """With two relays on one outbox each event is applied once and has a position of its own."""
    bus = street.bus()
    for value in range(1, 301):
        _announce(announcer, value)
    other_way = street.database(announcer.url, "announcer")
    late = StandingClock(datetime.now(UTC) + timedelta(minutes=1))
    relays = [relay_of(announcer, bus), relay_of(other_way, bus, late)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda relay: relay.sweep(), relays))
    relays[1].sweep()
    positions = _positions(announcer)
    assert None not in positions
    assert len(set(positions)) == 300
    reader = _reader(street, bus)
    while len(reader.rows) < 300:
        reader.consuming.step(patience=0.2)
    reader.consuming.step(patience=0)
    assert {times for _value, times in reader.rows.values()} == {1}


def test_an_event_that_nobody_takes_holds_up_nobody(street: Street, announcer: Database) -> None:
    """The relay leaves it unmarked, publishes what comes after, and offers it again."""

    @dataclass(frozen=True)
    class Lost(Fact):
        """Nobody listens."""

        TYPE = "thing.lost.v1"

    bus = street.bus()
    with announcer.write() as tx:
        record(tx, Lost(), about("thing", "lost", 1, None))
    _announce(announcer, 1)
    swept = relay_of(announcer, bus).sweep()
    assert (swept.published, swept.left) == (1, 1)
    street.service("late", "thing.lost.v1")
    assert relay_of(announcer, street.bus(), StandingClock(datetime.now(UTC) + timedelta(minutes=1))).sweep().published


def test_a_database_that_does_not_answer_is_nobodys_attempt(street: Street, announcer: Database) -> None:
    """Consuming pauses as often as it must; when the database is back, the event is applied as if nothing was."""
    bus = street.bus()
    _announce(announcer, 1, 2)
    relay_of(announcer, bus).sweep()
    reader = _reader(street, bus)
    reader.consuming.rest(0.2)
    with street.unplugged("reader"):
        for _attempt in range(len(DELAYS) + 2):
            _step_while_away(reader)
    while len(reader.rows) < 2:
        reader.consuming.step(patience=0.2)
    assert reader.rows == {"thing/1": (1, 1), "thing/2": (2, 1)}
    with reader.database.read() as tx:
        assert dead_letters.count_parked(tx) == 0


def _step_while_away(reader: Reader) -> None:
    with pytest.raises(DatabaseAway):
        for _wait in range(50):
            reader.consuming.step(patience=0.2)


def _letter(reader: Reader) -> Any:
    """The one that is parked."""
    with reader.database.read() as tx:
        return tx.execute(dead_letters.listed(system("reader", None), "parked")).one()


def _outbox(database: Database) -> list[Message]:
    with database.read() as tx:
        rows = tx.execute(select(outbox.c.id, outbox.c.type, outbox.c.body).order_by(outbox.c.n)).all()
    return [Message(row.id, row.type, row.body) for row in rows]


def _positions(database: Database) -> list[int | None]:
    with database.read() as tx:
        return list(tx.execute(select(outbox.c.position).order_by(outbox.c.n)).scalars())


def _event(name: str, event_type: str, data: dict[str, object]) -> str:
    attributes = {"specversion": "1.0", "id": name, "source": "elsewhere", "type": event_type, "sequence": 1}
    return json.dumps(attributes | {"subject": f"thing/{name}", "time": "2026-03-02T01:00:00Z", "data": data})
