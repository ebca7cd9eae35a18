"""A gateway with a company of two branches, people of every role, and a service behind it that tells what it got."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import gateway
from chassis.database import Database
from chassis.database.migrations import migrate
from chassis.web import IdentitySigner, IdentityVerifier, new_key_pair
from gateway.office import Options
from gateway.routing.table import in_process
from gateway.tables import METADATA
from tests.gateway.company import Company
from tests.gateway.door import Door, WallClock
from tests.gateway.echo import Echo

_FOLDER = Path(gateway.__file__).parent / "migrations"
KEYS = new_key_pair()


def opened(url: str) -> Database:
    """A gateway's database with its newest schema."""
    migrate("gateway", _FOLDER, METADATA, url)
    return Database(url, "gateway")


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    one = opened(sqlite_url)
    yield one
    one.close()


@pytest.fixture
def any_database(database_url: str) -> Iterator[Database]:
    """The same promise on SQLite and PostgreSQL."""
    one = opened(database_url)
    yield one
    one.close()


@pytest.fixture
def wall() -> WallClock:
    return WallClock()


@pytest.fixture
def echo() -> Echo:
    return Echo(IdentityVerifier(KEYS.public_pem))


@pytest.fixture
def company(database: Database) -> Company:
    return Company(database)


@pytest.fixture
def door(database: Database, wall: WallClock, echo: Echo, company: Company) -> Door:
    """The gateway's client; `reception` and `customers` are the echo, in this process."""
    routes = in_process({"reception": echo, "customers": echo})
    return Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options(rate="10000/second"))
