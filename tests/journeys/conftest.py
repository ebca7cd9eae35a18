"""One running demo of each shape for all journeys that leave it as they found it."""

from collections.abc import Iterator

import pytest

from tests.journeys.system import SingleMachine, on_the_ground, running, running_distributed


@pytest.fixture(scope="session", params=["single", pytest.param("distributed", marks=pytest.mark.system)])
def system(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SingleMachine]:
    """A system with the demo company: a single machine, and the same distributed."""
    data = tmp_path_factory.mktemp("journeys") / "data"
    if request.param == "single":
        with running(data) as machine:
            yield machine
        return
    with on_the_ground() as settings, running_distributed(data, environment=settings) as distributed:
        yield distributed
