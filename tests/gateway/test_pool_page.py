"""The page of the pool without a browser: what it asks of customers, and what it shows of the answers."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.web import IdentitySigner
from gateway.office import Options
from gateway.routing.table import Routes
from gateway.routing.transport import Answer, Outgoing
from gateway.sign_in.doorkeeper import COOKIE
from gateway.sign_in.rules import csrf_proof
from tests.gateway.company import PASSWORD
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.test_pages import Away

_ONE, _DRAW = "01a219fa-dfba-7510-a000-b4538f85cd88", "01a219fa-dfba-7510-a000-b4538f85cd89"
_CUSTOMER = {
    "customer_id": _ONE,
    "code": "A007",
    "name": "王<b>",
    "customer_type": None,
    "grade": "A",
    "province": None,
    "city": "杭州",
    "district": "滨江",
    "local_day": "2026-03-02",
    "cooling_off_until": "2026-04-01",
}
_NEXT = {"in_pool": 1, "held": 3, "drawn_today": 1, "hold_at_most": 200, "draw_daily": 10, "draw_batch": 5}
_DONE = {
    "draw_id": _DRAW,
    "drawn_at": "2026-03-02T01:00:00+00:00",
    "commitment": "c0ffee" * 10,
    "seed": "5eed" * 16,
    "given": [_ONE],
    "limited_by": [{"code": "pool", "text": "已抽完"}],
}
_WARNED = {"code": "A009", "name": "李四", "text": "将于 2026-05-02 自动回到公海"}


_ASKED = {
    "application_id": _ONE,
    "code": "A011",
    "applicant_name": "赵六",
    "reason": "老邻居",
    "state": "open",
    "answer": None,
}


class _Customers:
    """Answers by path, and keeps what it was told."""

    def __init__(self) -> None:
        self.refuses: dict[str, Any] | None = None
        self.told: list[tuple[str, Any]] = []

    def send(self, outgoing: Outgoing) -> Answer:
        path = outgoing.path.removeprefix("/api/v1/customers/")
        if outgoing.method == "POST":
            assert isinstance(outgoing.body, bytes)
            self.told.append((path, json.loads(outgoing.body)))
            return self._answer(409, self.refuses) if self.refuses else self._answer(201, _DONE)
        lists = {"pool": [_CUSTOMER], "going-back": [_WARNED], "applications": [_ASKED]}
        if path in lists:
            return self._answer(200, {"items": lists[path], "next_after": None})
        return self._answer(200, {"draws/next": _NEXT, f"draws/{_DRAW}": _DONE}.get(path, {**_CUSTOMER, "phone": None}))

    def _answer(self, status: int, body: Any) -> Answer:
        return Answer(status, [], [json.dumps(body).encode()])


@pytest.fixture
def customers() -> _Customers:
    return _Customers()


def _client(database: Database, wall: WallClock, customers: Any, username: str = "salesperson") -> FlaskClient:
    routes = Routes({"customers": customers, "reception": Away(), "reporting": Away()})
    client = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options()).client()
    client.post("/sign-in", data={"username": username, "password": PASSWORD})
    return client


def _sent(client: FlaskClient, path: str, form: dict[str, str]) -> TestResponse:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return client.post(path, data=form | {"csrf_token": csrf_proof(cookie.value), "key": "abcdefgh"})


def test_the_pool_shows_what_may_be_drawn(database: Database, wall: WallClock, customers: _Customers) -> None:
    """The customers, what the reader may draw, until when they wait, and who is about to go back."""
    page = _client(database, wall, customers).get("/pool")
    assert page.status_code == 200
    for shown in ("A007", "王&lt;b&gt;", "杭州滨江", "2026-04-01", "1 / 10", "3 / 200", "A009", "2026-05-02"):
        assert shown in page.text


def test_a_draw_is_told_with_what_checks_it(database: Database, wall: WallClock, customers: _Customers) -> None:
    """The number goes on to customers; afterwards the page names who was drawn, the seed and the commitment."""
    client = _client(database, wall, customers)
    answer = _sent(client, "/pool/draws", {"wanted": "3"})
    assert (answer.status_code, customers.told) == (303, [("draws", {"wanted": 3})])
    page = client.get(answer.location)
    for shown in ("A007", "5eed", "c0ffee", "已抽完", "客户已归您"):
        assert shown in page.text


def test_a_refusal_stands_on_the_page(database: Database, wall: WallClock, customers: _Customers) -> None:
    """Why nothing was drawn or applied for is said in the service's words, and the page stays."""
    customers.refuses = {"detail": "今天已领取 10 位"}
    client = _client(database, wall, customers)
    for path, form in (("draws", {"wanted": "x"}), ("applications", {"customer_id": _ONE, "reason": " 认识 "})):
        answer = _sent(client, f"/pool/{path}", form)
        assert answer.status_code == 409
        assert "今天已领取 10 位" in answer.text and "A007" in answer.text
    assert customers.told == [("draws", {"wanted": 0}), ("applications", {"customer_id": _ONE, "reason": "认识"})]


def test_a_manager_decides_on_applications(database: Database, wall: WallClock, customers: _Customers) -> None:
    """Who applied for which customer and why; the decision goes on with its reason. A salesperson only reads."""
    mine = _client(database, wall, customers).get("/pool").text
    assert "A011" in mine and "/decision" not in mine
    manager = _client(database, wall, customers, "manager")
    for shown in ("A011", "赵六", "老邻居", "待审批"):
        assert shown in manager.get("/pool").text
    path = f"applications/{_ONE}/decision"
    assert _sent(manager, f"/pool/{path}", {"approved": "yes", "reason": ""}).status_code == 303
    assert _sent(manager, f"/pool/{path}", {"approved": "no", "reason": "在跟"}).status_code == 303
    assert customers.told == [(path, {"approved": True}), (path, {"approved": False, "reason": "在跟"})]


def test_who_only_reads_has_nothing_to_press(database: Database, wall: WallClock, customers: _Customers) -> None:
    """An auditor sees the pool without drawing or applying; with customers away the page says so."""
    page = _client(database, wall, customers, "auditor").get("/pool")
    assert "A007" in page.text and "/pool/draws" not in page.text and "/pool/applications" not in page.text
    away = _client(database, wall, Away()).get("/pool")
    assert (away.status_code, "客户服务暂时无法连接" in away.text) == (200, True)
