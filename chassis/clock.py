"""The time, as something that is handed in: nobody asks the machine for it directly."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class StandingClock:
    """A clock that stands still until it is moved: for training, acceptance and tests."""

    def __init__(self, now: datetime) -> None:
        self._lock = Lock()
        self._now = _in_utc(now)
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def move_to(self, now: datetime) -> None:
        """Stand at another instant (aware, else ValueError) and tell who listens."""
        moved = _in_utc(now)
        with self._lock:
            self._now = moved
        for tell in self._listeners:
            tell()

    def when_moved(self, tell: Callable[[], None]) -> None:
        """Call `tell` after each move."""
        self._listeners.append(tell)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC")
    return instant.astimezone(UTC)
