"""PostgreSQL stopped, killed and silenced under load: who asks is told, no event is to blame, and it all goes on."""

import signal
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count as numbers_from
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from urllib3 import PoolManager, Retry

from chassis.events import dead_letters
from deploy.demo.client import eventually
from deploy.distributed.private_postgres import PrivatePostgres
from tests.faults.asking import Asking
from tests.faults.count import Book, Count, applied
from tests.faults.numbers import PATH
from tests.faults.nursery import Nursery
from tests.faults.rest import count_at_rest
from tests.faults.systems import Distributed

NEVER = (timedelta(days=1),)
"""A retry after this delay is never seen: an event that counted an attempt would be missing in the end."""


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    """A PostgreSQL of these tests' own."""
    with tempfile.TemporaryDirectory(prefix="anchang-test-") as name:
        Path(name).chmod(0o755)
        with PrivatePostgres(Path(name)) as server:
            yield server


@pytest.fixture
def system(nursery: Nursery, rabbitmq_url: str, server: PrivatePostgres, tmp_path: Path) -> Iterator[Distributed]:
    with closing(Distributed(nursery, tmp_path, server.fresh_database, rabbitmq_url, NEVER)) as system:
        system.start()
        yield system


@pytest.mark.parametrize("end", [PrivatePostgres.stop, PrivatePostgres.kill], ids=["stopped", "killed"])
def test_a_restart_under_load_loses_nothing(system: Distributed, server: PrivatePostgres, end: object) -> None:
    """Twice the database goes and comes back: every number is applied once, and no event has counted an attempt."""
    asking = Asking(system.url, Book())
    with asking.pressing(numbers_from()) as wait_for:
        for _restart in range(2):
            wait_for(30)
            asking.book.strike(applied(system.reader))
            end(server)  # type: ignore[operator]
            server.start()
        wait_for(30)
    assert _goes_on(system, asking).recovered


def test_a_stopped_database_is_told_within_five_seconds(system: Distributed, server: PrivatePostgres) -> None:
    """Whether a request was under way or comes now: 503 within five seconds; the process lives and is not ready."""
    asking = Asking(system.url, Book())
    with asking.pressing(numbers_from()) as wait_for:
        wait_for(30)
        with _stopped(server), ThreadPoolExecutor(6) as pool:
            asking.book.asked.add(10**9)
            for told in [pool.submit(_told_soon, system.url, "POST", PATH) for _door in range(4)]:
                assert told.result() == {503}
            assert pool.submit(_told_soon, system.url, "GET", "/health/live").result() == {200}
            assert pool.submit(_told_soon, system.url, "GET", "/health/ready").result() == {503}
        wait_for(30)
    _goes_on(system, asking)


def test_requests_under_way_are_told_too(system: Distributed, server: PrivatePostgres) -> None:
    """Clients who ask all the time have no answer that takes longer than five seconds, and none but 201 and 503.

    Those who were kept from running meanwhile ask again: the bound is the service's and not the machine's.
    """
    numbers = numbers_from()
    eventually(lambda: _longest_wait(system, server, numbers) < 5 or None, "all answers within five seconds", 120)


def _longest_wait(system: Distributed, server: PrivatePostgres, numbers: Iterator[int]) -> float:
    """The seconds of the slowest answer while the database goes on and then is stopped."""
    pool = PoolManager(maxsize=8, retries=Retry(0), timeout=60)
    stopped = Event()
    waits: list[float] = []
    answers: list[int] = []

    def ask_on() -> None:
        while not stopped.is_set() or answers.count(503) < 8:
            began = time.monotonic()
            headers = {"Idempotency-Key": str(uuid4())}
            answer = pool.request("POST", system.url + PATH, json={"number": next(numbers)}, headers=headers)
            waits.append(time.monotonic() - began)
            answers.append(answer.status)

    def answered() -> bool | None:
        assert not any(door.done() for door in asking)
        return answers.count(201) >= 30 or None

    with ThreadPoolExecutor(4) as doors:
        asking = [doors.submit(ask_on) for _door in range(4)]
        eventually(answered, "thirty answers", 60)
        with _stopped(server):
            stopped.set()
            for door in asking:
                door.result()
    assert set(answers) == {201, 503}
    return max(waits)


@contextmanager
def _stopped(server: PrivatePostgres) -> Iterator[None]:
    server.process.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.process.signal(signal.SIGCONT)


def _told_soon(url: str, method: str, path: str) -> set[int]:
    """The statuses of answers, asked again until one comes within five seconds."""
    statuses: set[int] = set()

    def wait() -> float:
        began = time.monotonic()
        headers = {"Idempotency-Key": str(uuid4())}
        statuses.add(pool.request(method, url + path, json={"number": 10**9}, headers=headers).status)
        return time.monotonic() - began

    with PoolManager(retries=Retry(0), timeout=60) as pool:
        eventually(lambda: wait() < 5 or None, "an answer within five seconds", 60)
    return statuses


def _goes_on(system: Distributed, asking: Asking) -> Count:
    found = count_at_rest(system, asking.book)
    assert found.is_clean, found
    with system.reader.read() as tx:
        assert dead_letters.count_parked(tx) == 0
    return found
