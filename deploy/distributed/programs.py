"""A program that runs until it is stopped, and our own programs as such."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from deploy.distributed.kept import DidNotStart, end_group, how_it_ended, last_words

CANNOT = 2  # what a process of ours exits with when it cannot run as it was set up (chassis.processes.guarded)
GRACE = 30.0  # seconds to end in its own orderly way


class Program(Protocol):
    """One program. `start` and `wait` are called by one thread, again and again; `stop` by any."""

    @property
    def pid(self) -> int | None:
        """Its process; None when it does not run."""
        ...

    def start(self) -> None:
        """Come back when it runs; raises DidNotStart."""
        ...

    def wait(self) -> str:
        """Come back when it has ended, and say how: `exit 1`, `signal 9`."""
        ...

    def stop(self) -> None:
        """End it in its orderly way; harmless when it has ended."""
        ...


def ended_early(code: int, log: Path) -> DidNotStart:
    """Why a program did not come up: how it ended, and the last line that it said."""
    said = last_words(log).rpartition("\n")[2]
    return DidNotStart(f"{how_it_ended(code)}: {said}", for_good=code == CANNOT)


class OwnProgram:
    """A program that runs as ourselves and ends with us: the kernel sends it `ends_by` when we are gone.

    `ready` says whether it answers; `start` waits for that. Output goes to `log`.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        environment: Mapping[str, str],
        ready: Callable[[], bool],
        ends_by: signal.Signals = signal.SIGTERM,
    ) -> None:
        self._command = ["setpriv", "--pdeathsig", ends_by.name.removeprefix("SIG"), *command]
        self._log = log
        self._environment = dict(environment)
        self._ready = ready
        self._ends_by = ends_by
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process and process.poll() is None else None

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._process = process = subprocess.Popen(  # noqa: S603 - commands are built here, never from input
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is for us to answer
            )
        deadline = time.monotonic() + GRACE * 2
        while not self._ready():
            if process.poll() is not None:
                end_group(process.pid)
                raise ended_early(process.returncode, self._log)
            if time.monotonic() > deadline:
                self.stop()
                raise DidNotStart(f"did not answer within {GRACE * 2:g} s")
            time.sleep(0.1)

    def wait(self) -> str:
        if self._process is None:
            return "exit 0"
        code = self._process.wait()
        end_group(self._process.pid)
        return how_it_ended(code)

    def stop(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(self._ends_by)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
