"""One system with the demo company and one browser for all page tests; a fresh window for each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.system import SingleMachine, running
from tests.pages.browser import Window, chromium_at


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium) as one:
        yield one


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SingleMachine]:
    with running(tmp_path_factory.mktemp("pages") / "data") as one:
        yield one


@pytest.fixture
def window(browser: Browser, system: SingleMachine) -> Iterator[Window]:
    one = Window(browser, system)
    yield one
    one.close()
