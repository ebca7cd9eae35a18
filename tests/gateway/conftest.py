"""A gateway with a company of two branches, people of every role, and a service behind it that tells what it got."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import gateway
from chassis.database import Database
from chassis.database.migrations import migrate
from chassis.web import IdentitySigner, IdentityVerifier, new_key_pair
from gateway.office import Options
from gateway.routing.table import Routes, in_process
from gateway.tables import METADATA
from tests.gateway.answers import ToldByWord
from tests.gateway.company import PASSWORD, Company
from tests.gateway.door import Door, WallClock
from tests.gateway.echo import Echo
from tests.gateway.told import TeamRoom, Told
from tests.tables import compile_once

_FOLDER = Path(gateway.__file__).parent / "migrations"
KEYS = new_key_pair()


def opened(url: str) -> Database:
    """A gateway's database with its newest schema; of twenty at once the last waits as long as it takes."""
    migrate("gateway", _FOLDER, METADATA, url)
    return Database(url, "gateway", patience=60)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Company]:
    """A company made once: hashing its people's passwords takes longer than most tests."""
    file = tmp_path_factory.mktemp("company") / "gateway.db"
    database = opened(f"sqlite:///{file}")
    company = Company(database)
    database.close()
    return file, company


@pytest.fixture
def company(template: tuple[Path, Company]) -> Company:
    return template[1]


@pytest.fixture
def database(template: tuple[Path, Company], tmp_path: Path) -> Iterator[Database]:
    """A database of its own with that company."""
    shutil.copy(template[0], tmp_path / "gateway.db")
    one = Database(f"sqlite:///{tmp_path / 'gateway.db'}", "gateway")
    compile_once(one.engine)
    yield one
    one.close()


@pytest.fixture(scope="session")
def team_room(template: tuple[Path, Company], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamRoom]:
    """One gateway for all tests of the office's pages; what customers are asked goes by its whole path."""
    with _in_front_of(("reception", "customers"), template[0], tmp_path_factory.mktemp("team")) as room:
        yield room


@pytest.fixture(scope="session")
def customers_room(template: tuple[Path, Company], tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamRoom]:
    """One gateway for all tests of what is done with customers."""
    with _in_front_of(("customers",), template[0], tmp_path_factory.mktemp("customers")) as room:
        yield room


@contextmanager
def _in_front_of(services: tuple[str, ...], template: Path, folder: Path) -> Iterator[TeamRoom]:
    file = folder / "gateway.db"
    shutil.copy(template, file)
    database, told = Database(f"sqlite:///{file}", "gateway"), Told(prefix=f"/api/v1/{services[0]}/")
    signer, options = IdentitySigner(KEYS.private_pem), Options(rate="10000/second")
    yield TeamRoom(Door(database, Routes(dict.fromkeys(services, told)), signer, WallClock(), options), told)
    database.close()


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
def door(database: Database, wall: WallClock, echo: Echo, company: Company) -> Door:
    """The gateway's client; `reception` and `customers` are the echo, in this process."""
    routes = in_process({"reception": echo, "customers": echo})
    return Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options(rate="10000/second"))


@pytest.fixture
def followups() -> ToldByWord:
    """Follow-ups, that a test tells what to answer."""
    return ToldByWord()


@pytest.fixture
def seller(database: Database, wall: WallClock, reception: ToldByWord, followups: ToldByWord) -> FlaskClient:
    """A salesperson who has signed in; `reception` is the test file's own."""
    routes = Routes({"reception": reception, "followups": followups})
    client = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options()).client()
    client.post("/sign-in", data={"username": "salesperson", "password": PASSWORD})
    return client
