"""Asking many at once, and waiting for none of them longer than for all."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

_THREADS = 32
T = TypeVar("T")


class AtOnce:
    """Threads that ask. Who does not answer in time keeps one until it does; so many at most are kept."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, "whole-customer")

    def asked(self, questions: Mapping[str, Callable[[], T]], within: float) -> dict[str, T]:
        """The answers that come within so many seconds, by the names of the questions; what one raises is raised."""
        running = {name: self._threads.submit(ask) for name, ask in questions.items()}
        done, late = wait(running.values(), timeout=within)
        for one in late:
            one.cancel()
        return {name: future.result() for name, future in running.items() if future in done}
