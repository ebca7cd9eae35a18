"""Health, the standing clock, and what is measured."""

from datetime import UTC, datetime

import pytest

from chassis.clock import SystemClock
from chassis.web import Check
from tests.chassis.web.house import MORNING, House, build, build_on, problem


def test_living_and_ready(either_house: House) -> None:
    """A process with its database lives and is ready, and says so to anyone."""
    assert either_house.ask("GET", "/health/live", who=None).get_json() == {"status": "live"}
    ready = either_house.ask("GET", "/health/ready", who=None)
    assert ready.status_code == 200
    assert ready.get_json() == {"ready": True, "checks": [{"name": "database", "ok": True}]}


def test_why_it_is_not_ready(sqlite_url: str) -> None:
    """Each check that fails gives its reason, in words where there are some; what is not essential only warns."""

    def stumble() -> str | None:
        raise ConnectionError("secret address")

    checks = (
        Check("bus", lambda: "database_away"),
        Check("disk", stumble),
        Check("age", lambda: "too old", essential=False),
    )
    answer = build(sqlite_url, checks=checks).ask("GET", "/health/ready", who=None)
    assert answer.status_code == 503
    reasons = {check["name"]: check.get("reason") for check in answer.get_json()["checks"]}
    assert reasons == {"database": None, "bus": "数据库没有应答", "disk": "disk: ConnectionError", "age": "too old"}


def test_what_only_warns(sqlite_url: str) -> None:
    """A warning alone leaves the process ready."""
    checks = (Check("age", lambda: "too old", essential=False),)
    answer = build(sqlite_url, checks=checks).ask("GET", "/health/ready", who=None)
    assert (answer.status_code, answer.get_json()["ready"]) == (200, True)


@pytest.mark.parametrize("moved", ["2026-03-09T09:00:00+08:00", "2020-01-01T00:00:00Z", "2026-03-02T01:00:00.5Z"])
def test_the_standing_clock_is_moved(house: House, moved: str) -> None:
    """A clock that stands is moved forwards and backwards, and what is written afterwards bears its time."""
    answer = house.ask("PUT", "/health/clock", who=None, json={"now": moved})
    instant = datetime.fromisoformat(moved).astimezone(UTC)
    assert datetime.fromisoformat(answer.get_json()["now"]) == instant
    assert datetime.fromisoformat(house.ask("GET", "/health/clock", who=None).get_json()["now"]) == instant
    note = house.ask("POST", "/api/v1/notes", json={"text": "a"}).get_json()
    assert datetime.fromisoformat(note["written_at"]) == instant


@pytest.mark.parametrize("now", ["2026-03-09T09:00:00", "yesterday", "", None, 5, "2026-13-01T00:00:00Z"])
def test_where_a_clock_cannot_stand(house: House, now: object) -> None:
    """What is no instant with its offset gets 422, and the clock stays."""
    body = problem(house.ask("PUT", "/health/clock", who=None, json={"now": now}), 422, "invalid")
    assert body["errors"][0]["field"] == "now"
    assert house.database.clock.now() == MORNING


def test_a_running_clock_cannot_be_moved(house: House) -> None:
    """Without a standing clock there is no such address."""
    house.database.clock = SystemClock()
    running = build_on(house.database)
    answer = running.ask("PUT", "/health/clock", who=None, json={"now": "2026-03-09T09:00:00Z"})
    problem(answer, 404, "not_found")


def test_requests_are_counted_by_route(house: House) -> None:
    """Metrics count and time requests by the template of their path: no id ever becomes a label."""
    house.ask("GET", "/api/v1/notes/some-id")
    house.ask("GET", "/api/v1/notes/other-id?secret=1")
    answer = house.ask("GET", "/metrics", who=None)
    labels = 'method="GET",route="/api/v1/notes/<note_id>",service="notes",status="404"'
    assert f"http_requests_total{{{labels}}} 2.0" in answer.text
    assert "http_request_seconds_bucket" in answer.text
    assert "some-id" not in answer.text
    assert answer.content_type.startswith("text/plain")
