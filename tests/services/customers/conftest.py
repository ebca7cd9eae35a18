"""An empty customers database of each kind, with two branches, a team and its people."""

from collections.abc import Iterator

import pytest

from chassis.database import Database
from services.customers.app import SERVICE
from tests.services.asking import Ask, asking
from tests.services.customers.house import furnished, visit
from tests.services.customers.points_house import KEEPING, holding, told


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same test on SQLite and on PostgreSQL."""
    opened = furnished(database_url)
    yield opened
    opened.close()


@pytest.fixture
def quick_database(sqlite_url: str) -> Iterator[Database]:
    """For what the kind of database makes no difference to."""
    opened = furnished(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def ask(database: Database) -> Ask:
    return asking(SERVICE, database)


@pytest.fixture
def quick_ask(quick_database: Database) -> Ask:
    return asking(SERVICE, quick_database)


@pytest.fixture
def keeping(quick_database: Database) -> Ask:
    """A company that keeps points, its rules, and 王小明, an own customer of li's who has been here."""
    holding(quick_database)
    told(quick_database, visit("r1", "wang"))
    return asking(KEEPING, quick_database)
