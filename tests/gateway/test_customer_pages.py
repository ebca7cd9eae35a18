"""The pages of customers without a browser: what shows when a part is away, and that no address holds a name."""

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.web import IdentitySigner
from gateway.office import Options
from gateway.routing.table import Routes
from gateway.routing.transport import Answer, Outgoing, Transport
from gateway.sign_in.rules import csrf_proof
from tests.gateway.company import PASSWORD
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.test_pages import Away
from tests.gateway.test_whole_customer import Saying

FILE: dict[str, Any] = {
    "customer_id": "c1",
    "branch_id": "east",
    "code": "A001",
    "name": "王<b>小明",
    "phone": "138****8000",
    "phones": ["138****8000", "139****9000"],
    "customer_type": "优质客户",
    "grade": "A",
    "key_account": True,
    "company": "三丰贸易",
    "source": "person",
    "owner_id": None,
    "registered_at": "2026-03-02T01:00:00Z",
    "local_day": "2026-03-02",
    "province": "浙江省",
    "city": "杭州市",
    "district": None,
    "industry": None,
    "demand": {"budget": "300万以内"},
    "remarks": None,
    "details": {"f1": ["学区", "地铁"], "f2": True},
    "version": 1,
}
_USED = {"required": False, "retired": False}
FIELDS: list[dict[str, Any]] = [
    {"field_id": "f1", "name_zh": "配套", "name_en": "Nearby", "kind": "choices", "choices": ["学区", "地铁"], **_USED},
    {"field_id": "f2", "name_zh": "贷款", "name_en": "Loan", "kind": "yes_no", "choices": [], **_USED},
]
_SUMS = {"customers": 1, "deals": 1, "amount": 12_345_678}
_ENTRY = {
    "entry_id": "e1",
    "customer_id": "c1",
    "kind": "registered",
    "at": "2026-03-02T01:00:00Z",
    "name": "王小明",
    "phone": "+8613800138000",
    "has_correct_phone": True,
    "counts": True,
}
SAYS: dict[str, Any] = {
    "": {"items": [FILE], "next_after": "further"},
    "/search": {"items": [FILE | {"exact": False}], "next_after": "further", "count": 1001, "is_more": True},
    "/fields": {"items": FIELDS},
    "/types": {"names": ["一般客户", "优质客户"]},
    "/c1": FILE,
    "/c1/contacts": {"items": [{"name": "李经理", "position": None, "phones": [], "is_primary": True}]},
    "/c1/tags": {"tags": ["学区房"]},
    "/c1/register": {
        "entries": [_ENTRY | {"registered_by": None}],
        "ruling": {"text": "只登记过这一次", "winner_entry_id": "e1", "losers": [], "asks_for_full_name": False},
    },
    "/c1/group": {"members": [{"customer_id": "c1", "totals": _SUMS}]},
}


class _Customers:
    """The customers' service with one customer; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.refuses = ""

    def send(self, outgoing: Outgoing) -> Answer:
        assert isinstance(outgoing.body, bytes)
        self.asked.append((outgoing.path, outgoing.query, outgoing.body))
        if outgoing.method == self.refuses:
            return Answer(422, [], [json.dumps({"detail": "没有这样的"}).encode()])
        says = SAYS.get(outgoing.path.removeprefix("/api/v1/customers"))
        status = 404 if says is None else 200
        return Answer(status, [], [json.dumps(says or {"code": "not_found", "detail": "没有"}).encode()])


def _client(database: Database, wall: WallClock, customers: Transport) -> Any:
    routes = Routes({"customers": customers, "followups": Away(), "reception": Away(), "reporting": Away()})
    client = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options()).client()
    client.post("/sign-in", data={"username": "manager", "password": PASSWORD})
    return client


def _found(client: Any, **typed: str) -> TestResponse:
    cookie = client.get_cookie("anchang_session")
    proof = csrf_proof(cookie.value) if cookie else ""
    answer: TestResponse = client.post("/customers", data=typed | {"csrf_token": proof})
    return answer


def test_one_customer_shows_what_is_there(database: Database, wall: WallClock) -> None:
    """With follow-ups and reception down the page says so of their parts, and all of the customers' own shows."""
    page = _client(database, wall, _Customers()).get("/customers/c1")
    assert page.status_code == 200
    for shown in ("王&lt;b&gt;小明", "A001", "公海", "浙江省 杭州市", "300万以内", "李经理", "学区房", "¥123,456.78"):
        assert shown in page.text
    assert "配套" in page.text and "学区、地铁" in page.text and "138****8000 · 139****9000" in page.text
    assert page.text.count("暂时无法连接") == 3  # follow-ups, plan, receptions
    assert page.text.count("尚未安装") == 2  # family, and all the others together


def test_one_customer_without_the_customers_service(database: Database, wall: WallClock) -> None:
    """The page stands and says of each part that it is away."""
    page = _client(database, wall, Away()).get("/customers/c1")
    assert page.status_code == 200 and page.text.count("暂时无法连接") >= 8


def test_an_erased_customer_has_a_page_that_says_so(database: Database, wall: WallClock) -> None:
    """The page of who was erased stands, says it, and offers nothing to be done to them."""
    page = _client(database, wall, Saying(410, {"code": "customer_erased"})).get("/customers/c1")
    assert page.status_code == 200 and "个人信息已按要求删除" in page.text
    assert "/customers/c1/edit" not in page.text


def test_the_list_goes_on(database: Database, wall: WallClock) -> None:
    """A page of the list links to the next; with the service away it says so."""
    page = _client(database, wall, _Customers()).get("/customers?after=here")
    assert 'href="/customers/c1"' in page.text and 'href="/customers?after=further"' in page.text
    assert "客户服务暂时无法连接" in _client(database, wall, Away()).get("/customers").text


def test_what_is_looked_for_stands_in_no_address(database: Database, wall: WallClock) -> None:
    """Typed into a form, sent on in a body, and so is the way to the next page."""
    customers = _Customers()
    client = _client(database, wall, customers)
    page = _found(client, text=" 王小明 ", after="here")
    assert page.status_code == 200 and 'value="further"' in page.text
    assert "找到 1001+ 位" in page.text and "近似" in page.text
    (path, query, body) = customers.asked[-1]
    assert (path, query) == ("/api/v1/customers/search", "")
    assert json.loads(body) == {"text": "王小明", "after": "here", "limit": 30}
    assert _found(client, text=" ").status_code == 303
    assert client.post("/customers", data={"text": "王"}).status_code == 403


def _edited(client: Any, **typed: Any) -> TestResponse:
    cookie = client.get_cookie("anchang_session")
    proof = csrf_proof(cookie.value) if cookie else ""
    answer: TestResponse = client.post("/customers/c1/edit", data=typed | {"csrf_token": proof, "version": "1"})
    return answer


def test_only_what_was_changed_is_sent(database: Database, wall: WallClock) -> None:
    """The form holds the file and the company's own fields; what it says otherwise goes on, in the version it shows."""
    customers = _Customers()
    client = _client(database, wall, customers)
    page = client.get("/customers/c1/edit")
    assert page.status_code == 200
    assert 'value="三丰贸易"' in page.text and 'value="300万以内"' in page.text and "配套" in page.text
    typed = {name: FILE[name] or "" for name in ("company", "province", "grade", "customer_type")}
    answer = _edited(client, **typed, city="宁波市", key_account="1", **{"own.f1": ["学区"], "own.f2": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/customers/c1?said=customer_changed")
    sent = json.loads(customers.asked[-1][2])
    assert sent["details"] == {"f1": ["学区"]} and sent["demand"]["budget"] is None
    assert {name: value for name, value in sent.items() if name not in ("details", "demand")} == {"city": "宁波市"}


def test_what_is_wrong_comes_back_typed(database: Database, wall: WallClock) -> None:
    """A refusal is said on the form, which keeps what was typed."""
    refusing = _Customers()
    refusing.refuses = "PATCH"
    page = _edited(_client(database, wall, refusing), company="新公司")
    assert page.status_code == 422 and "没有" in page.text and 'value="新公司"' in page.text


@pytest.mark.parametrize("path", ["/customers", "/customers/c1", "/customers/c1/edit"])
def test_customers_are_not_for_strangers(door: Door, path: str) -> None:
    """Who is not signed in is led to the door."""
    answer = door.client().get(path)
    assert (answer.status_code, answer.headers["Location"].startswith("/sign-in")) == (303, True)
