"""A process that reads files."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.chassis.sheets.apart import Read, Took, read, reader, took


@pytest.fixture(scope="session")
def process() -> Iterator[ProcessPoolExecutor]:
    """One for all tests: that it answers is that no file has ended it."""
    with reader() as one:
        yield one


@pytest.fixture
def reading(process: ProcessPoolExecutor) -> Callable[[bytes], Read | type[Exception]]:
    """What is read of a file, or why it is refused."""
    return lambda content: process.submit(read, content).result()


@pytest.fixture
def taking() -> Iterator[Callable[[bytes], Took]]:
    """What a file takes, in a process of its own."""
    with reader() as one:
        yield lambda content: one.submit(took, content).result()
