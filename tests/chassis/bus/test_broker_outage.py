"""What happens when the broker is not there: nothing is lost, and everything goes on when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.bus import BusDown, Message
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.database import Database
from deploy.distributed.private_rabbitmq import PrivateRabbitMQ

NOWHERE = "amqp://nobody:nothing@127.0.0.1:1/%2F"
EVENT = Message("event-1", "thing.shown.v1", '{"id":"event-1"}')


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PrivateRabbitMQ]:
    """A broker of the test's own, to be stopped and started again."""
    with PrivateRabbitMQ(tmp_path / "rabbitmq") as broker:
        yield broker


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url, "reader")
    yield database
    database.close()


def test_nobody_there_is_said_and_waited_for_by_nobody(database: Database) -> None:
    """Publishing, taking and declaring raise BusDown at once when nothing listens at the address."""
    bus = RabbitBus(NOWHERE)
    with pytest.raises(BusDown):
        bus.publish([EVENT])
    with pytest.raises(BusDown):
        bus.subscribe("reader", (), database).take(1, patience=0)
    with pytest.raises(BusDown):
        declare_topology(NOWHERE, {})
    bus.close()


@pytest.mark.system
def test_the_same_bus_goes_on_when_the_broker_is_back(broker: PrivateRabbitMQ, database: Database) -> None:
    """After the broker was stopped and started, the same publisher and the same mailbox work, and nothing is lost."""
    declare_topology(broker.url, {"reader": ("thing.shown.v1",)})
    bus = RabbitBus(broker.url)
    mailbox = bus.subscribe("reader", (), database)
    assert bus.publish([EVENT]) == {"event-1"}
    held = mailbox.take(1, patience=10)
    broker.stop()
    with pytest.raises(BusDown):
        mailbox.acknowledge(held)
        mailbox.rest(10)
    with pytest.raises(BusDown):
        bus.publish([EVENT])
    broker.start()
    assert bus.publish([Message("event-2", "thing.shown.v1", '{"id":"event-2"}')]) == {"event-2"}
    seen: set[str] = set()
    while len(seen) < 2:
        seen |= {delivery.body for delivery in mailbox.take(10, patience=1)}
    assert seen == {'{"id":"event-1"}', '{"id":"event-2"}'}
    mailbox.close()
    bus.close()


def test_a_queue_of_other_traits_is_refused(rabbitmq_url: str) -> None:
    """A topology that contradicts what stands there is an error, and not silently something else."""
    declare_topology(rabbitmq_url, {"reader": ()})
    with pytest.raises(BusDown):
        declare_topology(rabbitmq_url, {"reader.retry.10000ms": ()})


def test_declaring_again_is_harmless(rabbitmq_url: str) -> None:
    """Every start declares what is there already."""
    for _start in range(2):
        declare_topology(rabbitmq_url, {"reader": ("#",)})
