"""Programs that are forked from the nursery, which is started with the first and again when it has died."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import IO

from deploy.distributed.kept import DidNotStart, end_group, how_it_ended, last_words
from deploy.distributed.programs import GRACE, ended_early
from deploy.environment import variables

_NURSERY_ENDED = -signal.SIGTERM  # what the kernel sends to each child then


@dataclass
class _Child:
    """One fork: its process once it is born, its exit code once it has ended."""

    pid: int = 0
    born: Event = field(default_factory=Event)
    code: int = 0
    ended: Event = field(default_factory=Event)

    def end(self, code: int) -> None:
        self.code = code
        self.born.set()
        self.ended.set()


class Nursery:
    """The nursery as its owner sees it. `log` takes what it says when it fails; `counts` is its metrics' folder.

    `database` is any database of the server that the children will use; it must answer before the first is born.
    """

    def __init__(self, log: Path, counts: Path, database: str) -> None:
        self._log = log
        self._counts = counts
        self._database = database
        self._has_met = False
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._unborn: dict[str, _Child] = {}
        self._children: dict[int, _Child] = {}

    def begin(self) -> None:
        """Have it grow up while other things are done."""
        with self._lock:
            self._running()

    def bear(self, name: str, module: Sequence[str], environment: Mapping[str, str], log: Path) -> _Child:
        """A new child, born; raises DidNotStart."""
        child = _Child()
        asked = {"name": name, "module": module, "environment": dict(environment), "log": str(log)}
        with self._lock:
            process = self._running()
            if not self._has_met:
                self._ask(process, {"database": self._database})
                self._has_met = True
            self._unborn[name] = child
            self._ask(process, asked)
        if not child.born.wait(GRACE) or not child.pid:
            self._unborn.pop(name, None)  # should it be born after all, nobody wants it
            raise DidNotStart(f"no birth: {last_words(self._log)}")
        return child

    def close(self) -> None:
        """End it; children that still run get SIGTERM from the kernel."""
        with self._lock:
            if self._process and self._process.stdin:
                self._process.stdin.close()
                self._process.wait()
            self._process = None

    @staticmethod
    def _ask(process: "subprocess.Popen[bytes]", asked: Mapping[str, object]) -> None:
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        except OSError as error:
            raise DidNotStart("the nursery has ended") from error

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            self._has_met = False
            started = Event()
            Thread(target=self._keep, args=(started,), name="nursery", daemon=True).start()
            started.wait()
        if self._process is None:
            raise DidNotStart(f"no nursery: {last_words(self._log)}")
        return self._process

    def _keep(self, started: Event) -> None:
        """The thread that owns it: the kernel takes the end of this thread for the end of its parent."""
        command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-P", "-m", "deploy.distributed.nursery"]
        # Prometheus's client looks at import whether processes count together; each child then names its own folder.
        environment = variables() | {"PROMETHEUS_MULTIPROC_DIR": str(self._counts)}
        with self._log.open("ab") as log:
            self._process = process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        started.set()
        assert process.stdout
        self._listen(process.stdout)
        process.wait()
        children, self._children = self._children, {}
        for child in [*children.values(), *self._unborn.values()]:
            child.end(_NURSERY_ENDED)

    def _listen(self, told: IO[bytes]) -> None:
        for line in told:
            said = json.loads(line)
            if "name" in said:
                self._bore(said["pid"], self._unborn.pop(said["name"], None))
            elif "code" in said and said["pid"] in self._children:
                self._children.pop(said["pid"]).end(said["code"])

    def _bore(self, pid: int, child: _Child | None) -> None:
        if child is None:
            os.kill(pid, signal.SIGKILL)
            return
        child.pid = pid
        self._children[pid] = child
        child.born.set()


class ForkedProgram:
    """One of our processes; keeps deploy.distributed.programs.Program."""

    def __init__(
        self,
        nursery: Nursery,
        name: str,
        module: Sequence[str],
        environment: Mapping[str, str],
        log: Path,
        ready: Callable[[], bool],
    ) -> None:
        self._nursery = nursery
        self._name = name
        self._module = module
        self._environment = environment
        self._log = log
        self._ready = ready
        self._child: _Child | None = None

    @property
    def pid(self) -> int | None:
        child = self._child
        return child.pid if child and not child.ended.is_set() else None

    def start(self) -> None:
        self._child = child = self._nursery.bear(self._name, self._module, self._environment, self._log)
        deadline = time.monotonic() + GRACE * 2
        while not self._ready():
            if child.ended.wait(0.1):
                end_group(child.pid)
                raise ended_early(child.code, self._log)
            if time.monotonic() > deadline:
                self.stop()
                raise DidNotStart(f"did not answer within {GRACE * 2:g} s")

    def wait(self) -> str:
        if self._child is None:
            return "exit 0"
        self._child.ended.wait()
        end_group(self._child.pid)
        return how_it_ended(self._child.code)

    def stop(self) -> None:
        child = self._child
        if child is None or child.ended.is_set():
            return
        self._signal(child, signal.SIGTERM)
        if not child.ended.wait(GRACE):
            self._signal(child, signal.SIGKILL)
            child.ended.wait(GRACE)

    @staticmethod
    def _signal(child: _Child, number: signal.Signals) -> None:
        try:
            os.kill(child.pid, number)
        except ProcessLookupError:  # it ended by itself; the nursery is about to say so
            return
