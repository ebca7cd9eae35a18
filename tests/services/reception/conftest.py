"""The office that the tests of reception ask."""

from collections.abc import Iterator

import pytest

from tests.services.reception.office import Office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Li, Wu and Zhao stand in the line in this order; nobody is on duty."""
    opened = Office(database_url, ["li", "wu", "zhao"])
    yield opened
    opened.database.close()
