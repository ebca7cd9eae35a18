"""Opens a service's database and its transactions.

SQLite: WAL, `BEGIN IMMEDIATE` for writers behind one fair gate per file, plain BEGIN for readers, foreign keys on,
synchronous=FULL, and what is deleted is overwritten. A plain BEGIN for writers lost 655 of 800 concurrent updates.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, RootTransaction, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from chassis.clock import Clock, SystemClock
from chassis.database.beginning import TO_READ, TO_WRITE, connected
from chassis.database.gate import Gate
from chassis.database.patient import PatientConnection, session_settings
from chassis.database.transaction import Transaction
from chassis.ids import Ids, TimeOrderedIds

_ABANDONED_AFTER = 20.0  # seconds: making a sheet of 100,000 rows takes seven between two statements
_GATES: dict[Path, Gate] = {}
_GATES_LOCK = Lock()

_BEGIN = "anchang_begin"  # in a connection's info: how its next transaction begins
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "cache_size=-4000",
)


class DatabaseBusy(Exception):
    """The wait for a turn to write, or for a row another transaction holds, took too long."""


class Database:
    """One service's database. `url` is a SQLAlchemy URL: `sqlite:////path/file.db` or `postgresql+psycopg://…`.

    Seconds: `patience` for a turn to write and for a lock. On PostgreSQL `answers_within` for one statement, then the
    server is given up; the server ends a transaction in which nothing happens for twenty: its client is gone.
    """

    def __init__(
        self,
        url: str,
        service: str,
        clock: Clock | None = None,
        ids: Ids | None = None,
        *,
        pool_size: int = 10,
        patience: float = 4.0,
        answers_within: float = 30.0,
    ) -> None:
        self.url = url
        self.service = service
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self.patience = patience
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            self.engine = _open_sqlite(parsed, pool_size)
        else:
            self.engine = _open_postgres(parsed, pool_size, patience, answers_within)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._gate = _gate_of(self.engine) if self.is_sqlite else None
        self._pool_size = pool_size
        self._idle: deque[Connection] = deque()  # its pop and append need no lock
        self.wake_relay: Callable[[], None] = _nobody_listens
        self.wake_jobs: Callable[[], None] = _nobody_listens

    @contextmanager
    def write(self, traceparent: str | None = None) -> Iterator[Transaction]:
        """One transaction that commits when the block ends well and leaves nothing behind when it raises.

        Raises DatabaseBusy when no turn to write came within `patience` seconds.
        """
        with self._turn_to_write(), self._connected(TO_WRITE) as connection:
            if self.is_sqlite:
                connection.info[_BEGIN] = "BEGIN IMMEDIATE"
            with connection.begin() as begun:
                tx = Transaction(
                    connection, self.service, self.clock, self.ids, traceparent, self.wake_relay, self.wake_jobs
                )
                yield tx
                tx.commit(begun)
        tx.committed()

    @contextmanager
    def read(self, traceparent: str | None = None) -> Iterator[Transaction]:
        """One consistent view of the data; nothing that is written in it is kept."""
        with self._connected(TO_READ) as connection, connection.begin() as view, self._ending(view):
            yield Transaction(connection, self.service, self.clock, self.ids, traceparent)

    def answers(self) -> bool:
        """Whether the database answers right now."""
        with self.read() as tx:
            return tx.execute(text("SELECT 1")).scalar() == 1

    def close(self) -> None:
        while (connection := self._idle_one()) is not None:
            connection.close()
        self.engine.dispose()

    @contextmanager
    def _ending(self, view: RootTransaction) -> Iterator[None]:
        """PostgreSQL lets nobody write in a view; and psycopg forgets all that it has prepared at each rollback."""
        end = view.rollback if self.is_sqlite else view.commit
        try:
            yield
        except DBAPIError:  # the connection may be of no use any more
            raise
        except BaseException:
            end()
            raise
        end()

    @contextmanager
    def _connected(self, begin: bytes) -> Iterator[Connection]:
        """A connection for one transaction. SQLite's stay open in between: to a file there is nothing to try first."""
        if not self.is_sqlite:
            with connected(self.engine, begin) as connection:
                yield connection
            return
        connection = self._idle_one() or self.engine.connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < self._pool_size:
            self._idle.append(connection)
        else:
            connection.close()

    def _idle_one(self) -> Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        if self._gate is None:
            yield
            return
        if not self._gate.enter(self.patience):
            raise DatabaseBusy(f"{self.service}: no turn to write within {self.patience:g} s")
        try:
            yield
        finally:
            self._gate.leave()


def _nobody_listens() -> None:
    """Until a relay runs in this process; elsewhere the database wakes it."""


def _open_postgres(url: URL, pool_size: int, patience: float, answers_within: float) -> Engine:
    """Errors never quote rows (hide_parameters): they go into logs."""
    settings = session_settings(patience, _ABANDONED_AFTER)

    def connect() -> PatientConnection:
        conninfo, options = engine.dialect.create_connect_args(url)
        options["options"] = f"{settings} {options.get('options', '')}"  # what the address itself says holds
        return PatientConnection.open(*conninfo, answers_within=answers_within, **options)

    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "pool_timeout": patience}
    engine = create_engine(url, creator=connect, hide_parameters=True, **pool)
    return engine


def _open_sqlite(url: URL, pool_size: int) -> Engine:
    """The same for a file."""
    threads = {"check_same_thread": False}
    engine = create_engine(url, pool_size=pool_size, max_overflow=-1, connect_args=threads, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    engine.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]  # an engine event would slow every statement
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours to say
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(dbapi_connection: PoolProxiedConnection) -> None:
    dbapi_connection.cursor().execute(dbapi_connection.info.pop(_BEGIN, "BEGIN"))


def _gate_of(engine: Engine) -> Gate:
    file = Path(engine.url.database or ":memory:").resolve()
    with _GATES_LOCK:
        return _GATES.setdefault(file, Gate())
