"""A thread that does one thing over and over, and outlives whatever goes wrong in it."""

import random
from collections.abc import Callable
from threading import Event, Thread

import structlog

_log = structlog.get_logger()
_SHORTEST_REST, _LONGEST_REST = 0.1, 5.0


class Loop:
    """Calls `step` until it is stopped. `step` waits by itself when there is nothing to do, a second or so at most.

    After a failure it rests, longer each time, from 0.1 to 5 seconds and never as long as its neighbours: whatever
    comes back is not run down by all at once. `rest(seconds)` is how it waits then; `wake` ends a waiting `step`.
    """

    def __init__(
        self,
        name: str,
        step: Callable[[], object],
        wake: Callable[[], None],
        rest: Callable[[float], object] | None = None,
    ) -> None:
        self.name = name
        self.stopping = Event()
        self._step = step
        self._wake = wake
        self._rest = rest or self.stopping.wait
        self._thread = Thread(target=self._run, name=name, daemon=True)

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float = 10.0) -> None:
        """Let the step at hand end, at most `patience` seconds."""
        self.stopping.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        pause = _SHORTEST_REST
        while not self.stopping.is_set():
            try:
                self._step()
                pause = _SHORTEST_REST
            except Exception as error:
                _log.warning("loop.failed", loop=self.name, error=type(error).__name__, rest=pause)
                self._pause(pause * random.uniform(0.5, 1.5))
                pause = min(pause * 2, _LONGEST_REST)

    def _pause(self, seconds: float) -> None:
        try:
            self._rest(seconds)
        except Exception:  # the connection it waited on is lost too
            self.stopping.wait(seconds)
