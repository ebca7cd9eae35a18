"""A PostgreSQL of our own: own data folder, own port on loopback, no socket, running as its own user.

PostgreSQL refuses to run as root and cannot reach a folder under root's home; as root we run it as `postgres`, and the
folder must be one that user can walk to. fsync stays on: what it confirms is on the disk. Text sorts by code point
(C.UTF-8), as in SQLite, so that both databases answer in one order.
"""

import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

from deploy.distributed.kept import Kept, free_port, kept_secret
from deploy.distributed.packages import POSTGRESQL, require

_SUPERUSER = "anchang"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
}


class CannotReachFolder(Exception):
    """PostgreSQL's user cannot walk to the data folder; the message names the folder that is closed."""


class PrivatePostgres:
    """`with PrivatePostgres(folder) as server: server.fresh_database()`; data stays in `folder` until it is removed.

    Raises PackageMissing, CannotReachFolder, DidNotStart.
    """

    def __init__(self, folder: Path) -> None:
        require(POSTGRESQL)
        self._programs = _newest_programs()
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self._port = free_port()
        self._process: Kept | None = None
        self._prepare_folder()
        self._password = kept_secret(self._folder / "secret")

    @property
    def url(self) -> str:
        """The address of the maintenance database, as its superuser."""
        return f"postgresql+psycopg://{_SUPERUSER}:{self._password}@127.0.0.1:{self._port}/postgres"

    def fresh_database(self, name: str | None = None) -> str:
        """Create an empty database and answer its URL."""
        return fresh_database(self.url, name)

    def start(self) -> None:
        """Come back when it answers."""
        if not (self._data / "PG_VERSION").exists():
            self._create()
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self._port), *settings]
        self._process = Kept(command, self._folder / "postgres.log", user=self._user)
        self._process.wait_until(self._answers, seconds=60)

    def stop(self) -> None:
        """End it cleanly, whoever is still connected; nothing confirmed is lost."""
        if self._process:
            self._process.signal(signal.SIGINT)  # SIGTERM alone would wait until the last one has gone
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would; `start` brings it back with what it had confirmed."""
        self.process.kill()
        self.stop()

    def wait(self) -> str:
        """Come back when it has ended, and say how."""
        return self._process.wait() if self._process else "exit 0"

    @property
    def pid(self) -> int | None:
        """Its process; None when it does not run."""
        return self._process.pid if self._process else None

    @property
    def process(self) -> Kept:
        """The running program, for fault tests: `server.process.signal(SIGSTOP)`."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process

    def __enter__(self) -> "PrivatePostgres":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _prepare_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._user:
            _refuse_closed(self._folder)
            shutil.chown(self._folder, self._user, self._user)

    def _create(self) -> None:
        password = self._folder / "initial-password"
        password.touch(mode=0o600)
        password.write_text(self._password)
        if self._user:
            shutil.chown(password, self._user, self._user)
        command = [str(self._programs / "initdb"), "-D", str(self._data), "-U", _SUPERUSER, "--pwfile", str(password)]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"]
        subprocess.run(  # noqa: S603 - our own command
            command, user=self._user, group=self._user, cwd=self._folder, check=True, stdout=subprocess.DEVNULL
        )
        password.unlink()

    def _answers(self) -> bool:
        try:
            psycopg.connect(_plain(self.url), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def fresh_database(server_url: str, name: str | None = None) -> str:
    """Create an empty database on the server and answer its URL; the name is random unless given."""
    name = name or f"fresh_{secrets.token_hex(6)}"
    _administer(server_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return server_url.rsplit("/", 1)[0] + f"/{name}"


def drop_database(server_url: str, database_url: str) -> None:
    """Remove a database, whoever is still connected to it."""
    name = database_url.rsplit("/", 1)[1]
    _administer(server_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(server_url: str, command: sql.Composed) -> None:
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        connection.execute(command)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _newest_programs() -> Path:
    found = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return max(found, key=lambda program: float(program.parts[-3])).parent


def _refuse_closed(folder: Path) -> None:
    for above in folder.parents:
        if not above.stat().st_mode & 0o001:
            raise CannotReachFolder(
                f"PostgreSQL 以自己的用户运行，进不了 {above}：请用 --data 选择它之外的目录，例如 /srv 之下\n"
                f"{above} is closed to the user postgres; choose a data folder outside it (for example under /srv)"
            )
