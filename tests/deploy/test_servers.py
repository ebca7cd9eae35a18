"""Where the distributed shape finds PostgreSQL, RabbitMQ and nginx."""

from dataclasses import replace
from pathlib import Path

import pytest

from deploy.distributed.docker import DockerPostgres, DockerRabbitMQ
from deploy.distributed.kept import DidNotStart
from deploy.distributed.packages import VENV, Package, PackageMissing
from deploy.distributed.plan import CannotScale, scales
from deploy.distributed.servers import Needs, servers

_NOTHING = Needs(*(Package(name, "/nonexistent/file", "nothing") for name in ("postgresql", "rabbitmq", "nginx")))
_ENGINE = """#!/bin/sh
# Stands for a Docker engine: answers its version, and notes what it is told to run.
[ "$1" = version ] && exit 0
echo "$@" >> "{notes}"
exit 1
"""


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with neither apt-get nor Docker."""
    monkeypatch.setenv("PATH", "/nonexistent")


@pytest.fixture
def engine(bare: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same with a Docker engine; answers the file in which it notes what it was told to run."""
    programs = tmp_path / "programs"
    programs.mkdir()
    docker = programs / "docker"
    docker.write_text(_ENGINE.format(notes=tmp_path / "told"))
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return tmp_path / "told"


def test_nothing_there_and_no_way_to_install_says_what_to_do(bare: None, tmp_path: Path) -> None:
    """Without packages, Docker and the right to install, the message is the command to run as root."""
    with pytest.raises(PackageMissing, match="apt-get install postgresql rabbitmq nginx"):
        servers(tmp_path, needs=_NOTHING)


def test_given_servers_are_used_and_not_ours(bare: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With both addresses given only what stands in front is needed, and no server is ours to start or end."""
    monkeypatch.setenv("ANCHANG_POSTGRES_URL", "postgresql+psycopg://a:b@db/postgres")
    monkeypatch.setenv("ANCHANG_BUS_URL", "amqp://a:b@mq/%2F")
    found = servers(tmp_path, needs=replace(_NOTHING, nginx=VENV))
    assert (found.postgres, found.bus, found.ours) == (
        "postgresql+psycopg://a:b@db/postgres",
        "amqp://a:b@mq/%2F",
        {},
    )


def test_where_docker_answers_containers_are_used(engine: Path, tmp_path: Path) -> None:
    """What is not installed runs as containers: on loopback, data in the folder, no secret on a command line."""
    found = servers(tmp_path, needs=_NOTHING)
    assert [type(server) for server in found.ours.values()] == [DockerPostgres, DockerRabbitMQ]
    assert found.nginx_in_docker
    for server in found.ours.values():
        with pytest.raises(DidNotStart):  # this engine runs nothing
            server.start()
    told = engine.read_text()
    assert told.count("--publish 127.0.0.1:") == 2
    for folder in ("postgres-docker", "rabbitmq-docker"):
        assert f"{tmp_path}/{folder}/data:" in told
        secret = (tmp_path / folder / "secret").read_text()
        assert secret not in told
        environment = tmp_path / folder / "environment"
        assert secret in environment.read_text()
        assert environment.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("asked", ["reporting", "reporting-worker", "reporting-worker=two", "reporting-worker=17"])
def test_a_scale_that_is_none_is_refused(asked: str) -> None:
    """--scale takes the name of a process and a number from 1 to 16."""
    with pytest.raises(CannotScale) as refused:
        scales([asked])
    assert "reporting-worker" in refused.value.known


def test_scales_are_read() -> None:
    """--scale may be given for several processes."""
    assert scales(["reporting-worker=2", "gateway-web=3"]) == {"reporting-worker": 2, "gateway-web": 3}
