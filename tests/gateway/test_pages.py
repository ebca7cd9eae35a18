"""The pages without a browser: what shows when a part is away, and what an answer forbids the browser."""

import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.web import IdentitySigner
from gateway.office import Options
from gateway.pages.sheet import COLUMNS
from gateway.routing.rules import ServiceDown
from gateway.routing.table import Routes
from gateway.routing.transport import Answer, Outgoing, Transport
from tests.gateway.company import PASSWORD
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock

BOARD: dict[str, Any] = {
    "hall_id": "h1",
    "name": "东厅",
    "local_day": "2026-03-02",
    "time_zone": "Asia/Shanghai",
    "line_version": 1,
    "a": "p1",
    "b": None,
    "line": [
        {
            "staff_id": "p1",
            "name": "甲<b>",
            "on_duty": True,
            "state": "free",
            "is_ready": False,
            "reception": None,
            "waits_about": 0,
        }
    ],
    "waiting": [],
    "out": [],
    "today": {"arrivals": 3, "completed": 1},
    "non_buyers": ["same_trade"],
    "out_reasons": [{"reason": "meal", "zh": "用餐", "en": "Meal"}],
}


class _Reception:
    """A reception with one hall."""

    def send(self, outgoing: Outgoing) -> Answer:
        body = BOARD if outgoing.path.endswith("/board") else {"items": [{"hall_id": "h1", "name": "东厅"}]}
        return Answer(200, [], [json.dumps(body).encode()])


class Away:
    """A service that cannot be reached."""

    def send(self, outgoing: Outgoing) -> Answer:
        raise ServiceDown(outgoing.path.split("/")[3])


def _opened(
    database: Database, wall: WallClock, reception: Transport, path: str, reporting: Transport | None = None
) -> TestResponse:
    routes = Routes({"reception": reception, "reporting": reporting or Away()})
    client = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options()).client()
    client.post("/sign-in", data={"username": "manager", "password": PASSWORD})
    return client.get(path)


def test_the_board_shows_without_reporting(database: Database, wall: WallClock) -> None:
    """With reporting away the hall shows, says so, and gives the numbers that reception knows."""
    page = _opened(database, wall, _Reception(), "/")
    assert page.status_code == 200
    assert "东厅" in page.text and "统计服务暂时无法连接" in page.text
    assert re.findall(r"<dd>(\d+)</dd>", page.text) == ["3", "1"]


def test_the_page_stands_without_reception(database: Database, wall: WallClock) -> None:
    """With reception away the page says so and stays, so that it comes back by itself."""
    page = _opened(database, wall, Away(), "/halls/h1")
    assert page.status_code == 200
    assert "接待服务暂时无法连接" in page.text and 'id="board"' in page.text


def test_the_sheet_says_that_reporting_is_away(database: Database, wall: WallClock) -> None:
    """With reporting away the sheet says so, and its form stays."""
    page = _opened(database, wall, _Reception(), "/sheet")
    assert page.status_code == 200
    assert "统计服务暂时无法连接" in page.text and 'name="from"' in page.text


class _Reporting:
    """A sheet of one row, whose customer was erased."""

    def send(self, outgoing: Outgoing) -> Answer:
        row = dict.fromkeys(COLUMNS) | {"code": "A001", "erased": True, "method": "电话"}
        body = {"closed_deals": 0, "rows": [row], "undated": [], "undated_count": 0}
        return Answer(200, [], [json.dumps(body).encode()])


def test_the_sheet_calls_an_erased_customer_so(database: Database, wall: WallClock) -> None:
    """Where the name stood the sheet says that the customer was erased; the rest of the row stays."""
    page = _opened(database, wall, _Reception(), "/sheet", _Reporting()).text
    assert "已删除的客户" in page and "A001" in page and "电话" in page


def test_names_are_text(database: Database, wall: WallClock) -> None:
    """A name with angle brackets is shown as it is written."""
    assert "甲&lt;b&gt;" in _opened(database, wall, _Reception(), "/").text


def test_a_page_runs_only_what_it_names(database: Database, wall: WallClock) -> None:
    """Scripts and styles run by a nonce that is new with each answer; nothing inline, nothing from elsewhere."""
    pages = [_opened(database, wall, _Reception(), "/") for _ in range(2)]
    policies = [page.headers["Content-Security-Policy"] for page in pages]
    assert policies[0] != policies[1]
    assert "default-src 'none'" in policies[0] and "unsafe" not in policies[0] and "http" not in policies[0]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policies[0])
    assert nonce is not None
    assert set(re.findall(r'nonce="([^"]+)"', pages[0].text)) == {nonce.group(1)}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sheet",
        "/halls/h1",
        "/halls/h1/arrival",
        "/halls/h1/board",
        "/halls/h1/receptions/r1/complete",
        "/halls/h1/receptions/r1/not-buying",
    ],
)
def test_strangers_are_shown_the_door(door: Door, path: str) -> None:
    """Who is not signed in is led to the door, and back to the page afterwards."""
    answer = door.client().get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("path", "accepts", "kind"),
    [
        ("/castomers", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("/castomers", "*/*", "application/problem+json"),
        ("/api/v1/castomers", "text/html,*/*;q=0.8", "application/problem+json"),
    ],
)
def test_an_address_under_which_nothing_stands(door: Door, path: str, accepts: str, kind: str) -> None:
    """A mistyped address is told in a page, with a way back, to who reads pages; the API's answers stay the API's."""
    answer = door.client().get(path, headers={"Accept": accepts})
    assert (answer.status_code, answer.mimetype) == (404, kind)
    if kind == "text/html":
        assert 'href="/"' in answer.text and "nonce-" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "act",
    [
        "arrivals",
        "clock-in",
        "clock-out",
        "look-ups",
        "receptions/r1/complete",
        "receptions/r1/greet",
        "receptions/r1/not-buying",
        "receptions/r1/take-over",
        "receptions/r1/witness",
    ],
)
def test_acts_need_the_proof(database: Database, wall: WallClock, act: str) -> None:
    """A form without the session's proof does nothing."""
    routes = Routes({"reception": _Reception(), "reporting": Away()})
    client = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options()).client()
    client.post("/sign-in", data={"username": "manager", "password": PASSWORD})
    assert client.post(f"/halls/h1/{act}", data={"key": "abcdefgh"}).status_code == 403
