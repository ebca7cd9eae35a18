"""A process of another program that lives exactly as long as we want it to."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, cycle, islice
from pathlib import Path

_ANY, _FIRST_PORT, _SPAN, _SPANS = 0, 20_000, 50, 250
_OFFSETS = cycle(range(_SPAN))
_KEEPER = Path(__file__).with_name("keeper.py")


class DidNotStart(Exception):
    """The program ended, or did not answer in time; the message carries the end of its log.

    `for_good`: it said itself that starting it again is of no use.
    """

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class Kept:
    """One running program under a keeper; its output goes to `log`."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        user: str | None = None,
        environment: Mapping[str, str] | None = None,
        grace: float = 20.0,
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self._keeper = subprocess.Popen(  # noqa: S603 - commands are built here, never from input
                [sys.executable, str(_KEEPER), user or "-", f"{grace:g}", *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=log.parent,
                env=dict(environment if environment is not None else os.environ),
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self._keeper.poll() is None

    @property
    def pid(self) -> int | None:
        """The program's own process; None when it has ended."""
        return next(iter(_children(self._keeper.pid)), None) if self.running else None

    def wait(self) -> str:
        """Come back when it has ended, and say how."""
        code = self._keeper.wait()
        return how_it_ended(128 - code if code > 128 else code)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Come back when `ready()`; raises DidNotStart when the program ended first or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running or time.monotonic() > deadline:
                raise DidNotStart(f"{self.log.name}: {self._last_words()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End it in its own orderly way and wait for that."""
        if self._keeper.stdin:
            self._keeper.stdin.close()
        self._keeper.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program and all that it started (SIGSTOP, SIGCONT, SIGKILL: for fault tests)."""
        for pid in _descendants(self._keeper.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)
        self.stop()

    def _last_words(self) -> str:
        return last_words(self.log)


def last_words(log: Path) -> str:
    """The end of a log."""
    return log.read_text(errors="replace")[-1500:].strip()


def _descendants(pid: int) -> list[int]:
    """Parents first. Process groups do not tell: PostgreSQL's children each have one of their own."""
    return [found for child in _children(pid) for found in (child, *_descendants(child))]


def _children(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        return []
    return [int(child) for child in listed]


def how_it_ended(code: int) -> str:
    """In words, from what `Popen.wait` answers."""
    return f"signal {-code}" if code < 0 else f"exit {code}"


def end_group(leader: int) -> None:
    """End what a program that led a group of its own has left behind: workers that would go on holding its port."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:  # nothing
        return


def free_port() -> int:
    """A port on loopback that nobody listens on now, and that nobody is likely to take before it is used.

    Below the ports that the kernel gives to whoever connects (from 32768 on), and in a span that belongs to this
    process among those that were started with it. Only where the whole span is taken it is any port.
    """
    first = _FIRST_PORT + os.getpid() % _SPANS * _SPAN
    wanted = chain((first + offset for offset in islice(_OFFSETS, _SPAN)), (_ANY,))
    return next(port for port in map(_bound, wanted) if port)


def _bound(wanted: int) -> int | None:
    """The port that a listener gets which wants this one; None: it is taken."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return None
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody accepts connections on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def kept_secret(file: Path) -> str:
    """A random secret that stays the same for as long as the file does; only its owner may read it."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(16))
    return file.read_text()
