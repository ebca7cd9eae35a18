"""The office that the tests of reception ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.reception.court import Court
from tests.services.reception.office import Office

_QUICK = ("test_receiving.py", "test_board.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of what asks a whole office, the visitor's own way and the board are for the quick run; and every rule is."""
    for item in items:
        here, name = item.path.parent == Path(__file__).parent, item.path.name
        if here and name not in _QUICK and "rules" not in name:
            item.add_marker(pytest.mark.slow)


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
