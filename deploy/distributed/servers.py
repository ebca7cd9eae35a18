"""What the distributed shape stands on: found, started as containers, or installed, in this order.

1. A server given by a setting (`ANCHANG_POSTGRES_URL`, `ANCHANG_BUS_URL`) is used and left as it runs.
2. What the system's packages have installed is started privately: free loopback ports, data in the data folder.
3. Where a Docker engine answers, containers, as privately.
4. Else the system's packages are installed (said first; as root; no service is started), then as in 2.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chassis.settings import BUS_URL, Setting, text
from deploy.distributed.docker import DockerPostgres, DockerRabbitMQ, engine_answers
from deploy.distributed.packages import NGINX, POSTGRESQL, RABBITMQ, Package, ensure
from deploy.distributed.private_postgres import PrivatePostgres
from deploy.distributed.private_rabbitmq import PrivateRabbitMQ
from deploy.distributed.programs import Program

POSTGRES_URL = Setting(
    "POSTGRES_URL",
    "For `./run distributed`: a PostgreSQL server of yours, as a user who may create databases there "
    "(`postgresql+psycopg://user:password@host:5432/postgres`); without it a private one is started.",
    text,
    "",
)

_CONTAINERS = {POSTGRESQL: "postgres-docker", RABBITMQ: "rabbitmq-docker"}


@dataclass(frozen=True)
class Servers:
    """The addresses of both servers, and those that are ours to keep running, by name."""

    postgres: str
    bus: str
    ours: dict[str, Program]
    nginx_in_docker: bool


def servers(folder: Path, say: Callable[[str], None] = print) -> Servers:
    """Find or make what is needed, nginx included; nothing is started yet. Raises PackageMissing, CannotReachFolder."""
    postgres, bus = _given(POSTGRES_URL), _given(BUS_URL)
    needed = [package for package, given in ((POSTGRESQL, postgres), (RABBITMQ, bus), (NGINX, "")) if not given]
    contained = _contained(folder, needed)
    ensure([package for package in needed if package not in contained], say)
    ours: dict[str, Program] = {}
    if not postgres:
        ours["postgresql"] = server = _postgres(folder, POSTGRESQL in contained)
        postgres = server.url
    if not bus:
        ours["rabbitmq"] = broker = _rabbitmq(folder, RABBITMQ in contained)
        bus = broker.url
    return Servers(postgres, bus, ours, nginx_in_docker=NGINX in contained)


def _given(setting: Setting[str]) -> str:
    return os.environ.get(setting.variable, "").strip()


def _contained(folder: Path, needed: Sequence[Package]) -> set[Package]:
    """What is to run as containers: what is not installed here, and what was begun as a container in this folder."""
    begun = {package for package, name in _CONTAINERS.items() if (folder / name).exists()}
    missing = {package for package in needed if not package.present}
    return (begun & set(needed)) | (missing if missing and engine_answers() else set())


def _postgres(folder: Path, contained: bool) -> PrivatePostgres | DockerPostgres:
    return DockerPostgres(folder / _CONTAINERS[POSTGRESQL]) if contained else PrivatePostgres(folder / "postgres")


def _rabbitmq(folder: Path, contained: bool) -> PrivateRabbitMQ | DockerRabbitMQ:
    return DockerRabbitMQ(folder / _CONTAINERS[RABBITMQ]) if contained else PrivateRabbitMQ(folder / "rabbitmq")
