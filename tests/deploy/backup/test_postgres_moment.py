"""One moment of several PostgreSQL databases in use, and the programs that copy them."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from sqlalchemy import MetaData, create_engine

from chassis.furniture import furnish
from deploy.backup import postgres_programs
from deploy.backup.postgres_moment import DatabaseView, one_moment
from deploy.backup.postgres_programs import plain
from deploy.backup.refusals import Refused
from deploy.demo.client import eventually
from deploy.distributed.private_postgres import fresh_database
from tests.ground import ask

pytestmark = pytest.mark.system
NAMES = ("announcer", "between", "reader")
METADATA = furnish(MetaData())
_ANNOUNCE = "INSERT INTO outbox (id, type, body, recorded_at) VALUES (gen_random_uuid(), 'a', '', now())"
_RECEIVE = "INSERT INTO inbox (source, event_id, received_at) VALUES ('a', gen_random_uuid(), now())"
_WAITS = """SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
 WHERE NOT granted AND mode = 'ShareLock' AND locktype = 'relation' AND datname = current_database()"""
_COUNT = "SELECT count(*) FROM inbox UNION ALL SELECT count(*) FROM outbox"


@pytest.fixture(scope="module")
def urls() -> Mapping[str, str]:
    """Three databases with the tables that every service has; they go with the session's server."""
    urls = {name: fresh_database(ask("postgres")) for name in NAMES}
    for url in urls.values():
        engine = create_engine(url)
        METADATA.create_all(engine)
        engine.dispose()
        with closing(_opened(url)) as connection:
            connection.execute("INSERT INTO schema_serves VALUES (1, 3, 1)")
    return urls


def _opened(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(plain(url), autocommit=True)


class Handing:
    """Hands events on from database to database as consumers do, inbox first, until it is left; failures are kept."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.rounds = 0
        self.failed: list[Exception] = []
        self._urls = urls
        self._stopping = Event()
        self._thread = Thread(target=self._hand)

    def __enter__(self) -> "Handing":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _hand(self) -> None:
        with ExitStack() as stack:
            connections = [stack.enter_context(closing(_opened(self._urls[name]))) for name in NAMES]
            for connection in connections:
                connection.execute("SET synchronous_commit = off")  # faster: a moment that leaks is seen sooner
            try:
                while not self._stopping.is_set():
                    for connection in connections:
                        with connection.transaction():
                            connection.execute(_RECEIVE)
                            connection.execute(_ANNOUNCE)
                    self.rounds += 1
            except psycopg.Error as error:
                self.failed.append(error)


def _counted(view: DatabaseView) -> list[int]:
    with closing(psycopg.connect(plain(view.url))) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute(f"SET TRANSACTION SNAPSHOT '{view.snapshot}'")
        return [row[0] for row in connection.execute(_COUNT)]


def test_no_reader_is_ahead_of_its_announcer(urls: Mapping[str, str]) -> None:
    """What is committed first in one database and then in the next is never seen in the next alone; nobody fails."""
    seen = []
    with Handing(urls) as handing:
        while handing.rounds < 300 and not handing.failed:
            with one_moment(urls) as views:
                seen.append([number for view in views for number in _counted(view)])
    assert [numbers for numbers in seen if numbers != sorted(numbers, reverse=True)] == []
    assert max(numbers[0] - numbers[-1] for numbers in seen) <= 1
    assert handing.failed == []


@contextmanager
def _waiting_for(urls: Mapping[str, str], service: str) -> Iterator["Future[list[list[int]]]"]:
    """The block runs while the moment waits for a transaction of `service`; then the counts of all views come."""
    with ThreadPoolExecutor(1) as pool:
        counts = pool.submit(_counts_at_a_moment, urls)
        with closing(_opened(urls[service])) as watching:
            eventually(lambda: watching.execute(_WAITS).fetchone(), "the moment waits", 25)
        yield counts


def _counts_at_a_moment(urls: Mapping[str, str]) -> list[list[int]]:
    with one_moment(urls, hold=30) as views:
        return [_counted(view) for view in views]


def test_the_locks_are_held_together(urls: Mapping[str, str]) -> None:
    """While the last database is waited for, no event moves in the first; what was waited for is in the view."""
    with closing(psycopg.connect(plain(urls["reader"]))) as open_one, closing(_opened(urls["announcer"])) as other:
        open_one.execute(_ANNOUNCE)
        (_received, before) = (row[0] for row in other.execute(_COUNT).fetchall())
        with _waiting_for(urls, "reader") as counts:
            other.execute("SET lock_timeout = 200")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(_ANNOUNCE)
            open_one.commit()
        received, announced = open_one.execute(_COUNT).fetchall()
    assert counts.result()[0][1] == before
    assert counts.result()[2] == [received[0], announced[0]]


def test_a_consumer_at_work_is_not_locked_out(urls: Mapping[str, str]) -> None:
    """Who has entered an event into the inbox goes on to the outbox at once: the moment waits, not the consumer."""
    with closing(psycopg.connect(plain(urls["between"]))) as consumer:
        consumer.execute("SET lock_timeout = 200")
        consumer.execute(_RECEIVE)
        with _waiting_for(urls, "between") as counts:
            consumer.execute(_ANNOUNCE)
            consumer.commit()
        assert counts.result()[1] == [row[0] for row in consumer.execute(_COUNT)]


def test_a_dump_is_of_the_moment(urls: Mapping[str, str]) -> None:
    """What is committed after the moment is not in the dump that is made after it."""
    copy = fresh_database(ask("postgres"))
    with one_moment(urls) as views:
        view = views[0]
        before = _counted(view)
        with closing(_opened(view.url)) as connection:
            connection.execute(_ANNOUNCE)
        postgres_programs.load(copy, view.server, view.pieces())
    with closing(_opened(copy)) as connection:
        assert [row[0] for row in connection.execute(_COUNT)] == before
    assert view.schema == 3


def test_events_held_for_long_are_not_waited_for_without_end(urls: Mapping[str, str]) -> None:
    """A transaction with events that does not end: refused, and the other databases are free again."""
    with closing(psycopg.connect(plain(urls["reader"]))) as long:
        long.execute(_ANNOUNCE)
        with pytest.raises(Refused) as refused, one_moment(urls, hold=0.1, tries=2):
            pass
        with closing(_opened(urls["announcer"])) as connection:
            connection.execute("SET lock_timeout = '60s'")  # the server lets go of its locks a moment later
            connection.execute(_ANNOUNCE)
    assert refused.value.code == "busy"


def test_a_database_that_is_being_migrated_is_not_copied(urls: Mapping[str, str]) -> None:
    """A backup waits for no migration, and is of no half of one."""
    with closing(_opened(urls["between"])) as migrating:
        migrating.execute("SELECT pg_advisory_lock(%s)", [0x616E6368])
        with pytest.raises(Refused) as refused, one_moment(urls):
            pass
    assert refused.value.code == "migrating"


def test_a_database_that_is_away_is_named(urls: Mapping[str, str]) -> None:
    """The message names the service, never the address."""
    away = dict(urls) | {"reader": urls["reader"] + "_gone"}
    with pytest.raises(Refused) as refused, one_moment(away):
        pass
    assert "reader" in str(refused.value) and "_gone" not in str(refused.value)


def _program(folder: Path, version: int, does: str = "") -> Path:
    file = folder / str(version) / "bin" / "pg_dump"
    file.parent.mkdir(parents=True)
    file.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) {version}.4" && exit\n{does}\n')
    file.chmod(0o755)
    return file


def test_the_program_of_the_servers_version_is_taken(tmp_path: Path) -> None:
    """The same major version, else the next newer: a much newer one writes what an older server does not read."""
    same, newer = _program(tmp_path, 96), _program(tmp_path, 98)
    assert postgres_programs.find("pg_dump", 96, tmp_path) == same
    assert postgres_programs.find("pg_dump", 97, tmp_path) == newer


def test_a_program_older_than_the_server_is_refused(tmp_path: Path) -> None:
    """pg_dump does not read a newer server: the message says which package is needed."""
    _program(tmp_path, 96)
    with pytest.raises(Refused, match="newest installed: 96.*postgresql-client-99"):
        postgres_programs.find("pg_dump", 99, tmp_path)


def test_a_machine_without_the_program_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the server's address is known, its client may be missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="install postgresql-client-15"):
        postgres_programs.find("pg_dump", 15, tmp_path)


def test_no_password_is_on_a_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody on the machine reads those; the program has it from its environment."""
    folder = _program(tmp_path, 98, 'echo "$@"; echo "in the environment: $PGPASSWORD"').parent
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    said = b"".join(postgres_programs.dump("postgresql+psycopg://me:s3cret@host:1/db", 98, "1-1")).decode()
    assert "me@host:1/db" in said and "in the environment: s3cret" in said
    assert said.count("s3cret") == 1


def test_what_a_program_says_is_cut_to_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first line is told; what follows may quote rows."""
    folder = _program(tmp_path, 98, 'echo "error: no" >&2; echo "Key (phone)=(13900001234)" >&2; exit 1').parent
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    with pytest.raises(Refused) as refused:
        list(postgres_programs.dump("postgresql+psycopg://me@host/db", 98, "1-1"))
    assert "error: no" in str(refused.value) and "139" not in str(refused.value)
