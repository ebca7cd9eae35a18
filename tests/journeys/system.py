"""A whole single machine as a process of its own, for tests that use it as people and programs do."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.client import Api
from deploy.demo.company import Account, accounts_in

ROOT = Path(__file__).parents[2]


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

    def kill(self) -> None:
        """kill -9 of the whole process."""
        self.process.kill()
        self.process.wait()

    def back(self) -> "SingleMachine":
        """The same system, started again on its folder after a kill; it answers at another port."""
        return start(self.data)

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=20)


class DidNotStart(Exception):
    """The process ended before it was ready; the message is what it said."""


def start(data: Path, *arguments: str, port: int = 0) -> SingleMachine:
    """Start a system and wait until it is ready; raises DidNotStart."""
    command = [sys.executable, "-m", "deploy.single_machine", "--port", str(port), "--data", str(data), *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if line.startswith("Ready: "):
            return SingleMachine(line.removeprefix("Ready: ").strip(), data, process, said)
    process.wait()
    raise DidNotStart(said)


@contextmanager
def running(data: Path, *arguments: str) -> Iterator[SingleMachine]:
    """A system that is stopped at the end of the block."""
    system = start(data, *arguments)
    try:
        yield system
    finally:
        if system.process.poll() is None:
            system.stop()
        assert system.process.stdout is not None
        system.process.stdout.close()
