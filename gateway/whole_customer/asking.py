"""Asking many at once, and waiting for none of them longer than for all."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")
PATIENCE = 0.9  # seconds: the whole answers within one, whoever is down


class Question(NamedTuple, Generic[T]):
    """Something to ask, and of whom: questions to the same share their threads."""

    of: str
    ask: Callable[[], T]


class AtOnce:
    """Threads that ask, so many for each who is asked: one who never answers keeps their own and nobody else's.

    `patience`: seconds that all together may take.
    """

    def __init__(self, threads: int = 24, patience: float = PATIENCE) -> None:
        self.patience = patience
        self._most = threads
        self._lock = Lock()
        self._threads: dict[str, ThreadPoolExecutor] = {}

    def asked(self, questions: Mapping[str, Question[T]]) -> dict[str, T]:
        """The answers that come in time, by the names of the questions; what one raises is raised."""
        running = {name: self._of(one.of).submit(one.ask) for name, one in questions.items()}
        done, late = wait(running.values(), timeout=self.patience)
        for future in late:
            future.cancel()
        return {name: future.result() for name, future in running.items() if future in done}

    def _of(self, name: str) -> ThreadPoolExecutor:
        with self._lock:
            if name not in self._threads:
                self._threads[name] = ThreadPoolExecutor(self._most, f"whole-customer-{name}")
            return self._threads[name]
