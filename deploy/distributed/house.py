"""The distributed shape on one machine: its parts in their order, from the servers to the front."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any
from urllib.request import urlopen

from deploy.data_folder import write_private
from deploy.distributed.databases import existing, urls_on
from deploy.distributed.forked import ForkedProgram, Nursery
from deploy.distributed.front import front
from deploy.distributed.kept import free_port
from deploy.distributed.plan import ADDRESSES, GATEWAY, Addresses, Process, processes
from deploy.distributed.servers import Servers
from deploy.distributed.supervisor import Part, Standing, start_all, stop_all
from deploy.environment import variables

STATUS = "status.json"
_START = 90.0  # seconds for one floor of parts to answer
Changed = Callable[[Part, str | None], None]


class CannotStart(Exception):
    """Parts that do not come up, each with what it said."""

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__("\n".join(f"{part.name}: {part.last_end or part.state}" for part in parts))


@dataclass(frozen=True)
class Place:
    """Where the whole listens, and how often each process runs."""

    host: str
    port: int
    scale: Mapping[str, int]

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


class House:
    """Every part of one system. `start_servers`, `prepare`, `start` in this order; `stop` ends what was started."""

    def __init__(self, folder: Path, servers: Servers, place: Place, tell: Changed) -> None:
        self._folder = folder
        self._servers = servers
        self._place = place
        self._tell = tell
        self._pieces = TemporaryDirectory(prefix="anchang-front-", dir="/var/tmp")  # noqa: S108 - a fresh folder of ours
        Path(self._pieces.name).chmod(0o711)
        self._writing = Lock()
        self._floors: list[list[Part]] = []
        (folder / "logs").mkdir(mode=0o700, exist_ok=True)
        self._nursery = Nursery(folder / "logs" / "nursery.log", self._counts_of("nursery"), servers.postgres)
        self.addresses = Addresses(urls_on(servers.postgres, servers.prefix), servers.bus, place.url)

    def start_servers(self) -> None:
        """PostgreSQL and RabbitMQ, as far as they are ours; raises CannotStart."""
        self._nursery.begin()
        self._start([Part(name, server, None, self._changed) for name, server in self._servers.ours.items()])

    def has_databases(self) -> bool:
        """Whether a system stood on this server before; raises psycopg.OperationalError."""
        return GATEWAY in existing(self._servers.postgres, self.addresses.databases)

    def prepare(self, *, anew: bool) -> None:
        """Databases, keys, topology, migrations; raises CannotPrepare."""
        asked = {"folder": str(self._folder), "postgres": self._servers.postgres, "anew": anew}
        run_once("deploy.distributed.prepare", asked | asdict(self.addresses))

    def create_administrator(self, username: str, name: str, password: str) -> None:
        """The first one who may make all others."""
        asked = {"url": self.addresses.databases[GATEWAY], "username": username, "name": name, "password": password}
        run_once("deploy.distributed.administrator", asked)

    def start(self, keys: tuple[Path, Path]) -> None:
        """Every process of ours, then the front; raises CannotStart."""
        planned = processes(self.addresses, keys, self._place.scale, free_port)
        self._start([Part(one.name, self._program(one), one.port, self._changed) for one in planned])
        ports = {one.name: one.port for one in planned}
        nginx = front(
            self._folder / "nginx",
            Path(self._pieces.name),
            self._place.host,
            self._place.port,
            ports["gateway-web"],
            ports["gateway-live"],
            in_docker=self._servers.nginx_in_docker,
        )
        self._start([Part("nginx", nginx, self._place.port, self._changed)])

    @contextmanager
    def addressed(self) -> Iterator[None]:
        """The addresses stand in the data folder, readable by its owner alone, while the block runs."""
        file = self._folder / ADDRESSES
        write_private(file, json.dumps(asdict(self.addresses)) + "\n")
        try:
            yield
        finally:
            file.unlink(missing_ok=True)

    def stop(self) -> None:
        """What was started last ends first, so that nothing is asked that has ended."""
        while self._floors:
            stop_all(self._floors.pop())
        self._nursery.close()
        self._pieces.cleanup()
        (self._folder / STATUS).unlink(missing_ok=True)

    def _start(self, parts: list[Part]) -> None:
        self._floors.append(parts)
        missing = start_all(parts, _START)
        if missing:
            raise CannotStart(missing)

    def _program(self, process: Process) -> ForkedProgram:
        counts = self._counts_of(process.name)
        settings = {f"ANCHANG_{name}": value for name, value in process.settings.items()}
        environment = variables() | settings | {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
        log = self._folder / "logs" / f"{process.name}.log"
        ready = partial(_lives, process.port)
        return ForkedProgram(self._nursery, process.name, process.module, environment, log, ready)

    def _counts_of(self, name: str) -> Path:
        """Where the processes of one name count together (Prometheus's client)."""
        folder = self._folder / "metrics" / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _changed(self, part: Part, end: str | None) -> None:
        with self._writing:
            standings = [asdict(one.standing) for floor in self._floors for one in floor]
            write_private(self._folder / STATUS, json.dumps({"url": self._place.url, "parts": standings}) + "\n")
        self._tell(part, end)


class CannotPrepare(Exception):
    """A step before the processes failed; the message is its own."""


def run_once(module: str, asked: Mapping[str, Any]) -> None:
    """Run a process that ends by itself, telling it what it needs on its stdin; raises CannotPrepare."""
    command = [sys.executable, "-P", "-m", module]
    done = subprocess.run(
        command, input=json.dumps(asked), text=True, capture_output=True, env=variables(), check=False
    )
    if done.returncode != 0:
        raise CannotPrepare(done.stderr.strip()[-2000:] or f"{module}: exit {done.returncode}")


def standings_in(folder: Path) -> tuple[str, list[Standing]]:
    """The address and the parts of the system that runs on this folder; raises FileNotFoundError when none does."""
    said = json.loads((folder / STATUS).read_text(encoding="utf-8"))
    return said["url"], [Standing(**one) for one in said["parts"]]


def _lives(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False
