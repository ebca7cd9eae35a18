"""The connection a migration works on: its own, alone, with an open transaction.

SQLite: foreign keys off *before* BEGIN, for a table that is rebuilt with them on silently deletes every cascading
child; one migrator at a time by a lock file beside the database. PostgreSQL: a transaction advisory lock.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import URL, Connection, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError

from chassis.database.engine import DatabaseBusy

ADVISORY_KEY = 0x616E6368  # one database holds one service, so one key is enough
_LOOK_AGAIN = 0.05


@contextmanager
def migrating(url: str, patience: float, only_look: bool = False) -> Iterator[Connection]:
    """One transaction, committed when the block ends well. `only_look`: no lock is taken and nothing is kept.

    Raises DatabaseBusy when another migrator held the lock for `patience` seconds.
    """
    parsed = make_url(url)
    open_one = _on_sqlite if parsed.get_backend_name() == "sqlite" else _on_postgresql
    with open_one(parsed, patience, only_look) as connection:
        yield connection


@contextmanager
def _on_sqlite(url: URL, patience: float, only_look: bool) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # BEGIN is ours to say
        for pragma in ("foreign_keys=OFF", "synchronous=FULL", f"busy_timeout={int(patience * 1000)}"):
            raw.execute(f"PRAGMA {pragma}")
        if not only_look:
            raw.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if only_look else "BEGIN IMMEDIATE")

    if only_look:
        with engine.connect() as connection:
            yield connection
        return
    with _lock_file(Path(f"{url.database}.migrating"), patience), engine.begin() as connection:
        yield connection


@contextmanager
def _on_postgresql(url: URL, patience: float, only_look: bool) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        if only_look:
            yield connection
            return
        with connection.begin():
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(patience * 1000)}ms'")
            try:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_KEY})
            except OperationalError as error:
                raise DatabaseBusy(f"another migration ran for {patience:g} s") from error
            # From here a lock that does not come means live traffic: better to give up than to queue it up behind us.
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            yield connection


@contextmanager
def _lock_file(file: Path, patience: float) -> Iterator[None]:
    deadline = time.monotonic() + patience
    with file.open("a") as handle:
        while not _locked(handle):
            if time.monotonic() > deadline:
                raise DatabaseBusy(f"another migration ran for {patience:g} s")
            time.sleep(_LOOK_AGAIN)
        yield


def _locked(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
