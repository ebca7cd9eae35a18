"""An empty reporting database of each kind."""

from collections.abc import Iterator

import pytest

from chassis.database import Database
from services.reporting.app import SERVICE
from tests.services.synthetic import open_database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same test on SQLite and on PostgreSQL."""
    opened = open_database(database_url, "reporting", SERVICE.metadata)
    yield opened
    opened.close()
