"""What every test may ask for: fresh databases, a fresh broker, a browser.

Tests that need system packages are marked `system` by what they ask for, those of whole processes `slow` by where they
stand; the quick run leaves both out.
"""

import gc
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from deploy.distributed.packages import CHROMIUM, require
from deploy.distributed.private_postgres import drop_database, fresh_database
from deploy.distributed.private_rabbitmq import drop_vhost, fresh_vhost
from tests.ground import Ground, ask

_SLOW_FOLDERS = {Path(__file__).parent / name for name in ("faults", "journeys", "deploy/backup")}
_NEED_SYSTEM = {"postgres_url", "rabbitmq_url", "chromium"}
_GROUND = pytest.StashKey[Ground]()
_refused: list[str] = []


settings.register_profile("usual", settings(), deadline=None)  # who is kept from running is not slow
settings.load_profile("usual")
settings.register_profile("quick", max_examples=10, stateful_step_count=15, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_GROUND] = Ground()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _GROUND in config.stash:
        config.stash[_GROUND].close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _NEED_SYSTEM & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.system)
        if item.path.parent in _SLOW_FOLDERS:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: no search for garbage goes through it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'fresh.db'}"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """An empty folder that other users may walk to: for a PrivatePostgres of the test's own."""
    with tempfile.TemporaryDirectory(prefix="anchang-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database, removed afterwards."""
    server = ask("postgres")
    url = fresh_database(server)
    yield url
    drop_database(server, url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.system)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on an empty database of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def rabbitmq_url() -> Iterator[str]:
    """The amqp URL of an empty vhost, removed afterwards with every connection to it."""
    url, management_url = ask("rabbitmq").split()
    vhost = fresh_vhost(management_url, url)
    yield vhost
    drop_vhost(management_url, vhost)


@pytest.fixture
def rabbitmq_management_url() -> str:
    """The management API of the session's broker: `http://user:password@127.0.0.1:port`."""
    return ask("rabbitmq").split()[1]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's Chromium without a screen; nothing is installed here (`./run test` does that)."""
    require(CHROMIUM)
    return CHROMIUM.proof


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    expected_to_fail = hasattr(report, "wasxfail")
    if (report.skipped and not expected_to_fail) or (report.passed and expected_to_fail):
        _refused.append(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        _refused.append(report.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI one skip, or one test that passes against expectation, fails the run: nothing is left out silently."""
    if os.environ.get("CI") and _refused:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in _refused if os.environ.get("CI") else ():
        terminalreporter.write_line(f"REFUSED: skipped, or passed against expectation: {name}")
