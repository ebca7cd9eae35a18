"""Tells the threads of this process that the log has grown, so that they need not keep asking the database."""

from threading import Condition


class Bell:
    """Rung by who writes; heard by who waits."""

    def __init__(self) -> None:
        self._rung = Condition()
        self._times = 0

    def ring(self) -> None:
        with self._rung:
            self._times += 1
            self._rung.notify_all()

    def heard(self) -> int:
        """How often it has rung so far."""
        with self._rung:
            return self._times

    def wait(self, heard: int, timeout: float) -> None:
        """Return once it has rung more often than `heard`, or after `timeout` seconds."""
        with self._rung:
            self._rung.wait_for(lambda: self._times != heard, timeout)


BELL = Bell()
