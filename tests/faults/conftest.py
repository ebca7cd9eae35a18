"""The numbered services in both shapes, each on empty databases."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.distributed.private_postgres import drop_database, fresh_database
from tests.faults.asking import Asking
from tests.faults.count import Book
from tests.faults.nursery import Nursery
from tests.faults.systems import Distributed, OneProcess, System
from tests.ground import ask

DELAYS = (timedelta(milliseconds=50), timedelta(milliseconds=100))


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where the processes of all fault tests are started."""
    with closing(Nursery(tmp_path_factory.mktemp("nursery"))) as nursery:
        yield nursery


@pytest.fixture
def distributed(nursery: Nursery, rabbitmq_url: str, tmp_path: Path) -> Iterator[Distributed]:
    """Three processes on RabbitMQ and PostgreSQL; nothing runs yet."""
    with ExitStack() as stack:
        system = Distributed(nursery, tmp_path, lambda: _postgres(stack), rabbitmq_url, DELAYS)
        with closing(system):
            yield system


@pytest.fixture
def one_process(nursery: Nursery, tmp_path: Path) -> Iterator[OneProcess]:
    """One process on two SQLite files; it does not run yet."""
    with closing(OneProcess(nursery, tmp_path, DELAYS)) as system:
        yield system


@pytest.fixture(params=["one_process", pytest.param("distributed", marks=pytest.mark.system)])
def system(request: pytest.FixtureRequest) -> System:
    """The same test in both shapes."""
    found: System = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def asking(system: System) -> Asking:
    """Clients of the system, with a book of their own."""
    return Asking(system.url, Book())


def _postgres(stack: ExitStack) -> str:
    server = ask("postgres")
    url = fresh_database(server)
    stack.callback(drop_database, server, url)
    return url
