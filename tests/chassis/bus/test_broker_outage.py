"""What happens when the broker is not there, or there and silent, or full: nothing is lost, and it all goes on."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from subprocess import CalledProcessError

import pytest
from sqlalchemy import MetaData

from chassis.bus import RETRY_DELAYS, BusDown, EventBus, Message
from chassis.bus.pending import PendingMailbox
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.clock import StandingClock
from chassis.database import Database
from chassis.events import Envelope
from chassis.furniture import furnish
from deploy.demo.client import eventually
from deploy.distributed.private_rabbitmq import PrivateRabbitMQ
from tests.chassis.bus.conftest import take_until

METADATA = MetaData()
NOWHERE = "amqp://nobody:nothing@127.0.0.1:1/%2F"
EVENT = Message("event-1", "thing.shown.v1", '{"id":"event-1"}')
NEXT = Message("event-2", "thing.shown.v1", '{"id":"event-2"}')


@pytest.fixture(scope="module")
def own_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRabbitMQ]:
    """A broker of these tests' own, to be stopped and started again."""
    with PrivateRabbitMQ(tmp_path_factory.mktemp("rabbitmq")) as broker:
        yield broker
        broker.kill()


@pytest.fixture
def url(own_broker: PrivateRabbitMQ) -> str:
    """An empty vhost of it with the reader's topology."""
    vhost = own_broker.fresh_vhost()
    declare_topology(vhost, {"reader": ("thing.shown.v1",)})
    return vhost


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url, "reader")
    yield database
    database.close()


def _seen(bus: EventBus, database: Database, number: int) -> set[str]:
    """The bodies of the next `number` different events."""
    seen: set[str] = set()
    with closing(bus.subscribe("reader", (), database)) as mailbox:
        while len(seen) < number:
            seen |= {delivery.body for delivery in mailbox.take(10, patience=1)}
    return seen


def test_nobody_there_is_said_and_waited_for_by_nobody(database: Database) -> None:
    """Publishing, taking and declaring raise BusDown when nothing listens at the address, and the bus says why."""
    with closing(RabbitBus(NOWHERE)) as bus:
        with pytest.raises(BusDown):
            bus.publish([EVENT])
        with pytest.raises(BusDown):
            bus.subscribe("reader", (), database).take(1, patience=0)
        assert bus.trouble() == "broker_away"
    with pytest.raises(BusDown):
        declare_topology(NOWHERE, {})


@pytest.mark.system
def test_the_same_bus_goes_on_when_the_broker_is_back(
    own_broker: PrivateRabbitMQ, url: str, database: Database
) -> None:
    """After the broker was stopped and started, the same publisher and the same mailbox work, and nothing is lost."""
    with closing(RabbitBus(url, patience=60)) as bus, closing(bus.subscribe("reader", (), database)) as mailbox:
        assert bus.publish([EVENT]) == {EVENT.id}
        held = mailbox.take(1, patience=10)
        own_broker.stop()
        with pytest.raises(BusDown):
            mailbox.acknowledge(held)
            mailbox.rest(10)
        with pytest.raises(BusDown):
            bus.publish([EVENT])
        assert bus.trouble() == "broker_away"
        own_broker.start()
        assert bus.publish([NEXT]) == {NEXT.id}
        seen: set[str] = set()
        while len(seen) < 2:
            seen |= {delivery.body for delivery in mailbox.take(10, patience=1)}
        assert seen == {EVENT.body, NEXT.body}
        assert bus.trouble() is None


@pytest.mark.system
def test_the_newest_queue_survives_a_crash(own_broker: PrivateRabbitMQ, database: Database) -> None:
    """What is confirmed by a queue that was declared a moment before the broker was killed is there afterwards."""
    vhost = own_broker.fresh_vhost()
    declare_topology(vhost, {"reader": ("thing.shown.v1",)}, delays=())
    with closing(RabbitBus(vhost, (), patience=60)) as bus:
        assert bus.publish([EVENT, NEXT]) == {EVENT.id, NEXT.id}
        own_broker.kill()
        own_broker.start()
        assert _seen(bus, database, 2) == {EVENT.body, NEXT.body}


@pytest.mark.system
def test_a_full_broker_is_told_at_once_and_forgotten_when_it_is_over(
    own_broker: PrivateRabbitMQ, url: str, database: Database
) -> None:
    """While the broker has a memory alarm publishing raises BusDown and the bus says why; then everything passes."""
    with closing(RabbitBus(url, patience=60)) as bus:
        bus.publish([EVENT])
        own_broker.control("set_vm_memory_high_watermark", "0.0000001")
        for _attempt in range(3):
            with pytest.raises(BusDown):
                bus.publish([NEXT])
            assert bus.trouble() == "broker_blocked"
        own_broker.control("set_vm_memory_high_watermark", "0.4")
        eventually(lambda: bus.trouble() is None or None, "the end of the alarm", 60)
        assert bus.publish([NEXT]) == {NEXT.id}
        assert _seen(bus, database, 2) == {EVENT.body, NEXT.body}


@pytest.mark.system
def test_a_retry_that_a_full_broker_does_not_take_waits_in_the_database(
    own_broker: PrivateRabbitMQ, url: str, database: Database
) -> None:
    """What has to be tried again is put aside, and the events behind it are acknowledged: only so it gets room."""
    furnish(METADATA).create_all(database.engine)
    first, second = (Message(name, "thing.shown.v1", _event(name)) for name in ("first", "second"))
    with closing(RabbitBus(url)) as bus:
        bus.publish([first, second])
        with closing(bus.subscribe("reader", (), database)) as mailbox:
            taken = take_until(mailbox, 2)
            own_broker.control("set_vm_memory_high_watermark", "0.0000001")
            assert mailbox.postpone(taken[0])
            mailbox.acknowledge(taken[1:])
        own_broker.control("set_vm_memory_high_watermark", "0.4")
        with closing(bus.subscribe("reader", (), database)) as mailbox:
            assert mailbox.take(1, patience=0.5) == []
    later = StandingClock(datetime.now(UTC) + RETRY_DELAYS[0])
    (waiting,) = PendingMailbox(database, later).take(10, patience=0)
    assert (waiting.body, waiting.attempts) == (first.body, 1)


def _event(name: str) -> str:
    time = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    return Envelope(name, "elsewhere", "thing.shown.v1", f"thing/{name}", 1, time, None, None, {}).to_json()


@pytest.mark.system
def test_a_command_the_broker_does_not_know_is_an_error(own_broker: PrivateRabbitMQ) -> None:
    """rabbitmqctl reaches this broker alone, answers what it says, and raises when it refuses."""
    assert own_broker.control("list_users").split()[2] == "anchang"
    with pytest.raises(CalledProcessError):
        own_broker.control("no_such_command")


def test_a_queue_of_other_traits_is_refused(rabbitmq_url: str) -> None:
    """A topology that contradicts what stands there is an error, and not silently something else."""
    declare_topology(rabbitmq_url, {"reader": ()})
    with pytest.raises(BusDown):
        declare_topology(rabbitmq_url, {"reader.retry.10000ms": ()})


def test_declaring_again_is_harmless(rabbitmq_url: str) -> None:
    """Every start declares what is there already."""
    for _start in range(2):
        declare_topology(rabbitmq_url, {"reader": ("#",)})
