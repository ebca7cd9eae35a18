"""The office that the tests of reception ask."""

from collections.abc import Iterator

import pytest

from tests.services.reception.court import Court
from tests.services.reception.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Li, Wu and Zhao stand in the line in this order; nobody is on duty."""
    opened = Office(database_url, ["li", "wu", "zhao"])
    yield opened
    opened.database.close()


@pytest.fixture
def sqlite_office(sqlite_url: str) -> Iterator[Office]:
    """The same, where nothing depends on the kind of database."""
    opened = Office(sqlite_url, ["li", "wu", "zhao"])
    yield opened
    opened.database.close()


@pytest.fixture
def court(sqlite_url: str) -> Iterator[Court]:
    """Where penalties are decided; on SQLite, for nothing of it depends on the database."""
    opened = Court(sqlite_url)
    yield opened
    opened.database.close()
