"""Visitors at the doors of a running system while something else is done to it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from deploy.demo.client import eventually
from tests.faults.totals import System, everybody_at_work, manager_headers
from tests.faults.visitors import Visitors


@contextmanager
def open_doors(system: System, doors: int = 3, first: int = 0) -> Iterator[Visitors]:
    """Visitors keep coming while the block runs, with phones from `first` on. Fails when one was refused anything."""
    visitors, headers = Visitors(everybody_at_work(system), doors, first=first), manager_headers(system)
    with ThreadPoolExecutor(1) as pool:
        pressing = pool.submit(visitors.press, system.url, headers, _nobody_kills, after=10**9)
        try:
            yield visitors
        finally:
            visitors.close()
            pressing.result()  # what a visitor was refused says more than what did not come of it
    visitors.finish(system.url, headers)  # who has arrived is registered: nobody stays with a salesperson


def more_answers(visitors: Visitors, number: int) -> None:
    """Wait until so many registrations more were answered."""
    wanted = len(visitors.answered) + number
    eventually(lambda: len(visitors.answered) >= wanted or None, f"{wanted} registrations", 120)


def _nobody_kills() -> None:
    raise AssertionError("there are not so many visitors")
