"""Problems: in whose language, with which facts, and from what a database says."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from chassis.database import Database, DatabaseBusy
from chassis.web.app import TEXTS
from chassis.web.database_trouble import trouble_of
from chassis.web.problems import OF_HTTP, TABLE, code_of, codes_without_text
from tests.chassis.web import notes
from tests.chassis.web.house import House, build, build_on, problem


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "zh"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9", "zh"),
        ("zh-TW", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.8", "en"),
        ("fr", "zh"),
        ("fr, en;q=0.5", "en"),
        ("en;q=0.3, zh;q=0.9", "zh"),
        ("*", "zh"),
        ("rubbish;;q=x", "zh"),
    ],
)
def test_the_readers_language(house: House, accepted: str | None, language: str) -> None:
    """A problem is told in the language that is preferred, Chinese by default, and says which it is."""
    headers = {} if accepted is None else {"Accept-Language": accepted}
    answer = house.ask("POST", "/api/v1/notes/red/burn", headers=headers)
    body = problem(answer, 409, "note_burning")
    assert body["detail"] == {"zh": "便签着火了（red）。", "en": "The note burns (red)."}[language]
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_special_case_has_its_own_text(house: House) -> None:
    """An exception's subclass with a text of its own has a code of its own and its parent's status."""
    problem(house.ask("POST", "/api/v1/notes/blue/burn"), 409, "note_burning_blue")


def test_a_problem_without_text_is_still_a_problem(house: House) -> None:
    """A code without a text is answered in general words, and a check finds it."""
    problem(house.ask("POST", "/api/v1/notes/closed/burn"), 503, "service_closed")
    assert codes_without_text(notes.SERVICE, TEXTS) == ["note_burning", "note_missing", "service_closed"]


def test_every_problem_of_the_edge_has_words() -> None:
    """Every code and every status that the edge may answer has texts in both languages."""
    assert TEXTS.flaws() == []
    codes = {code for _status, code in TABLE.values()} | set(OF_HTTP.values()) | {"internal", "refused"}
    codes |= {"somebody_was_faster", "database_away"}
    statuses = {status for status, _code in TABLE.values()} | set(OF_HTTP) | {500}
    wanted = {f"problems.{code}" for code in codes} | {f"titles.{status}" for status in statuses}
    assert wanted <= TEXTS.codes


def test_names_become_codes() -> None:
    """The code is the exception's name in snake_case."""
    kinds = {"NotNextInLine": "not_next_in_line", "DBAway": "db_away", "Gone": "gone", "V2Only": "v2_only"}
    assert {name: code_of(type(name, (Exception,), {})) for name in kinds} == kinds


def test_two_who_write_the_same(either_house: House) -> None:
    """What a unique constraint refuses is told as a conflict, without the row."""
    either_house.ask("POST", "/api/v1/notes", json={"text": "unique words"})
    answer = either_house.ask("POST", "/api/v1/notes", json={"text": "unique words"})
    problem(answer, 409, "somebody_was_faster")
    assert "unique words" not in answer.text


def test_a_database_that_is_not_there() -> None:
    """Without its database a service answers 503 at once and says so in readiness."""
    away = build_on(Database("postgresql+psycopg://nobody:x@127.0.0.1:1/none", "notes"))
    answer = away.ask("GET", "/api/v1/notes")
    problem(answer, 503, "database_away")
    assert answer.headers["Retry-After"]
    problem(
        away.ask("POST", "/api/v1/notes", json={"text": "a"}, headers={"Idempotency-Key": "k"}), 503, "database_away"
    )
    ready = away.ask("GET", "/health/ready", who=None, headers={"Accept-Language": "en"})
    assert ready.status_code == 503
    assert ready.get_json()["checks"] == [
        {"name": "database", "ok": False, "reason": "The database does not answer"},
    ]


def test_a_writer_who_waits_too_long(sqlite_url: str) -> None:
    """When no turn to write comes, the answer is 503 with Retry-After."""
    house = build(sqlite_url)
    house.database.patience = 0.01
    with house.database.write():
        answer = house.ask("POST", "/api/v1/notes", json={"text": "a"})
    problem(answer, 503, "database_busy")
    assert answer.headers["Retry-After"] == "1"
    assert DatabaseBusy in TABLE


def test_who_gets_no_connection_in_time_is_told(postgres_url: str) -> None:
    """When every connection is taken the answer is the same, in words, whatever the library calls its error."""
    database = Database(postgres_url, "notes", pool_size=1, patience=0.01)
    with database.read(), database.read():
        answer = build_on(database).ask("GET", "/api/v1/notes", headers={"Accept-Language": "en"})
    database.close()
    assert problem(answer, 503, "database_busy")["detail"] == TEXTS.say("problems.database_busy", "en")
    assert answer.headers["Retry-After"] == "1"


class _Psycopg(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


class _Sqlite(sqlite3.Error):
    def __init__(self, code: int) -> None:
        self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (_Psycopg("40001"), (503, "database_busy")),
        (_Psycopg("40P01"), (503, "database_busy")),
        (_Psycopg("55P03"), (503, "database_busy")),
        (_Psycopg("57P01"), (503, "database_away")),
        (_Psycopg("53300"), (503, "database_away")),
        (_Psycopg("53100"), (503, "disk_full")),
        (_Psycopg("08006"), (503, "database_away")),
        (_Psycopg("23505"), (409, "somebody_was_faster")),
        (_Psycopg("23502"), (500, "internal")),
        (_Psycopg("42P01"), (500, "internal")),
        (_Psycopg(None), (500, "internal")),
        (_Sqlite(sqlite3.SQLITE_BUSY), (503, "database_busy")),
        (_Sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), (503, "database_busy")),
        (_Sqlite(sqlite3.SQLITE_FULL), (503, "disk_full")),
        (_Sqlite(sqlite3.SQLITE_IOERR), (503, "database_away")),
        (_Sqlite(sqlite3.SQLITE_CANTOPEN), (503, "database_away")),
        (_Sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE), (409, "somebody_was_faster")),
        (_Sqlite(sqlite3.SQLITE_CONSTRAINT_NOTNULL), (500, "internal")),
        (_Sqlite(sqlite3.SQLITE_ERROR), (500, "internal")),
    ],
)
def test_what_a_databases_error_means(origin: Any, expected: tuple[int, str]) -> None:
    """Each family of database errors is told apart: try again, somebody was faster, our own mistake."""
    error: DBAPIError = OperationalError("select", {}, origin)
    assert trouble_of(error) == expected
