"""An empty follow-ups database of each kind."""

from collections.abc import Iterator

import pytest

from chassis.database import Database
from services.followups.app import SERVICE
from tests.services.synthetic import open_database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same test on SQLite and on PostgreSQL."""
    opened = open_database(database_url, "followups", SERVICE.metadata)
    yield opened
    opened.close()
