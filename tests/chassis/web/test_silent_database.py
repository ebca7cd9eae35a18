"""A database that breaks its connections, or is up and does not answer."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from deploy.demo.client import eventually
from tests.chassis.web.house import House, build, problem
from tests.chassis.web.line import Line


@pytest.fixture
def line(postgres_url: str) -> Iterator[Line]:
    """A line to the database that can fall silent."""
    made = Line(make_url(postgres_url).port or 5432)
    yield made
    made.close()


@pytest.fixture
def distant(postgres_url: str, line: Line) -> Iterator[House]:
    """The notes service at the other end of the line."""
    url = make_url(postgres_url).set(host="127.0.0.1", port=line.port)
    house = build(url.render_as_string(hide_password=False))
    yield house
    line.speak_again()
    house.database.close()


def test_broken_connections_are_replaced(distant: House, line: Line) -> None:
    """After all connections broke, the next request has a new one and nobody notices."""
    answers = distant.at_once(8, lambda number: distant.ask("POST", "/api/v1/notes", json={"text": f"{number}"}))
    assert {answer.status_code for answer in answers} == {201}
    line.cut()
    for _ in range(3):
        assert distant.ask("GET", "/api/v1/notes").status_code == 200


def test_a_silent_database_is_told_within_five_seconds(distant: House, line: Line) -> None:
    """Up and silent means 503 within five seconds, for reads and writes; once it speaks again, they work.

    Who is kept from running meanwhile is asked again: the bound is the service's and not the machine's.
    """
    assert distant.ask("POST", "/api/v1/notes", json={"text": "a"}).status_code == 201
    line.fall_silent()
    eventually(lambda: _seconds_until_told(distant) < 5 or None, "an answer within five seconds", 60)
    line.speak_again()
    assert distant.ask("GET", "/api/v1/notes").status_code == 200
    assert distant.count() == 1


def _seconds_until_told(distant: House) -> float:
    began = time.monotonic()
    answers = distant.at_once(
        4,
        lambda number: (
            distant.ask("GET", "/api/v1/notes")
            if number % 2
            else distant.ask("POST", "/api/v1/notes", json={"text": f"b{number}"})
        ),
    )
    took = time.monotonic() - began
    for answer in answers:
        problem(answer, 503, "database_away")
    return took
