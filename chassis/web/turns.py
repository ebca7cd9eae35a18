"""Turns by name: of those who come with the same name, one goes at a time."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class _Turn:
    lock: Lock = field(default_factory=Lock)
    users: int = 0


class Turns:
    """Locks by name that exist only while somebody uses them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: dict[Hashable, _Turn] = {}

    @contextmanager
    def of(self, name: Hashable, timeout: float) -> Iterator[bool]:
        """Whether the turn came within `timeout` seconds; if so it is held until the block ends."""
        with self._lock:
            turn = self._turns.setdefault(name, _Turn())
            turn.users += 1
        came = turn.lock.acquire(timeout=timeout)
        try:
            yield came
        finally:
            if came:
                turn.lock.release()
            with self._lock:
                turn.users -= 1
                if not turn.users:
                    del self._turns[name]
