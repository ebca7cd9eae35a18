"""One running demo for all journeys that leave it as they found it."""

from collections.abc import Iterator

import pytest

from tests.journeys.system import SingleMachine, running


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SingleMachine]:
    """A single machine with the demo company."""
    with running(tmp_path_factory.mktemp("journeys") / "data") as machine:
        yield machine
