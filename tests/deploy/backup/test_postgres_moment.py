"""One moment of several PostgreSQL databases in use, and the programs that copy them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
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
from deploy.distributed.private_postgres import drop_database, fresh_database
from tests.ground import ask

pytestmark = pytest.mark.system
NAMES = ("announcer", "between", "reader")
METADATA = furnish(MetaData())
_ANNOUNCE = "INSERT INTO outbox (id, type, body, recorded_at) VALUES (gen_random_uuid(), 'a', '', now())"
_RECEIVE = "INSERT INTO inbox (source, event_id, received_at) VALUES ('a', gen_random_uuid(), now())"
_COUNT = "SELECT count(*) FROM inbox UNION ALL SELECT count(*) FROM outbox"


@pytest.fixture(scope="module")
def urls() -> Iterator[Mapping[str, str]]:
    """Three databases with the tables that every service has."""
    server = ask("postgres")
    with ExitStack() as stack:
        urls = {name: fresh_database(server) for name in NAMES}
        for url in urls.values():
            stack.callback(drop_database, server, url)
            engine = create_engine(url)
            METADATA.create_all(engine)
            engine.dispose()
            with closing(_opened(url)) as connection:
                connection.execute("INSERT INTO schema_serves VALUES (1, 3, 1)")
        yield urls


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
        while handing.rounds < 40 and not handing.failed:
            with one_moment(urls) as views:
                seen.append([number for view in views for number in _counted(view)])
    assert [numbers for numbers in seen if numbers != sorted(numbers, reverse=True)] == []
    assert max(numbers[0] - numbers[-1] for numbers in seen) <= 1
    assert handing.failed == []


def test_a_dump_is_of_the_moment(urls: Mapping[str, str]) -> None:
    """What is committed after the moment is not in the dump that is made after it."""
    server = ask("postgres")
    copy = fresh_database(server)
    try:
        with one_moment(urls) as views:
            view = views[0]
            before = _counted(view)
            with closing(_opened(view.url)) as connection:
                connection.execute(_ANNOUNCE)
            postgres_programs.load(copy, view.server, view.pieces())
        with closing(_opened(copy)) as connection:
            assert [row[0] for row in connection.execute(_COUNT)] == before
        assert view.schema == 3
    finally:
        drop_database(server, copy)


def test_events_held_for_long_are_not_waited_for_without_end(urls: Mapping[str, str]) -> None:
    """A transaction with events that does not end: refused, and the other databases are free again."""
    with closing(psycopg.connect(plain(urls["reader"]))) as long:
        long.execute(_ANNOUNCE)
        with pytest.raises(Refused) as refused, one_moment(urls, hold=0.1, tries=2):
            pass
        with closing(_opened(urls["announcer"])) as connection:
            connection.execute("SET lock_timeout = 100")
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
    with pytest.raises(Refused, match="postgresql-client-99"):
        postgres_programs.find("pg_dump", 99, tmp_path)


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
