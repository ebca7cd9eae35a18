"""Whole systems of either shape as processes of their own, for tests that use them as people and programs do."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TypeVar

from deploy.demo.client import Api
from deploy.demo.company import Account, accounts_in
from deploy.distributed.house import standings_in
from deploy.distributed.plan import DATABASES
from deploy.distributed.private_postgres import drop_database
from deploy.distributed.private_rabbitmq import drop_vhost, fresh_vhost
from deploy.distributed.supervisor import Standing
from tests.ground import ask

ROOT = Path(__file__).parents[2]
System = TypeVar("System", bound="SingleMachine")


@dataclass
class SingleMachine:
    """A started system: its address, its data folder, its process and what it said while starting."""

    url: str
    data: Path
    process: "subprocess.Popen[str]"
    said: str

    def accounts(self) -> dict[str, Account]:
        return {account.username: account for account in accounts_in(self.data / "demo-accounts.json")}

    def as_person(self, username: str, language: str = "zh") -> Api:
        return Api(self.url, language=language).signed_in(username, self.accounts()[username].password)

    def database_url(self, service: str) -> str:
        """Where a service's data are."""
        return f"sqlite:///{self.data}/{service}.db"

    def kill(self) -> None:
        """kill -9 of the whole process."""
        self.process.kill()
        self.process.wait()

    def back(self) -> "SingleMachine":
        """The same system, started again on its folder after a kill; it answers at another port."""
        return start(self.data)

    def stop(self, within: float = 120.0) -> int:
        """As Ctrl-C does; the exit code. Raises subprocess.TimeoutExpired after so many seconds."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=within)


class DidNotStart(Exception):
    """The process ended before it was ready; the message is what it said."""


def start(data: Path, *arguments: str, port: int = 0) -> SingleMachine:
    """Start a single machine and wait until it is ready; raises DidNotStart."""
    return SingleMachine(*_started("deploy.single_machine", data, arguments, port, os.environ))


@contextmanager
def running(data: Path, *arguments: str) -> Iterator[SingleMachine]:
    """A single machine that is stopped at the end of the block."""
    with _stopping(start(data, *arguments)) as system:
        yield system


class Distributed(SingleMachine):
    """A started distributed system. What it says after it was ready is read along: it must never wait for us."""

    def __init__(self, url: str, data: Path, process: "subprocess.Popen[str]", said: str) -> None:
        super().__init__(url, data, process, said)
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def database_url(self, service: str) -> str:
        url: str = json.loads((self.data / "addresses.json").read_text(encoding="utf-8"))["databases"][service]
        return url

    def parts(self) -> dict[str, Standing]:
        """How each process stands."""
        return {part.name: part for part in standings_in(self.data)[1]}

    def hear(self, text: str, within: float = 120.0) -> str:
        """Come back with the next line that it says with `text` in it; raises queue.Empty."""
        while True:
            line = self._lines.get(timeout=within)
            if text in line:
                return line

    def stop(self, within: float = 120.0) -> int:
        code = super().stop(within)
        self._reader.join()
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)


def start_distributed(
    data: Path, *arguments: str, port: int = 0, environment: Mapping[str, str] | None = None, root: Path = ROOT
) -> Distributed:
    """Start the distributed system of the code in `root` and wait until it is ready; raises DidNotStart."""
    told = os.environ | dict(environment or {})
    return Distributed(*_started("deploy.distributed", data, arguments, port, told, root))


@contextmanager
def running_distributed(
    data: Path, *arguments: str, environment: Mapping[str, str] | None = None, root: Path = ROOT
) -> Iterator[Distributed]:
    """A distributed system that is stopped at the end of the block."""
    with _stopping(start_distributed(data, *arguments, environment=environment, root=root)) as system:
        yield system


@contextmanager
def on_the_ground() -> Iterator[dict[str, str]]:
    """The settings that put a distributed system on the session's servers, apart from all others; gone afterwards."""
    server, (broker, management) = ask("postgres"), ask("rabbitmq").split()
    vhost, prefix = fresh_vhost(management, broker), f"fresh_{secrets.token_hex(6)}"
    settings = {"POSTGRES_URL": server, "BUS_URL": vhost, "DATABASE_PREFIX": prefix}
    try:
        yield {f"ANCHANG_{name}": value for name, value in settings.items()}
    finally:
        drop_vhost(management, vhost)
        for service in DATABASES:
            drop_database(server, f"{server}/{prefix}_{service}")


def _started(
    module: str, data: Path, arguments: Sequence[str], port: int, environment: Mapping[str, str], root: Path = ROOT
) -> tuple[str, Path, "subprocess.Popen[str]", str]:
    command = [sys.executable, "-m", module, "--port", str(port), "--data", str(data), *arguments]
    process = subprocess.Popen(
        command,
        cwd=root,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if line.startswith("Ready: "):
            return line.removeprefix("Ready: ").strip(), data, process, said
    process.wait()
    raise DidNotStart(said)


@contextmanager
def _stopping(system: System) -> Iterator[System]:
    try:
        yield system
    finally:
        if system.process.poll() is None:
            system.stop()
        assert system.process.stdout is not None
        system.process.stdout.close()
