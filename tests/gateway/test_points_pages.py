"""Points on the pages: where the company keeps them what they show and send on; where not, no trace."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.database import Database
from chassis.web import IdentitySigner
from gateway.identity.rules import PERMISSIONS
from gateway.office import Options
from gateway.routing.table import Routes
from gateway.routing.transport import Answer, Outgoing
from tests.gateway.company import PASSWORD
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.test_customer_pages import SAYS
from tests.gateway.test_pages import Away
from tests.gateway.told import sent

_LINE = {"points": 12, "text": "成交 <123> 元", "posted_at": "2026-03-02T01:00:00Z", "by_id": None, "note": None}
_RULES = {"on": True, "types_off": ["优质客户"], "deal_points": 1, "deal_per": 1_000_000, "visit_points": 5}
_RULES |= {"referral_points": 50, "by_hand_most": 1000}
_VERSION = {"policy_id": "company", "n": 3, "branch_id": None, "holds_from": "2026-03-02", "reason": "开业"}
_SAYS = SAYS | {
    "/c1/points": {"available": 105, "owed": 0, "latest": [_LINE]},
    "/points-rules/current": {"version": "company-3", "values": _RULES},
    "/points-rules": {"items": [_VERSION | {"made_by": "hq", "made_at": "2026-03-01T01:00:00Z"}]},
}


class _Customers:
    """The customers' service with one customer; keeps what it was told, and refuses it if it is to."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.refuses = False

    def send(self, outgoing: Outgoing) -> Answer:
        path = outgoing.path.removeprefix("/api/v1/customers")
        if outgoing.method == "POST":
            assert isinstance(outgoing.body, bytes)
            self.told.append((path, json.loads(outgoing.body)))
            said: Any = {"detail": "积分不够：现有 105 分可用"} if self.refuses else {}
            return Answer(409 if self.refuses else 201, [], [json.dumps(said).encode()])
        answer = _SAYS.get(path)
        return Answer(200 if answer else 404, [], [json.dumps(answer or {"code": "not_found", "detail": "-"}).encode()])


@pytest.fixture
def customers() -> _Customers:
    return _Customers()


def _door(database: Database, wall: WallClock, customers: _Customers, *, points: bool) -> Door:
    routes = Routes({"customers": customers, "followups": Away(), "reception": Away(), "reporting": Away()})
    return Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options(points=points))


def _client(door: Door, username: str = "manager") -> FlaskClient:
    client: FlaskClient = door.client()
    client.post("/sign-in", data={"username": username, "password": PASSWORD})
    return client


def test_off_leaves_no_trace(database: Database, wall: WallClock, customers: _Customers) -> None:
    """No page, no entry in the menu, no part of a customer, no permission, nothing in OpenAPI; unknown paths."""
    door = _door(database, wall, customers, points=False)
    assert [rule.rule for rule in door.app.url_map.iter_rules() if "points" in rule.rule] == []
    assert [name for name in PERMISSIONS if "points" in name] == []
    client = _client(door, "headquarters")
    for path in ("/customers/c1", "/office", "/api/v1/whole-customers/c1"):
        page = client.get(path).text
        assert [word for word in ("积分", "points") if word in page] == []
    document = client.get("/api/v1/openapi.json").get_json()
    schemas = {name: one for name, one in document["components"]["schemas"].items() if name.startswith("customers.")}
    paths = {path: one for path, one in document["paths"].items() if path.startswith("/api/v1/customers")}
    assert "points" not in json.dumps([schemas, paths]).lower() and "积分" not in json.dumps(
        document, ensure_ascii=False
    )
    unknown = sent(client, "/office/no-such-page", {}), client.get("/office/no-such-page")
    for answer, never in zip((sent(client, "/office/points", {}), client.get("/office/points")), unknown, strict=True):
        assert (answer.status_code, answer.mimetype) == (never.status_code, never.mimetype)
    assert sent(client, "/customers/c1/points/spendings", {}).status_code == unknown[0].status_code == 404
    assert customers.told == []


def test_a_customer_has_points_and_spends_them(database: Database, wall: WallClock, customers: _Customers) -> None:
    """The balance and its last lines, escaped; what is spent or given goes on as typed; a refusal shows."""
    client = _client(_door(database, wall, customers, points=True))
    page = client.get("/customers/c1").text
    for shown in ("可用 105 分", "+12", "成交 &lt;123&gt; 元", "/points/spendings", "/points/by-hand"):
        assert shown in page
    spent = {"points": "20", "reason": "gift", "note": " 雨伞 "}
    assert sent(client, "/customers/c1/points/spendings", spent).location.endswith("/customers/c1?said=points_spent")
    assert sent(client, "/customers/c1/points/by-hand", {"points": "-7", "reason": "mistake"}).status_code == 303
    customers.refuses = True
    refused = sent(client, "/customers/c1/points/spendings", {"points": "x", "reason": "gift"})
    assert (refused.status_code, "积分不够" in refused.text) == (409, True)
    assert customers.told == [
        ("/c1/points/spendings", {"points": 20, "reason": "gift", "note": "雨伞"}),
        ("/c1/points/by-hand", {"points": -7, "reason": "mistake", "note": None}),
        ("/c1/points/spendings", {"points": "x", "reason": "gift", "note": None}),
    ]


def test_rules_are_shown_and_made(database: Database, wall: WallClock, customers: _Customers) -> None:
    """What holds and every version; a new one names every setting, money in cents; a refusal keeps what was typed."""
    client = _client(_door(database, wall, customers, points=True))
    assert "积分规则" in client.get("/office").text
    page = client.get("/office/points").text
    for shown in ("每满 ¥10,000.00 得 1 分", "company-3", "开业", 'name="types_off" value="优质客户" checked'):
        assert shown in page
    typed = {name: str(value) for name, value in _RULES.items() if name not in ("on", "types_off")}
    typed |= {"deal_per": "5000", "on": "yes", "types_off": "一般客户", "holds_from": "2026-03-03", "reason": "改"}
    assert sent(client, "/office/points", typed).status_code == 303
    customers.refuses = True
    refused = sent(client, "/office/points", typed | {"visit_points": "很多"})
    assert (refused.status_code, 'value="很多"' in refused.text) == (409, True)
    (_path, made), (_again, wrong) = customers.told
    assert made["values"] == _RULES | {"deal_per": 500_000, "types_off": ["一般客户"]}
    assert (made["holds_from"], made["reason"], wrong["values"]["visit_points"]) == ("2026-03-03", "改", "很多")


def test_without_own_rules_the_defaults_hold(
    database: Database, wall: WallClock, customers: _Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The company's rule book knows no points: of rules that nobody made the page says that they are the defaults."""
    monkeypatch.setitem(_SAYS, "/points-rules", {"items": [], "next_after": None})
    page = _client(_door(database, wall, customers, points=True)).get("/office/points").text
    assert "以上是默认值" in page and "规则手册" not in page


def test_the_pages_of_points_are_for_those_who_may(database: Database, wall: WallClock, customers: _Customers) -> None:
    """A salesperson reads and posts nothing; a supervisor lets spend, and neither gives by hand nor makes rules."""
    door = _door(database, wall, customers, points=True)
    acts = ("/customers/c1/points/spendings", "/customers/c1/points/by-hand", "/office/points")
    for username, may in (("salesperson", []), ("supervisor", [acts[0]]), ("manager", [*acts])):
        client = _client(door, username)
        assert [path for path in acts if sent(client, path, {}).status_code != 403] == may
        assert [path for path in acts if client.post(path, data={}).status_code != 403] == []
    page = _client(door, "salesperson").get("/customers/c1").text
    assert "可用 105 分" in page and "/points/spendings" not in page


def test_on_openapi_names_them(database: Database, wall: WallClock, customers: _Customers) -> None:
    """Where points are on, the document that is served has their paths, and the part stands with the whole customer."""
    client = _client(_door(database, wall, customers, points=True))
    document = client.get("/api/v1/openapi.json").get_json()
    assert "/api/v1/customers/{customer_id}/points/spendings" in document["paths"]
    assert "customers.Posting" in document["components"]["schemas"]
    assert client.get("/api/v1/whole-customers/c1").get_json()["parts"]["points"]["code"] == "here"
