"""The worker: relay, consumer and jobs as threads, on the single machine's ground and on the distributed one's."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import MetaData

from chassis.bus import EventBus
from chassis.bus.local import LocalBus
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.database import Database, Transaction
from chassis.events import Consumers, Envelope, Fact, Received, about, dead_letters, record
from chassis.furniture import furnish
from chassis.identity import system
from chassis.jobs import Job, Task, enqueue
from chassis.runtime import Worker, settle
from chassis.service import Service
from deploy.distributed.private_postgres import drop_database, fresh_database
from tests.ground import ask

METADATA = furnish(MetaData())
PEOPLE = system("reader", None)
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Shown(Fact):
    """A value was shown."""

    TYPE = "thing.shown.v1"
    value: int


class Refused(Exception):
    """What the handler raises while it is told to."""


@dataclass
class House:
    """An announcer and a reader on one bus."""

    announcer: Database
    reader: Database
    bus: EventBus
    workers: list[Worker]
    seen: list[int]
    arrived: Event
    refuses: Event
    worked: Event

    def announce(self, value: int, database: Database | None = None) -> None:
        with (database or self.announcer).write() as tx:
            record(tx, Shown(value), about("thing", str(value), 1, None))


def _service(name: str, consumers: Consumers, jobs: tuple[Job, ...] = ()) -> Service:
    return Service(name, HERE, METADATA, (), consumers, (Shown,), {}, jobs)


def _house(new_url: Callable[[str], str], bus: EventBus, stack: ExitStack) -> House:
    announcer, reader = (Database(new_url(name), name) for name in ("announcer", "reader"))
    for database in (announcer, reader):
        METADATA.create_all(database.engine)
        stack.callback(database.close)
    house = House(announcer, reader, bus, [], [], Event(), Event(), Event())
    consumers = Consumers()

    @consumers.on("thing.shown.v1", Shown)
    def keep(tx: Transaction, event: Received[Shown]) -> None:
        if house.refuses.is_set():
            raise Refused
        house.seen.append(event.data.value)
        tx.after_commit(house.arrived.set)

    def work(_task: Task) -> None:
        house.worked.set()

    services = (_service("announcer", Consumers(), (Job("work", work),)), _service("reader", consumers))
    house.workers = [Worker(service, db, bus) for service, db in zip(services, (announcer, reader), strict=True)]
    return house


@pytest.fixture(params=["single-machine", pytest.param("distributed", marks=pytest.mark.system)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """The same house in both shapes."""
    with ExitStack() as stack:
        if request.param == "single-machine":
            yield _house(lambda name: f"sqlite:///{tmp_path / name}.db", LocalBus(), stack)
            return
        url: str = request.getfixturevalue("rabbitmq_url")
        declare_topology(url, {"announcer": (), "reader": ("thing.shown.v1",)})
        bus = RabbitBus(url)
        stack.callback(bus.close)
        yield _house(lambda _name: _postgres(stack), bus, stack)


def _postgres(stack: ExitStack) -> str:
    url = fresh_database(ask("postgres"))
    stack.callback(drop_database, ask("postgres"), url)
    return url


@pytest.fixture
def running(house: House) -> Iterator[House]:
    for worker in house.workers:
        worker.start()
    yield house
    for worker in house.workers:
        worker.stop()


def test_a_committed_fact_arrives_by_itself(running: House) -> None:
    """Nobody asks for it: a commit is enough for the reader's handler to run."""
    running.announce(1)
    assert running.arrived.wait(60)
    assert running.seen == [1]


def test_a_commit_of_another_process_arrives_too(running: House) -> None:
    """A web process that runs no relay records a fact; the worker finds it."""
    elsewhere = Database(running.announcer.url, "announcer")
    running.announce(1, elsewhere)
    assert running.arrived.wait(60)
    elsewhere.close()


def test_what_was_recorded_before_the_start_arrives(house: House) -> None:
    """After a crash the outbox still holds what was answered: the next start sends it."""
    house.announce(7)
    for worker in house.workers:
        worker.start()
    assert house.arrived.wait(60)
    for worker in house.workers:
        worker.stop()
    assert house.seen == [7]


def test_a_retried_dead_letter_is_handled_once(running: House) -> None:
    """A letter that people have tried again, in a process without a worker, goes to the handler once, on either bus."""
    _park(running, 5)
    elsewhere = Database(running.reader.url, "reader")
    with elsewhere.write() as tx:
        dead_letters.retry(tx, PEOPLE, "letter", "mended", datetime.now(UTC))
    elsewhere.close()
    assert running.arrived.wait(60)
    running.arrived.clear()
    running.announce(6)
    assert running.arrived.wait(60)
    assert running.seen == [5, 6]
    assert running.workers[1].backlog().is_idle


def _park(house: House, value: int) -> None:
    now = datetime.now(UTC)
    event = Envelope("letter", "announcer", "thing.shown.v1", "thing/5", 1, now, None, None, {"value": value})
    with house.reader.write() as tx:
        dead_letters.park(tx, event.to_json(), "Refused", 4)


def test_jobs_are_done(running: House) -> None:
    """A job that a transaction asked for is done by the worker."""
    with running.announcer.write() as tx:
        enqueue(tx, "work", {}, "once")
    assert running.worked.wait(60)


def test_health_can_say_what_waits(house: House) -> None:
    """The backlog counts what is not published, and threads that do not run are named."""
    house.announce(1)
    backlog = house.workers[0].backlog()
    assert (backlog.unpublished, backlog.is_idle) == (1, False)
    assert "announcer-relay" in house.workers[0].stopped()


def test_stopped_threads_end(running: House) -> None:
    """After `stop` no thread of the worker runs; while it runs, all of them do."""
    for worker in running.workers:
        assert worker.stopped() == ()
        worker.stop()
        assert len(worker.stopped()) >= 2


@pytest.mark.parametrize("house", ["single-machine"], indirect=True)
def test_a_test_can_run_everything_to_rest_by_itself(house: House) -> None:
    """`settle` carries every event to its end without a thread."""
    for value in range(5):
        house.announce(value)
    settle(house.workers)
    assert sorted(house.seen) == list(range(5))
    assert all(worker.backlog().is_idle for worker in house.workers)


@pytest.mark.parametrize("house", ["single-machine"], indirect=True)
def test_a_refused_event_waits_without_stopping_the_rest(house: House) -> None:
    """While one event waits for its next attempt, `settle` comes to rest and health says that one is pending."""
    house.refuses.set()
    house.announce(1)
    settle(house.workers)
    house.refuses.clear()
    house.announce(2)
    settle(house.workers)
    assert house.seen == [2]
    assert house.workers[1].backlog().pending == 1
