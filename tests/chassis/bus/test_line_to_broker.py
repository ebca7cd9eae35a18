"""A line to the broker that breaks, is slow, falls silent, or loses one end: every thread comes back from it.

Half a second is soon over where much else runs: who is given up by mistake tries again, as relays and readers do.
"""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import active_count
from urllib.parse import urlsplit

import pytest

from chassis.bus import BusDown, Delivery, Mailbox, Message
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.database import Database
from deploy.demo.client import eventually
from tests.chassis.bus.conftest import take_until
from tests.chassis.web.line import Line


@pytest.fixture
def line(rabbitmq_url: str) -> Iterator[Line]:
    """A line to the broker, whose reader has a topology."""
    declare_topology(rabbitmq_url, {"reader": ("thing.shown.v1",)})
    with closing(Line(urlsplit(rabbitmq_url).port or 5672)) as line:
        yield line


@pytest.fixture
def distant_url(rabbitmq_url: str, line: Line) -> str:
    """The broker at the other end of the line."""
    address = urlsplit(rabbitmq_url)
    return address._replace(netloc=f"{address.username}:{address.password}@127.0.0.1:{line.port}").geturl()


@pytest.fixture
def bus(distant_url: str) -> Iterator[RabbitBus]:
    """A bus that gives soon up who owes an answer."""
    with closing(RabbitBus(distant_url, patience=0.5)) as bus:
        yield bus


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with closing(Database(sqlite_url, "reader")) as database:
        yield database


@pytest.fixture
def mailbox(bus: RabbitBus, database: Database) -> Iterator[Mailbox]:
    with closing(bus.subscribe("reader", (), database)) as mailbox:
        yield mailbox


@pytest.fixture
def lively_mailbox(distant_url: str, database: Database) -> Iterator[Mailbox]:
    """A reader that is missed, and misses its broker, within seconds."""
    with closing(RabbitBus(distant_url, heartbeat=1)) as bus, closing(bus.subscribe("reader", (), database)) as mailbox:
        yield mailbox


def _event(name: str) -> Message:
    return Message(name, "thing.shown.v1", name)


def _publish(bus: RabbitBus, name: str) -> None:
    """Until the broker has it."""
    eventually(lambda: _published(bus, name) or None, f"{name} published", 60)


def _published(bus: RabbitBus, name: str) -> bool:
    try:
        return bus.publish([_event(name)]) == {name}
    except BusDown:
        return False


def _read(mailbox: Mailbox, name: str) -> None:
    """Take and acknowledge until this event came."""
    eventually(lambda: name in _acknowledged(mailbox) or None, f"{name} read", 60)


def _acknowledged(mailbox: Mailbox) -> set[str]:
    try:
        found = mailbox.take(10, patience=0.2)
        mailbox.acknowledge(found)
    except BusDown:
        return set()
    return {delivery.body for delivery in found}


def _hold(mailbox: Mailbox) -> list[Delivery]:
    """Take until something came, and leave it unacknowledged."""
    return eventually(lambda: _taken(mailbox) or None, "something to hold", 60)[0]


def _taken(mailbox: Mailbox) -> list[Delivery]:
    try:
        return mailbox.take(1, patience=0.2)
    except BusDown:
        return []


def _threads_and_files() -> tuple[int, int]:
    return active_count(), len(list(Path("/proc/self/fd").iterdir()))


def _no_more_than(before: tuple[int, int]) -> bool:
    return all(now <= then for now, then in zip(_threads_and_files(), before, strict=True))


def test_twenty_cuts_leave_nothing_behind(line: Line, bus: RabbitBus, mailbox: Mailbox) -> None:
    """After each cut publisher and reader connect anew, and in the end no thread and no file more is open."""
    _publish(bus, "first")
    _read(mailbox, "first")
    before = _threads_and_files()
    for number in range(20):
        line.cut()
        with pytest.raises(BusDown):
            mailbox.take(1, patience=10)
        _publish(bus, f"after cut {number}")
        _read(mailbox, f"after cut {number}")
    eventually(lambda: _no_more_than(before) or None, f"no more than {before}", 60)


def test_a_slow_line_is_no_lost_line(line: Line, distant_url: str, database: Database) -> None:
    """What takes long to pass, but passes, costs no connection."""
    with closing(RabbitBus(distant_url, patience=30)) as bus, closing(bus.subscribe("reader", (), database)) as mailbox:
        bus.publish([_event("first")])
        line.be_slow(0.1)
        assert bus.publish([_event("second")]) == {"second"}
        assert {delivery.body for delivery in take_until(mailbox, 2)} == {"first", "second"}
        assert bus.trouble() is None
        assert line.carried == 2


def test_a_silent_broker_is_given_up(line: Line, bus: RabbitBus, mailbox: Mailbox) -> None:
    """Publishing, acknowledging and letting go end though no answer comes; once it speaks again, everything passes."""
    _publish(bus, "first")
    held = _hold(mailbox)
    line.fall_silent()
    for _attempt in range(2):
        with pytest.raises(BusDown):
            bus.publish([_event("second")])
    assert bus.trouble() == "broker_away"
    with suppress(BusDown):
        mailbox.acknowledge(held)
    mailbox.close()
    with pytest.raises(BusDown):
        mailbox.take(1, patience=0)
    line.speak_again()
    _publish(bus, "second")
    _read(mailbox, "second")


def test_a_broker_that_is_gone_without_a_word_is_missed(line: Line, bus: RabbitBus, lively_mailbox: Mailbox) -> None:
    """Half-open: the publisher misses the confirm and the reader the heartbeat; both connect anew."""
    _publish(bus, "first")
    _read(lively_mailbox, "first")
    line.lose_server()
    with pytest.raises(BusDown):
        bus.publish([_event("second")])
    with pytest.raises(BusDown):
        lively_mailbox.take(1, patience=60)
    _publish(bus, "second")
    _read(lively_mailbox, "second")


def test_a_reader_that_is_gone_without_a_word_holds_nothing_for_long(
    line: Line, bus: RabbitBus, lively_mailbox: Mailbox
) -> None:
    """What a reader had taken when its line went dead comes to the next one, by the broker's heartbeat."""
    _publish(bus, "first")
    _hold(lively_mailbox)
    line.lose_client()
    with pytest.raises(BusDown):
        lively_mailbox.take(1, patience=0)
    _read(lively_mailbox, "first")
