"""What storing alone costs: the rows that an import has left, once more into empty tables, and nothing decided.

As the drivers do it best: executemany into a file, COPY into PostgreSQL, some rows of each table a transaction.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import make_url

from chassis.database import Database
from deploy.backup.postgres_programs import plain
from services.customers.app import SERVICE
from services.customers.finding.index import words
from services.customers.finding.rules import grams_of

_GRAMS = "finding_grams"  # SQLite's index keeps no text to be read back
Rows = Mapping[str, Sequence[Any]]


def stored_bare(url: str, empty_url: str, count: int, at_once: int) -> float:
    """Seconds for all rows of the tables that an import of `count` rows has filled, `at_once` of them a commit."""
    with closing(Database(empty_url, "customers")) as database:
        SERVICE.metadata.create_all(database.engine)
    names = [table.name for table in SERVICE.metadata.sorted_tables]
    store = _into_file if make_url(url).get_backend_name() == "sqlite" else _into_postgres
    return store(url, empty_url, names, (count, at_once))


def _into_file(url: str, empty_url: str, names: Sequence[str], size: tuple[int, int]) -> float:
    with closing(_file(url)) as full, closing(_file(empty_url)) as empty:
        rows: dict[str, Sequence[Any]] = {name: full.execute(f"SELECT * FROM {name}").fetchall() for name in names}
        texts = full.execute("SELECT n, texts || phones FROM finding").fetchall()
        rows[_GRAMS] = [(n, words(grams_of(text.splitlines()))) for n, text in texts]

        def write(name: str, some: Sequence[Any]) -> None:
            into = f"{name} (rowid, grams)" if name == _GRAMS else name
            empty.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(some[0]))})", some)

        return _timed(rows, size, write, empty.execute)


def _file(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(make_url(url).database or "", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _into_postgres(url: str, empty_url: str, names: Sequence[str], size: tuple[int, int]) -> float:
    with psycopg.connect(plain(url)) as full, psycopg.connect(plain(empty_url), autocommit=True) as empty:
        rows = {name: _lines(full, name) for name in names}

        def write(name: str, some: Sequence[Any]) -> None:
            with empty.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                copy.write(b"".join(some))

        return _timed(rows, size, write, lambda word: empty.execute(word.encode()))


def _lines(connection: "psycopg.Connection[Any]", name: str) -> Sequence[bytes]:
    with connection.cursor().copy(f"COPY {name} TO STDOUT") as copy:
        return b"".join(bytes(part) for part in copy).splitlines(keepends=True)


def _timed(
    rows: Rows, size: tuple[int, int], write: Callable[[str, Sequence[Any]], None], say: Callable[[str], Any]
) -> float:
    """The few rows of a company come first, and are not counted."""
    count, at_once = size
    filled = {name: all_of for name, all_of in rows.items() if len(all_of) > count / 2}
    for name in (name for name in rows if name not in filled and rows[name]):
        write(name, rows[name])
    began = perf_counter()
    for lot in _lots(filled, -(-count // at_once)):
        say("BEGIN")
        for name, some in lot.items():
            write(name, some)
        say("COMMIT")
    return perf_counter() - began


def _lots(rows: Rows, number: int) -> Iterator[dict[str, Sequence[Any]]]:
    for lot in range(number):
        parts = {
            name: all_of[lot * len(all_of) // number : (lot + 1) * len(all_of) // number]
            for name, all_of in rows.items()
        }
        yield {name: part for name, part in parts.items() if part}
