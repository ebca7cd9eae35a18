"""Clients of the announcer: each number goes with one idempotency key until it is answered, all noted in a book."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from uuid import uuid4

from urllib3 import PoolManager, Retry
from urllib3.exceptions import HTTPError

from deploy.demo.client import eventually
from tests.faults.count import Book
from tests.faults.numbers import PATH

_PATIENCE = 60.0  # seconds until a number must be answered, over all faults


class Asking:
    """Asks the announcer at `url`; from any number of threads."""

    def __init__(self, url: str, book: Book, *, timeout: float = 20.0) -> None:
        self.book = book
        self._url = url
        self._pool = PoolManager(maxsize=16, retries=Retry(0), timeout=timeout)

    def until_answered(self, number: int) -> None:
        """Ask again and again, with one key; raises NotInTime after a minute."""
        key = str(uuid4())
        self.book.asked.add(number)
        eventually(lambda: self._answered(number, key) or None, f"an answer to {number}", _PATIENCE)
        self.book.answered.add(number)

    def once(self, number: int) -> bool:
        """Ask once and never again; whether it was answered."""
        self.book.asked.add(number)
        answered = self._answered(number, str(uuid4()))
        if answered:
            self.book.answered.add(number)
        return answered

    def all_of(self, numbers: Iterable[int], doors: int = 4) -> None:
        """Ask for all of these at several doors until every one is answered."""
        with ThreadPoolExecutor(doors) as pool:
            list(pool.map(self.until_answered, numbers))

    @contextmanager
    def pressing(self, numbers: Iterator[int], doors: int = 4) -> Iterator[Callable[[int], None]]:
        """Ask for number after number while the block runs, and then until all that were begun are answered.

        Yields a function that waits until so many numbers more are answered.
        """
        stopping = Event()
        with ThreadPoolExecutor(doors) as pool:
            at_work = [pool.submit(self._work, numbers, stopping) for _door in range(doors)]
            try:
                yield lambda more: self._wait_for(more, at_work)
            finally:
                stopping.set()
        for door in at_work:
            door.result()

    def _work(self, numbers: Iterator[int], stopping: Event) -> None:
        while not stopping.is_set():
            self.until_answered(next(numbers))

    def _wait_for(self, more: int, at_work: Iterable[Future[None]]) -> None:
        goal = len(self.book.answered) + more

        def reached() -> bool | None:
            for door in at_work:
                if door.done():
                    door.result()
            return len(self.book.answered) >= goal or None

        eventually(reached, f"{more} answers more", _PATIENCE)

    def _answered(self, number: int, key: str) -> bool:
        """False when the answer was cut off, or says that it is to be asked for again."""
        try:
            headers = {"Idempotency-Key": key}
            answer = self._pool.request("POST", self._url + PATH, json={"number": number}, headers=headers)
        except HTTPError:
            return False
        if answer.status == 503 or (answer.status == 409 and answer.json()["code"] == "key_in_progress"):
            return False
        assert answer.status == 201, (answer.status, answer.data.decode())
        return True
