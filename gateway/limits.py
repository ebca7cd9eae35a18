"""How often one actor may ask: a guard against programs that run wild, not against people."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

PER_PROCESS = "memory://"


class TooManyRequests(Exception):
    """This actor asks more often than allowed."""

    retry_after = 1


class _Counting(Protocol):
    def hit(self, item: RateLimitItem, actor_id: str) -> bool:
        """Count one request; whether it is within the rate."""
        ...


class Rate:
    """Counts requests by actor: `memory://` in this process, `redis://…` for all processes together."""

    def __init__(self, rate: str, storage: str) -> None:
        self._item = parse(rate)
        self.per_process = storage == PER_PROCESS
        self._counts: _Counting
        self._counts = Counts() if self.per_process else FixedWindowRateLimiter(storage_from_string(storage))

    def check(self, actor_id: str) -> None:
        """Count one request; raises TooManyRequests."""
        if not self._counts.hit(self._item, actor_id):
            raise TooManyRequests


class Counts:
    """Counts of the present window. The memory storage of `limits` starts a thread a hundred times a second."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._window = -1
        self._counts: dict[str, int] = {}

    def hit(self, item: RateLimitItem, actor_id: str) -> bool:
        """Count one request; whether it is within the rate."""
        window = int(self._monotonic() // item.get_expiry())
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            count = self._counts.get(actor_id, 0) + 1
            self._counts[actor_id] = count
        return count <= item.amount
