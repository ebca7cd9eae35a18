"""The programs we stand on as containers, where a Docker engine answers: loopback ports, their data in a folder.

The container runs in the foreground of a client that ends with us, and its signals are passed on: nothing stays behind.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.distributed.kept import answers, free_port, kept_secret
from deploy.distributed.programs import OwnProgram

_POSTGRES = "postgres:15"
_RABBITMQ = "rabbitmq:3.13-management"
_NGINX = "nginx:1.26"
_USER = "anchang"


def engine_answers() -> bool:
    """Whether there is a Docker engine to use."""
    if shutil.which("docker") is None:
        return False
    asked = ["docker", "version", "--format", "{{.Server.Version}}"]
    return subprocess.run(asked, capture_output=True, check=False, timeout=20).returncode == 0


class DockerPostgres(OwnProgram):
    """PostgreSQL in a container; `url` is its maintenance database's."""

    def __init__(self, folder: Path) -> None:
        secret, port = _prepared(folder), free_port()
        self.url = f"postgresql+psycopg://{_USER}:{secret}@127.0.0.1:{port}/postgres"
        settings = {"POSTGRES_USER": _USER, "POSTGRES_PASSWORD": secret, "POSTGRES_INITDB_ARGS": "--locale=C.UTF-8"}
        command = _run(folder, _POSTGRES, f"127.0.0.1:{port}:5432", "/var/lib/postgresql/data", settings)
        command += ["-c", "max_connections=300"]
        super().__init__(command, folder / "log", os.environ, lambda: answers(port))


class DockerRabbitMQ(OwnProgram):
    """RabbitMQ in a container."""

    def __init__(self, folder: Path) -> None:
        secret, port = _prepared(folder), free_port()
        self.url = f"amqp://{_USER}:{secret}@127.0.0.1:{port}/%2F"
        settings = {
            "RABBITMQ_DEFAULT_USER": _USER,
            "RABBITMQ_DEFAULT_PASS": secret,
            "RABBITMQ_NODENAME": "anchang@localhost",
        }
        command = _run(folder, _RABBITMQ, f"127.0.0.1:{port}:5672", "/var/lib/rabbitmq", settings)
        super().__init__(command, folder / "log", os.environ, lambda: answers(port))


def nginx_command(configuration: Path) -> list[str]:
    """nginx in a container that shares the machine's network: what stands behind it is on loopback."""
    mounted = f"{configuration.parent}:{configuration.parent}"
    own = ["docker", "run", "--rm", "--network", "host", "--volume", mounted, "--name", _name()]
    return [*own, _NGINX, "nginx", "-c", str(configuration)]


def _prepared(folder: Path) -> str:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return kept_secret(folder / "secret")


def _run(folder: Path, image: str, port: str, data: str, settings: Mapping[str, str]) -> list[str]:
    """`docker run` in the foreground; secrets go by a file that only we can read."""
    file = folder / "environment"
    file.touch(mode=0o600)
    file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    options: Sequence[str] = ("--env-file", str(file), "--publish", port, "--volume", f"{folder / 'data'}:{data}")
    return ["docker", "run", "--rm", "--name", _name(), *options, image]


def _name() -> str:
    return f"anchang-{secrets.token_hex(4)}"
