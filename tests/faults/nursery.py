"""Starts processes of the numbered services in a moment: a process that has imported everything forks each of them.

It lives under a keeper (deploy.distributed.kept), and all that it forked are in its process group: they end with it,
and it ends with the tests. Each child is known by a pidfd, so that no signal can reach somebody else.
"""

import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from deploy.distributed.kept import DidNotStart, Kept
from deploy.environment import variables
from tests.faults.process import main

_GRACE = 10.0  # seconds that a child has to end by itself


class Child:
    """One forked process."""

    def __init__(self, pidfd: int, log: Path) -> None:
        self._pidfd: int | None = pidfd  # None once it has ended
        self._log = log

    @property
    def running(self) -> bool:
        return not self._ended(within=0)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Come back when `ready()`; raises DidNotStart when the process ended first or the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            if self._ended(within=0.01) or time.monotonic() > deadline:
                raise DidNotStart(f"{self._log.name}: {self._log.read_text(errors='replace')[-1500:]}")

    def wait(self, seconds: float) -> bool:
        """Whether it ended of itself within so many seconds."""
        return self._ended(seconds)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal (SIGSTOP, SIGCONT: for fault tests); nothing happens when it has ended."""
        if self._pidfd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)
        self._ended(within=_GRACE)

    def stop(self) -> None:
        """End it in its own orderly way; as a power cut would when it does not end."""
        self.signal(signal.SIGTERM)
        if not self._ended(within=_GRACE):
            self.kill()

    def _ended(self, within: float) -> bool:
        if self._pidfd is not None and select.select([self._pidfd], [], [], within)[0]:
            os.close(self._pidfd)
            self._pidfd = None
        return self._pidfd is None


class Nursery:
    """Where processes are started. Close it at the end."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "nursery.socket"
        command = [sys.executable, "-m", "tests.faults.nursery", str(self._socket)]
        self._process = Kept(
            command, folder / "nursery.log", environment=variables() | {"PYTHONUNBUFFERED": "1"}, grace=_GRACE
        )
        self._process.wait_until(self._socket.exists, seconds=60)

    def start(self, arguments: Sequence[str], log: Path) -> Child:
        """Fork a process that runs tests.faults.process with these arguments and writes into `log`."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self._socket))
            line.sendall(json.dumps([str(log), *arguments]).encode() + b"\n")
            _ok, (pidfd,), *_rest = socket.recv_fds(line, 2, 1)
        return Child(pidfd, log)

    def close(self) -> None:
        self._process.stop()


def _serve(path: Path) -> None:
    """Until SIGTERM; then wait for the children, which had it too."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries them
    draft = path.with_suffix(".draft")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(draft))
        door.listen()
        draft.rename(path)  # it is seen only once it listens
        with suppress(SystemExit):
            signal.signal(signal.SIGTERM, lambda *_: sys.exit())
            while True:
                _fork(door)
    with suppress(ChildProcessError):
        os.wait()


def _fork(door: socket.socket) -> None:
    line, _ = door.accept()
    with line:
        log, *arguments = json.loads(line.makefile().readline())
        pid = os.fork()
        if pid == 0:
            door.close()
            line.close()
            _be_a_process(log, arguments)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(line, [b"ok"], [pidfd])
        os.close(pidfd)


def _be_a_process(log: str, arguments: Sequence[str]) -> None:
    """Never comes back."""
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    with Path(log).open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    code = 1
    try:
        code = main(arguments)
    except BaseException:
        traceback.print_exc()
    os._exit(code)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
