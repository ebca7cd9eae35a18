"""The notes service on each database."""

from collections.abc import Iterator

import pytest

from tests.chassis.web.house import House, build


@pytest.fixture
def house(sqlite_url: str) -> Iterator[House]:
    """The notes service on SQLite."""
    built = build(sqlite_url)
    yield built
    built.database.close()


@pytest.fixture
def either_house(database_url: str) -> Iterator[House]:
    """The notes service on SQLite and on PostgreSQL; of fifty who ask at once the last waits as long as it takes."""
    built = build(database_url, patience=60, key_patience=60)
    yield built
    built.database.close()
