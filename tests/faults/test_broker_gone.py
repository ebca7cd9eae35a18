"""RabbitMQ killed, stopped for a while and full: requests keep their answers, and every event arrives once."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count as numbers_from
from itertools import islice
from pathlib import Path

import pytest

from deploy.demo.client import eventually
from deploy.distributed.private_postgres import drop_database, fresh_database
from deploy.distributed.private_rabbitmq import PrivateRabbitMQ
from tests.faults.asking import Asking
from tests.faults.conftest import DELAYS
from tests.faults.count import Book, applied, positions
from tests.faults.nursery import Nursery
from tests.faults.rest import count_at_rest
from tests.faults.systems import Distributed
from tests.ground import ask


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateRabbitMQ]:
    """A broker of these tests' own."""
    with PrivateRabbitMQ(tmp_path_factory.mktemp("rabbitmq")) as broker:
        yield broker
        broker.kill()


@pytest.fixture
def system(nursery: Nursery, broker: PrivateRabbitMQ, tmp_path: Path) -> Iterator[Distributed]:
    """Its topology was declared this moment."""
    made: list[str] = []

    def new_database() -> str:
        made.append(fresh_database(ask("postgres")))
        return made[-1]

    with closing(Distributed(nursery, tmp_path, new_database, broker.fresh_vhost(), DELAYS)) as system:
        system.start()
        yield system
    for url in made:
        drop_database(ask("postgres"), url)


@pytest.mark.system
def test_a_killed_broker_loses_nothing(system: Distributed, broker: PrivateRabbitMQ) -> None:
    """Killed under load, right after its queues were declared and once more: every number is applied once."""
    asking = Asking(system.url, Book())
    with asking.pressing(numbers_from()) as wait_for:
        for _crash in range(2):
            wait_for(20)
            asking.book.strike(applied(system.reader))
            broker.kill()
            broker.start()
        wait_for(20)
    found = count_at_rest(system, asking.book)
    assert found.is_clean, found
    assert found.recovered


@pytest.mark.system
def test_without_a_broker_every_request_has_its_answer(system: Distributed, broker: PrivateRabbitMQ) -> None:
    """While the broker is down each number is answered at the first time of asking; then all of them arrive."""
    asking = Asking(system.url, Book())
    numbers = numbers_from()
    asking.all_of(islice(numbers, 20))
    broker.stop()
    assert all(asking.once(number) for number in islice(numbers, 200))
    assert positions(system.announcer).count(None) >= 200
    broker.start()
    assert count_at_rest(system, asking.book).is_clean
    assert len(applied(system.reader)) == 220


@pytest.mark.system
def test_with_a_full_broker_every_request_has_its_answer(system: Distributed, broker: PrivateRabbitMQ) -> None:
    """While the broker blocks who publishes each number is answered; when it has room again, all of them arrive."""
    asking = Asking(system.url, Book())
    numbers = numbers_from()
    asking.all_of(islice(numbers, 20))
    system.until_applied()
    broker.control("set_vm_memory_high_watermark", "0.0000001")
    assert all(asking.once(number) for number in islice(numbers, 100))
    eventually(lambda: "blocked" in broker.control("list_connections", "state") or None, "a blocked connection", 60)
    assert positions(system.announcer).count(None)
    broker.control("set_vm_memory_high_watermark", "0.4")
    assert count_at_rest(system, asking.book).is_clean
    assert len(applied(system.reader)) == 120
