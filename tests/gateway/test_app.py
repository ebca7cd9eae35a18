"""The gateway as a whole."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.texts import Texts
from chassis.web import IdentitySigner
from chassis.web.problems import codes_without_text
from gateway.app import SERVICE
from gateway.limits import Counts, Rate, TooManyRequests
from gateway.office import Options
from gateway.routing.table import in_process
from tests.gateway.company import Company
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.echo import Echo

_SECURITY = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Request-Id",
)


@pytest.mark.parametrize(
    "path", ["/health/live", "/api/v1/auth/me", "/api/v1/reception/halls", "/api/v1/events", "/nothing", "/metrics"]
)
def test_security_headers(door: Door, path: str) -> None:
    """Every answer carries the security headers, a refusal too, and each once."""
    for answer in (door.client().get(path), door.as_("manager", "GET", path)):
        assert [name for name in _SECURITY if len(answer.headers.getlist(name)) != 1] == []


def test_only_https(database: Database, wall: WallClock, company: Company) -> None:
    """Where people come by https only, browsers are told to keep to it."""
    door = Door(database, in_process({}), IdentitySigner(KEYS.private_pem), wall, Options(secure_cookie=True))
    assert "max-age" in door.client().get("/health/live").headers["Strict-Transport-Security"]


def test_rate(database: Database, wall: WallClock, company: Company, echo: Echo) -> None:
    """Who asks too often is told so, also on the way to a service; others go on."""
    options = Options(rate="3/day")
    door = Door(database, in_process({"reception": echo}), IdentitySigner(KEYS.private_pem), wall, options)
    token = door.token("manager")
    assert [door.ask(token, "GET", "/api/v1/reception/halls").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = door.ask(token, "GET", "/api/v1/events")
    assert (refused.status_code, refused.json["code"], refused.headers["Retry-After"]) == (
        429,
        "too_many_requests",
        "1",
    )
    assert door.as_("salesperson", "GET", "/api/v1/reception/halls").status_code == 200


def test_windows() -> None:
    """A new window counts from nothing."""
    seconds = [0.0]
    rate = Rate("1/second", "memory://")
    rate._counts = Counts(lambda: seconds[0])
    rate.check("a")
    with pytest.raises(TooManyRequests):
        rate.check("a")
    rate.check("b")
    seconds[0] = 1.0
    rate.check("a")


def test_limits_are_said(database: Database, wall: WallClock, company: Company) -> None:
    """With several processes and no common store, health says that each counts for itself."""
    door = Door(database, in_process({}), IdentitySigner(KEYS.private_pem), wall, Options(processes=2))
    ready = door.client().get("/health/ready")
    assert ready.status_code == 200
    assert [check["name"] for check in ready.json["checks"] if not check["ok"]] == ["limits"]


def test_clock(sqlite_url: str, wall: WallClock) -> None:
    """A standing clock is moved through the gateway, and exists only where the clock stands."""
    database = Database(sqlite_url, "gateway", StandingClock(datetime(2026, 3, 2, tzinfo=UTC)))
    door = Door(database, in_process({}), IdentitySigner(KEYS.private_pem), wall, Options())
    moved = door.client().put("/health/clock", json={"now": "2026-03-09T09:00:00+08:00"})
    assert (moved.status_code, database.clock.now()) == (200, datetime(2026, 3, 9, 1, tzinfo=UTC))
    database.close()


def test_no_clock(door: Door) -> None:
    """The machine's clock is nobody's to move."""
    assert door.client().put("/health/clock", json={"now": "2026-03-09T09:00:00+08:00"}).status_code == 404


def test_texts() -> None:
    """Every refusal has its text in both languages."""
    texts = Texts.load(Path(SERVICE.folder) / "texts.toml")
    assert texts.flaws() == []
    assert codes_without_text(SERVICE, texts) == []


@pytest.mark.parametrize(
    ("language", "detail"), [("zh", "用户名或密码不正确。"), ("en", "The username or the password is wrong.")]
)
def test_language(door: Door, language: str, detail: str) -> None:
    """A refusal speaks the language that the asker prefers."""
    assert door.sign_in("nobody", "x", headers={"Accept-Language": language}).json["detail"] == detail
