"""Programs are kept running, named when they die, and given up when they do not come to stay."""

from collections.abc import Callable
from queue import Queue
from threading import Event

from deploy.distributed.kept import DidNotStart
from deploy.distributed.supervisor import DEATHS, Part, State, start_all, stop_all


class _Program:
    """A program whose lives are told in advance: each is what `start` raises, or how it ends by itself, or None."""

    def __init__(self, *lives: DidNotStart | str | None) -> None:
        self._lives = list(lives)
        self._stopped = Event()
        self.pid: int | None = None
        self._life: str | None = None

    def start(self) -> None:
        life = self._lives.pop(0) if self._lives else None
        if isinstance(life, DidNotStart):
            raise life
        self._life, self.pid = life, 1

    def wait(self) -> str:
        if self._life is None:
            self._stopped.wait()
        self.pid = None
        return self._life or "exit 0"

    def stop(self) -> None:
        if self._life is None and self.pid:
            self._stopped.set()


def _part(program: _Program, changes: "Queue[tuple[State, str | None]]") -> Part:
    def changed(part: Part, how: str | None) -> None:
        changes.put((part.state, how))

    return Part("reporting-worker", program, 1, changed, rest=lambda _stopping, _seconds: None)


def _changes(read: Callable[[], tuple[State, str | None]], number: int) -> list[tuple[State, str | None]]:
    return [read() for _ in range(number)]


def test_what_dies_is_named_and_started_again() -> None:
    """A death is told with how it came, then that the program runs again; the count of deaths stays."""
    changes: Queue[tuple[State, str | None]] = Queue()
    part = _part(_Program("signal 9", None), changes)
    assert start_all([part], 60) == []
    assert _changes(lambda: changes.get(timeout=60), 3) == [("running", None), ("ended", "signal 9"), ("running", None)]
    assert (part.standing.deaths, part.standing.last_end) == (1, "signal 9")
    stop_all([part])
    assert part.state == "stopped"


def test_what_does_not_come_to_stay_is_given_up() -> None:
    """After ten deaths in a row the program is given up, and whoever waits for it is told."""
    changes: Queue[tuple[State, str | None]] = Queue()
    part = _part(_Program(*[DidNotStart("exit 1: no")] * DEATHS), changes)
    assert start_all([part], 60) == [part]
    assert (part.state, part.deaths, part.last_end) == ("given up", DEATHS, "exit 1: no")
    stop_all([part])


def test_what_cannot_run_as_it_was_set_up_is_given_up_at_once() -> None:
    """A program that says itself that it cannot run is not started again."""
    changes: Queue[tuple[State, str | None]] = Queue()
    part = _part(_Program(DidNotStart("exit 2: a setting is missing", for_good=True)), changes)
    assert start_all([part], 60) == [part]
    assert (part.state, part.deaths) == ("given up", 1)
    stop_all([part])
