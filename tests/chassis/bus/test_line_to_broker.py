"""A line to the broker that breaks, is slow, falls silent, or loses one end: every thread comes back from it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import active_count
from urllib.parse import urlsplit

import pytest

from chassis.bus import BusDown, Mailbox, Message
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.database import Database
from deploy.demo.client import eventually
from tests.chassis.web.line import Line


@pytest.fixture
def line(rabbitmq_url: str) -> Iterator[Line]:
    """A line to the broker, whose reader has a topology."""
    declare_topology(rabbitmq_url, {"reader": ("thing.shown.v1",)})
    with closing(Line(urlsplit(rabbitmq_url).port or 5672)) as line:
        yield line


@pytest.fixture
def bus(rabbitmq_url: str, line: Line) -> Iterator[RabbitBus]:
    """A bus at the other end of the line, which gives a silent broker up soon."""
    address = urlsplit(rabbitmq_url)
    url = address._replace(netloc=f"{address.username}:{address.password}@127.0.0.1:{line.port}").geturl()
    with closing(RabbitBus(url, patience=0.5, heartbeat=1)) as bus:
        yield bus


@pytest.fixture
def mailbox(bus: RabbitBus, sqlite_url: str) -> Iterator[Mailbox]:
    database = Database(sqlite_url, "reader")
    with closing(database), closing(bus.subscribe("reader", (), database)) as mailbox:
        yield mailbox


def _event(name: str) -> Message:
    return Message(name, "thing.shown.v1", name)


def _taken(mailbox: Mailbox, name: str) -> bool:
    """Take and acknowledge until this event came."""
    for _attempt in range(50):
        found = mailbox.take(10, patience=0.2)
        mailbox.acknowledge(found)
        if name in {delivery.body for delivery in found}:
            return True
    return False


def _threads_and_files() -> tuple[int, int]:
    return active_count(), len(list(Path("/proc/self/fd").iterdir()))


def test_twenty_cuts_leave_nothing_behind(line: Line, bus: RabbitBus, mailbox: Mailbox) -> None:
    """After each cut publisher and reader connect anew, and in the end no thread and no file more is open."""
    bus.publish([_event("first")])
    assert _taken(mailbox, "first")
    before = _threads_and_files()
    for number in range(20):
        line.cut()
        with pytest.raises(BusDown):
            mailbox.take(1, patience=10)
        name = f"after cut {number}"
        eventually(lambda name=name: _published(bus, name) or None, name, 10)  # type: ignore[misc]
        eventually(lambda name=name: _came(mailbox, name) or None, name, 30)  # type: ignore[misc]
    eventually(lambda: _threads_and_files() <= before or None, f"no more than {before}", 10)


def _published(bus: RabbitBus, name: str) -> bool:
    try:
        return bus.publish([_event(name)]) == {name}
    except BusDown:
        return False


def _came(mailbox: Mailbox, name: str) -> bool:
    """Half a second is soon over where much else runs: then it is tried once more, as a reader does."""
    try:
        return _taken(mailbox, name)
    except BusDown:
        return False


def test_a_slow_line_is_no_lost_line(line: Line, bus: RabbitBus, mailbox: Mailbox) -> None:
    """What takes long to pass, but passes, costs no connection."""
    bus.publish([_event("first")])
    line.be_slow(0.02)
    assert bus.publish([_event("second")]) == {"second"}
    assert _taken(mailbox, "second")
    assert bus.trouble() is None


def test_a_silent_broker_is_given_up(line: Line, bus: RabbitBus, mailbox: Mailbox) -> None:
    """Publishing, acknowledging and letting go end though no answer comes; once it speaks again, everything passes."""
    bus.publish([_event("first")])
    held = mailbox.take(1, patience=10)
    line.fall_silent()
    for _attempt in range(2):
        with pytest.raises(BusDown):
            bus.publish([_event("second")])
    assert bus.trouble() == "broker_away"
    mailbox.acknowledge(held)
    mailbox.close()
    with pytest.raises(BusDown):
        mailbox.take(1, patience=0)
    line.speak_again()
    assert bus.publish([_event("second")]) == {"second"}
    assert _taken(mailbox, "second")


def test_a_broker_that_is_gone_without_a_word_is_missed(line: Line, bus: RabbitBus, mailbox: Mailbox) -> None:
    """Half-open: the publisher misses the confirm and the reader the heartbeat; both connect anew."""
    bus.publish([_event("first")])
    assert _taken(mailbox, "first")
    line.lose_server()
    with pytest.raises(BusDown):
        bus.publish([_event("second")])
    with pytest.raises(BusDown):
        mailbox.take(1, patience=60)
    assert bus.publish([_event("second")]) == {"second"}
    assert _taken(mailbox, "second")


def test_a_reader_that_is_gone_without_a_word_holds_nothing_for_long(
    line: Line, bus: RabbitBus, mailbox: Mailbox
) -> None:
    """What a reader had taken when its line went dead comes to the next one, by the broker's heartbeat."""
    bus.publish([_event("first")])
    assert len(mailbox.take(1, patience=10)) == 1
    line.lose_client()
    with pytest.raises(BusDown):
        mailbox.take(1, patience=0)
    assert _taken(mailbox, "first")
