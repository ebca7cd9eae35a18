"""One moment of several PostgreSQL databases, on one server or on several.

In every database inbox and outbox are locked against writing; once all are, each database exports a snapshot, and the
locks are given back: held for milliseconds when nobody writes for long. Whatever joins two databases is an event, and
every event passes an outbox and an inbox, so nothing that joins them moves while the snapshots are taken.

Inbox before outbox, as consumers take them: the other order would dead-lock with each of them. No transaction of this
system holds locks in two databases, so there is no dead-lock across. Locks and snapshot need two connections, for a
snapshot lives only as long as the transaction that exported it.
"""

import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

from chassis.database.migration_connection import ADVISORY_KEY
from deploy.backup import postgres_programs
from deploy.backup.refusals import Refused

_HOLD = 2.5  # seconds: more than PostgreSQL takes (1) to end an autovacuum in our way, less than writers wait (4)
_TRIES = 20

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class DatabaseView:
    """One service's database as it was at the moment."""

    service: str
    url: str
    snapshot: str
    schema: int
    server: int

    @property
    def part(self) -> str:
        return f"databases/{self.service}.dump"

    def pieces(self) -> Generator[bytes, None, None]:
        """The bytes of a dump of what the snapshot shows."""
        return postgres_programs.dump(self.url, self.server, self.snapshot)


@contextmanager
def one_moment(urls: Mapping[str, str], hold: float = _HOLD, tries: int = _TRIES) -> Iterator[list[DatabaseView]]:
    """Views of all databases, by service, as they were at one moment while the block began; migrations wait meanwhile.

    Each of `tries` holds some of the locks for `hold` seconds at most, then lets everybody pass for as long. Raises
    Refused when a database cannot be reached or is being migrated, when some transaction holds events for long, again
    and again, or when no pg_dump here is as new as a server.
    """
    with ExitStack() as stack:
        exporters = {name: stack.enter_context(_exporting(name, urls[name])) for name in sorted(urls)}
        for connection in exporters.values():
            postgres_programs.find("pg_dump", server_of(connection))
        snapshots = _export_together(urls, exporters, hold, tries)
        yield [
            DatabaseView(name, urls[name], snapshots[name], _schema(connection), server_of(connection))
            for name, connection in exporters.items()
        ]


def connected(service: str, url: str) -> Connection:
    """A connection of our own; raises Refused without the address, which holds a password."""
    try:
        return psycopg.connect(postgres_programs.plain(url), connect_timeout=5)
    except psycopg.OperationalError as error:
        raise Refused("unreachable", service=service) from error


def server_of(connection: Connection) -> int:
    """The server's major version."""
    return connection.info.server_version // 10000


@contextmanager
def _exporting(service: str, url: str) -> Iterator[Connection]:
    with closing(connected(service, url)) as connection:
        connection.autocommit = True
        connection.execute("SET idle_in_transaction_session_timeout = 0")  # it waits while the others are copied
        key = connection.execute("SELECT pg_try_advisory_lock_shared(%s)", [ADVISORY_KEY]).fetchone()
        if key != (True,):
            raise Refused("migrating", service=service)
        connection.autocommit = False
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection


def _export_together(
    urls: Mapping[str, str], exporters: Mapping[str, Connection], hold: float, tries: int
) -> dict[str, str]:
    with ExitStack() as stack:
        lockers = {name: stack.enter_context(closing(connected(name, urls[name]))) for name in exporters}
        for _try in range(tries):
            try:
                _lock(lockers, time.monotonic() + hold)
                return {name: _export(connection) for name, connection in exporters.items()}
            except (LockNotAvailable, DeadlockDetected):
                for locker in lockers.values():
                    locker.rollback()
            time.sleep(hold)
    raise Refused("busy")


def _lock(lockers: Mapping[str, Connection], until: float) -> None:
    for locker in lockers.values():
        for table in ("inbox", "outbox"):  # a limit of its own for each: it counts from where a wait begins
            left = max(1, int((until - time.monotonic()) * 1000))
            locker.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(left))
            locker.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(sql.Identifier(table)))


def _export(connection: Connection) -> str:
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None  # a SELECT of one value
    return str(row[0])


def _schema(connection: Connection) -> int:
    row = connection.execute("SELECT schema FROM schema_serves").fetchone()
    return 0 if row is None else int(row[0])
