"""The private RabbitMQ and PostgreSQL: what tests and the distributed shape stand on."""

import os
import stat
from pathlib import Path

import pika
import psycopg
import pytest
from sqlalchemy import create_engine, text

from deploy.distributed.packages import Package, PackageMissing, ensure
from deploy.distributed.private_postgres import CannotReachFolder, PrivatePostgres
from tests.ground import ask


def test_a_fresh_database_is_empty_and_durable(postgres_url: str) -> None:
    """Each test gets an empty PostgreSQL database whose server keeps fsync on and listens on loopback alone."""
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar()
        settings = [connection.execute(text(f"SHOW {name}")).scalar() for name in ("fsync", "listen_addresses")]
    engine.dispose()
    assert (tables, settings) == (0, ["on", "127.0.0.1"])


def test_the_server_is_shared_by_the_session(postgres_url: str) -> None:
    """However many tests ask, one server stands behind them."""
    assert postgres_url.rsplit("/", 1)[0] == ask("postgres").rsplit("/", 1)[0]


def test_a_vhost_takes_a_quorum_queue(rabbitmq_url: str) -> None:
    """A fresh vhost of the private broker is writable and keeps quorum queues."""
    connection = pika.BlockingConnection(pika.URLParameters(rabbitmq_url))
    channel = connection.channel()
    channel.queue_declare("proof", durable=True, arguments={"x-queue-type": "quorum"})
    channel.basic_publish("", "proof", b"x")
    _method, _properties, body = next(channel.consume("proof", auto_ack=True, inactivity_timeout=30))
    connection.close()
    assert body == b"x"


@pytest.mark.system
def test_postgres_keeps_its_data_over_a_restart(open_folder: Path) -> None:
    """What was committed before stop is there after start, also after a kill."""
    with PrivatePostgres(open_folder) as server:
        url = server.fresh_database("kept").replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE proof (n integer)")
        server.kill()
        server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM proof").fetchone() == (0,)


@pytest.mark.system
def test_a_closed_folder_is_refused_with_its_name(tmp_path: Path) -> None:
    """A data folder that PostgreSQL's user cannot walk to is refused, and the message names the closed one."""
    if os.geteuid() != 0:
        PrivatePostgres(tmp_path)  # as oneself there is no other user to close out
        return
    closed = tmp_path / "closed"
    closed.mkdir(mode=stat.S_IRWXU)
    with pytest.raises(CannotReachFolder, match=str(tmp_path.parents[-2])):
        PrivatePostgres(closed / "data")


def test_a_missing_package_without_apt_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be installed, the message is the command to run."""
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(PackageMissing, match="apt-get install no-such-package"):
        ensure([Package("no-such-package", "/nonexistent/file", "nothing")])
