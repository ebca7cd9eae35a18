"""The ground on which both buses are held to their promise: the same tests, another bus and another database."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, make_url, text

from chassis.bus import Delivery, EventBus, Mailbox
from chassis.bus.local import LocalBus
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.database import Database
from chassis.furniture import furnish
from deploy.distributed.private_postgres import drop_database, fresh_database
from tests.ground import ask

DELAYS = (timedelta(milliseconds=20), timedelta(milliseconds=40))
_PATIENCE = 60.0  # seconds, where no test proves how long something is waited for
_END_CONNECTIONS = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
METADATA = furnish(MetaData())
SHOWN = Table(
    "shown",
    METADATA,
    Column("subject", String(120), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("value", Integer, nullable=False),
    Column("times", Integer, nullable=False),
)


class Street:
    """Services on one bus. `bus()` is a process's own end of it: a second one is another process, or a next life."""

    def __init__(self, new_bus: Callable[[], EventBus], new_url: Callable[[str], str], stack: ExitStack) -> None:
        self._new_bus = new_bus
        self._new_url = new_url
        self._stack = stack
        self._services: dict[str, tuple[Sequence[str], Database]] = {}

    def bus(self) -> EventBus:
        bus = self._new_bus()
        self._stack.callback(bus.close)
        for name, (types, database) in self._services.items():
            bus.subscribe(name, types, database)
        return bus

    def service(self, name: str, *types: str) -> Database:
        """A service with an empty database that subscribes to `types`."""
        database = self.database(self._new_url(name), name)
        METADATA.create_all(database.engine)
        self._services[name] = (types, database)
        self.declare(name, types)
        return database

    def database(self, url: str, name: str) -> Database:
        """One more way into a database, as another process has it."""
        database = Database(url, name, patience=_PATIENCE)
        self._stack.callback(database.close)
        return database

    def database_of(self, name: str) -> Database:
        return self._services[name][1]

    def mailbox(self, bus: EventBus, name: str) -> Mailbox:
        types, database = self._services[name]
        mailbox = bus.subscribe(name, types, database)
        self._stack.callback(mailbox.close)
        return mailbox

    @contextmanager
    def unplugged(self, name: str) -> Iterator[None]:
        """Nobody else gets a turn to write into the service's database while the block runs."""
        database = self.database_of(name)
        with self.database(database.url, name).write():
            database.patience = 0.05
            yield
            database.patience = _PATIENCE

    def declare(self, name: str, types: Sequence[str]) -> None:
        """The step before traffic, where the bus has one."""


class RabbitStreet(Street):
    """The same over a broker."""

    url = ""

    def declare(self, name: str, types: Sequence[str]) -> None:
        declare_topology(self.url, {name: types}, DELAYS)

    @contextmanager
    def unplugged(self, name: str) -> Iterator[None]:
        """PostgreSQL ends every connection to the database and takes no new one."""
        url = make_url(self.database_of(name).url)
        server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false'))
            connection.execute(_END_CONNECTIONS, {"name": url.database})
            yield
            connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true'))
        server.dispose()


@pytest.fixture(params=["local", pytest.param("rabbitmq", marks=pytest.mark.system)])
def street(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Street]:
    """The local bus with SQLite, and RabbitMQ with PostgreSQL."""
    with ExitStack() as stack:
        if request.param == "local":
            yield Street(lambda: LocalBus(delays=DELAYS), lambda name: f"sqlite:///{tmp_path / name}.db", stack)
            return
        url: str = request.getfixturevalue("rabbitmq_url")
        street = RabbitStreet(lambda: RabbitBus(url, DELAYS, patience=_PATIENCE), lambda name: _postgres(stack), stack)
        street.url = url
        yield street


def _postgres(stack: ExitStack) -> str:
    server = ask("postgres")
    url = fresh_database(server)
    stack.callback(drop_database, server, url)
    return url


def take_until(mailbox: Mailbox, number: int) -> list[Delivery]:
    """Take until `number` deliveries have come; fails when they do not come within half a minute."""
    found: list[Delivery] = []
    for _attempt in range(150):
        found += mailbox.take(number - len(found), patience=0.2)
        if len(found) == number:
            return found
    raise AssertionError(f"{len(found)} of {number} arrived")
