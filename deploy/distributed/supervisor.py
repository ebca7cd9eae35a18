"""Keeps programs running: each in a thread of its own that starts it, waits for its end, names it and starts it again.

A program that does not come to stay is given up after some deaths in a row: it then stands as `given up` in the status,
with what it said, until the whole is started anew.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Literal

from deploy.distributed.kept import DidNotStart
from deploy.distributed.programs import Program

State = Literal["starting", "running", "ended", "given up", "stopped"]
DEATHS = 10  # in a row, before a program is given up
_STAYS = 10.0  # seconds after which a program counts as having come to stay
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0


@dataclass(frozen=True)
class Standing:
    """How one program stands: for the status table. Times are seconds since the epoch."""

    name: str
    state: State
    pid: int | None
    port: int | None
    since: float
    deaths: int
    last_end: str | None


@dataclass
class Part:
    """One program that is to run, the port at which it answers, and who is told when it changes.

    `changed(part, how)`: `how` is None when it runs, else how it ended. `rest(stopping, seconds)` waits before it is
    started again, unless it is to stop.
    """

    name: str
    program: Program
    port: int | None
    changed: Callable[["Part", str | None], None]
    rest: Callable[[Event, float], object] = Event.wait
    state: State = "starting"
    deaths: int = 0
    last_end: str | None = None
    since: float = field(default_factory=time.time)
    settled: Event = field(default_factory=Event)
    """Set once it runs for the first time, or will not."""
    _in_a_row: int = 0
    _stopping: Event = field(default_factory=Event)
    _thread: Thread | None = None

    @property
    def standing(self) -> Standing:
        return Standing(self.name, self.state, self.program.pid, self.port, self.since, self.deaths, self.last_end)

    def start(self) -> None:
        self._thread = Thread(target=self._keep, name=self.name)
        self._thread.start()

    def stop(self) -> None:
        """End it and come back when it has ended."""
        self._stopping.set()
        self.program.stop()
        if self._thread:
            self._thread.join()
        self._become("stopped", None)

    def _keep(self) -> None:
        pause = _SHORTEST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            end, for_good = self._once()
            self.program.stop()  # what is left of it
            if self._stopping.is_set():
                return
            if time.monotonic() - began > _STAYS:
                self._in_a_row, pause = 0, _SHORTEST_PAUSE
            self._died(end, for_good)
            if self.state == "given up":
                return
            self.rest(self._stopping, pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _once(self) -> tuple[str, bool]:
        """One life of the program: how it ended, and whether that is for good."""
        try:
            self.program.start()
        except DidNotStart as error:
            return str(error), error.for_good
        self._become("running", None)
        if self._stopping.is_set():  # told to stop while it started
            self.program.stop()
        return self.program.wait(), False

    def _died(self, end: str, for_good: bool) -> None:
        self.deaths += 1
        self._in_a_row += 1
        self.last_end = end
        self._become("given up" if for_good or self._in_a_row >= DEATHS else "ended", end)

    def _become(self, state: State, end: str | None) -> None:
        self.state, self.since = state, time.time()
        self.changed(self, end)
        if state in ("running", "given up", "stopped"):
            self.settled.set()


def start_all(parts: Sequence[Part], within: float) -> list[Part]:
    """Start them together; answers those that do not run when all have settled or the time is over."""
    for part in parts:
        part.start()
    deadline = time.monotonic() + within
    for part in parts:
        part.settled.wait(max(0.0, deadline - time.monotonic()))
    return [part for part in parts if part.state != "running"]


def stop_all(parts: Sequence[Part]) -> None:
    """Stop them together and come back when all have ended."""
    stopping = [Thread(target=part.stop) for part in parts]
    for thread in stopping:
        thread.start()
    for thread in stopping:
        thread.join()
