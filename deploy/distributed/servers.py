"""What the distributed shape stands on: found, started as containers, or installed, in this order.

1. A server given by a setting (`ANCHANG_POSTGRES_URL`, `ANCHANG_BUS_URL`) is used and left as it runs.
2. What the system's packages have installed is started privately: free loopback ports, data in the data folder.
3. Where a Docker engine answers, containers, as privately.
4. Else the system's packages are installed (said first; as root; no service is started), then as in 2.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chassis.settings import BUS_URL, Setting, read, text
from deploy.distributed.docker import DockerPostgres, DockerRabbitMQ, engine_answers
from deploy.distributed.packages import NGINX, POSTGRESQL, RABBITMQ, Package, ensure
from deploy.distributed.private_postgres import PrivatePostgres
from deploy.distributed.private_rabbitmq import PrivateRabbitMQ
from deploy.distributed.programs import Program


def identifier(value: str) -> str:
    """The beginning of a database's name."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
        raise ValueError("a–z, 0–9, _")
    return value


POSTGRES_URL = Setting(
    "POSTGRES_URL",
    "For `./run distributed`: a PostgreSQL server of yours, as a user who may create databases there "
    "(`postgresql+psycopg://user:password@host:5432/postgres`); without it a private one is started.",
    text,
    "",
)

# What was begun as a container goes on as one: its data lie in a folder of their own.
_POSTGRES_CONTAINER, _RABBITMQ_CONTAINER = "postgres-docker", "rabbitmq-docker"
DATABASE_PREFIX = Setting(
    "DATABASE_PREFIX",
    "For `./run distributed`: how the names of the databases begin, where several systems share a server.",
    identifier,
    "anchang",
)


@dataclass(frozen=True)
class Servers:
    """The addresses of both servers, what the databases' names begin with, and the servers that are ours to run."""

    postgres: str
    prefix: str
    bus: str
    ours: dict[str, Program]
    nginx_in_docker: bool


@dataclass(frozen=True)
class Needs:
    """The packages whose programs we stand on."""

    postgresql: Package = POSTGRESQL
    rabbitmq: Package = RABBITMQ
    nginx: Package = NGINX


def servers(folder: Path, say: Callable[[str], None] = print, needs: Needs = Needs()) -> Servers:  # noqa: B008 - frozen
    """Find or make what is needed, nginx included; nothing is started yet.

    Raises PackageMissing, CannotReachFolder, SettingsWrong.
    """
    postgres, bus, prefix = _given(POSTGRES_URL), _given(BUS_URL), read((DATABASE_PREFIX,))[DATABASE_PREFIX]
    wanted = [*([] if postgres else [needs.postgresql]), *([] if bus else [needs.rabbitmq]), needs.nginx]
    contained = [package for package in wanted if not package.present] if engine_answers() else []
    postgres_contained = needs.postgresql in contained or (folder / _POSTGRES_CONTAINER).exists()
    rabbitmq_contained = needs.rabbitmq in contained or (folder / _RABBITMQ_CONTAINER).exists()
    ensure([package for package in wanted if package not in contained], say)
    ours: dict[str, Program] = {}
    if not postgres:
        ours["postgresql"] = server = _postgres(folder, postgres_contained)
        postgres = server.url
    if not bus:
        ours["rabbitmq"] = broker = _rabbitmq(folder, rabbitmq_contained)
        bus = broker.url
    return Servers(postgres, prefix, bus, ours, nginx_in_docker=needs.nginx in contained)


def _given(setting: Setting[str]) -> str:
    return os.environ.get(setting.variable, "").strip()


def _postgres(folder: Path, contained: bool) -> PrivatePostgres | DockerPostgres:
    return DockerPostgres(folder / _POSTGRES_CONTAINER) if contained else PrivatePostgres(folder / "postgres")


def _rabbitmq(folder: Path, contained: bool) -> PrivateRabbitMQ | DockerRabbitMQ:
    return DockerRabbitMQ(folder / _RABBITMQ_CONTAINER) if contained else PrivateRabbitMQ(folder / "rabbitmq")
