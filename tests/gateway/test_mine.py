"""One's own pages without a browser: what they ask, what they show, and what they show when a part is away."""

import json
import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.database import Database
from chassis.web import ANYONE, SIGNED_IN, IdentitySigner
from gateway.identity.rules import ROLES
from gateway.office import Options
from gateway.pages.menu import menu_of
from gateway.pages.my_credit import months_until, yuan
from gateway.routing.rules import ServiceDown
from gateway.routing.table import Routes
from gateway.routing.transport import Answer, Outgoing
from gateway.sign_in.doorkeeper import COOKIE
from gateway.sign_in.rules import csrf_proof
from tests.gateway.company import PASSWORD, Company
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.test_dialogs import _FOUND
from tests.gateway.test_pages import BOARD, Away

_AT = "2026-03-02T01:10:02+00:00"
_PENALTY: dict[str, Any] = {
    "penalty_id": "x1",
    "cause": "late",
    "article": "二.1",
    "fine": 10,
    "points": 5,
    "note": None,
    "day": "2026-03-02",
    "state": "proposed",
    **dict.fromkeys(("appealed_at", "appeal", "decided_at", "reason")),
}
_EVIDENCE = {
    "kind": "attendance.clocked_in",
    "n": 7,
    "at": _AT,
    "hash": "ab" * 32,
    "facts": {"late_by": 602, "shift_starts_at": "2026-03-02T01:00:00Z"},
}
_FORFEIT = {"forfeit_id": "f1", "cause": "walked_off", "at": _AT, "excused_at": None, "reason": None}
_RECEIPT = {
    "reception_id": "r1",
    "hall_id": "h1",
    "companions": [],
    "visitor_name": "王晓明",
    "visitor_phone": "+8613800138000",
    "owner_name": "甲",
    "server_id": "p1",
    "server_name": "甲",
    "registered_by_name": "甲",
    "registered_at": _AT,
    "recorded_at": _AT,
    "number": 13,
    "hash": "cd" * 32,
    "previous_hash": "ef" * 32,
    "reconciled_with": None,
}


class _Service:
    """Answers by the last word of a path, and keeps what it was asked; `away` once it is down."""

    def __init__(self) -> None:
        self.away = False
        self.answers: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, Any]] = []

    def send(self, outgoing: Outgoing) -> Answer:
        assert isinstance(outgoing.body, bytes)
        if self.away:
            raise ServiceDown("this one")
        self.asked.append((f"{outgoing.path}?{outgoing.query}", json.loads(outgoing.body or b"null")))
        what = outgoing.path.rpartition("/")[2]
        status, said = self.answers.get(f"{outgoing.method} {what}", self.answers.get(what, (404, {"detail": "无"})))
        return Answer(status, [], [json.dumps(said).encode()])


@pytest.fixture
def reception(company: Company) -> _Service:
    one, me = _Service(), company.people["salesperson"]["id"]
    person = {"staff_id": me, "due": 30, "fine": 30}
    one.answers = {
        "penalties": (200, {"items": [_PENALTY], "next_after": None}),
        me: (200, {"balance": -5}),
        "mine": (200, {"items": [], "counting": [], "allowed": 3, "suspension": None}),
        "x1": (200, _PENALTY | {"staff_id": me, "rests_on": [_EVIDENCE], "steps": []}),
        "leaves": (200, {"items": []}),
        "halls": (200, {"items": [{"hall_id": "h1", "name": "东厅"}]}),
        "board": (200, BOARD),
        "receipt": (200, _RECEIPT),
    }
    one.answers |= {f"2026-{month:02d}": (200, {"people": [person]}) for month in range(1, 13)}
    return one


@pytest.fixture
def followups() -> _Service:
    one = _Service()
    one.answers = {"credit": (200, {"month": "2026-03", "total_cents": 123456, "lines": []})}
    return one


@pytest.fixture
def seller(database: Database, wall: WallClock, reception: _Service, followups: _Service) -> FlaskClient:
    routes = Routes({"reception": reception, "followups": followups, "reporting": Away()})
    client = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options()).client()
    client.post("/sign-in", data={"username": "salesperson", "password": PASSWORD})
    return client


def _sent(client: FlaskClient, path: str, form: dict[str, Any], **options: Any) -> Any:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return client.post(path, data=form | {"csrf_token": csrf_proof(cookie.value), "key": "abcdefgh"}, **options)


def test_one_sees_ones_penalties_forfeits_and_suspension(seller: FlaskClient, reception: _Service) -> None:
    """Article, amounts and state in words, which forfeits count, until when one is suspended, points and credit."""
    suspension = {"starts_at": _AT, "ends_at": "2026-03-09T01:10:02+00:00"}
    forfeits = {"items": [_FORFEIT | {"suspension_id": "s1"}], "counting": [], "allowed": 3, "suspension": suspension}
    reception.answers["mine"] = 200, forfeits
    page = seller.get("/mine").text
    told = ("迟到", "依据 二.1", "罚款\u00a010\u00a0元", "扣\u00a05\u00a0分", "待确认", "尚未生效", "已停接待，不再计")
    assert all(word in page for word in told)
    assert "2026-03-02 09:10 至 2026-03-09 09:10" in page
    assert 'id="points">-5<' in page and "¥1,234.56" in page and 'id="appeal-x1"' in page
    decided = _PENALTY | {"state": "upheld", "decided_at": _AT, "reason": "打卡记录为准"}
    reception.answers["penalties"] = 200, {"items": [decided], "next_after": None}
    page = seller.get("/mine").text
    assert "打卡记录为准" in page and 'id="appeal-x1"' not in page


def test_a_part_that_is_down_says_so(seller: FlaskClient, reception: _Service, followups: _Service) -> None:
    """Without follow-ups the penalties show, without reception the credit; each page says what is away, and stands."""
    followups.away = True
    page = seller.get("/mine")
    assert page.status_code == 200 and "跟进服务暂时无法连接" in page.text and "待确认" in page.text
    assert "跟进服务暂时无法连接" in seller.get("/mine/credit").text
    followups.away, reception.away = False, True
    page = seller.get("/mine")
    assert "接待服务暂时无法连接" in page.text and "¥1,234.56" in page.text
    for path in ("/mine/days", "/mine/disputes", "/mine/penalties/x1", "/receptions/r1/receipt"):
        answer = seller.get(path)
        assert (answer.status_code, "接待服务暂时无法连接" in answer.text) == (200, True)


def test_an_appeal_is_one_tap(seller: FlaskClient, reception: _Service) -> None:
    """No reason need be typed: the evidence speaks; a typed one goes along, and stays when it is refused."""
    reception.answers["appeal"] = 200, {}
    assert _sent(seller, "/mine/penalties/x1/appeal", {}).headers["Location"] == "/mine?said=appealed"
    _sent(seller, "/mine/penalties/x1/appeal", {"reason": " 堵车 "})
    said = [body["reason"] for path, body in reception.asked if "appeal" in path]
    assert "证据" in said[0] and said[1] == "堵车"
    reception.answers["appeal"] = 409, {"detail": "这个月已经结算。"}
    refused = _sent(seller, "/mine/penalties/x1/appeal", {"reason": "堵车"})
    assert refused.status_code == 409
    assert "这个月已经结算。" in refused.text and ">堵车</textarea>" in refused.text


def test_evidence_is_told_in_words(seller: FlaskClient) -> None:
    """What a penalty rests on: what happened, when to the second, by how much, and the register's digest."""
    page = seller.get("/mine/penalties/x1").text
    assert all(
        word in page
        for word in ("上班打卡", "2026-03-02 09:10:02", "迟到 602 秒", "上班时间 09:00:00", "第 7 条", "ab" * 32)
    )


def test_credit_is_told_line_by_line(seller: FlaskClient, followups: _Service) -> None:
    """Each line to the cent with its reason, one that is taken back as such, the way to the receipt; months beside."""
    line = {"customer_code": "A001", "customer_name": "王晓明", "parts": 5000, "deal_date": "2026-03-02"}
    line |= {"cents": 61729, "reverses": None, "reception_id": "r1", "why": {"text": "业绩各半（一.6）。"}}
    lines = [line, line | {"cents": -61729, "reverses": "l1"}, line | {"cents": None}]
    followups.answers["credit"] = 200, {"month": "2026-03", "total_cents": 0, "lines": lines}
    page = seller.get("/mine/credit?month=2026-03").text
    told = (
        "A001 · 王晓明",
        "¥617.29",
        "¥−617.29",
        "占 50%",
        "业绩各半（一.6）。",
        "冲销",
        "金额未填",
        "/receptions/r1/receipt",
    )
    assert all(word in page for word in told)
    assert followups.asked[0][0] == "/api/v1/followups/credit?month=2026-03"
    followups.asked.clear()
    seller.get("/mine/credit?month=drop")
    assert len(followups.asked) == 6 and "drop" not in str(followups.asked)
    assert [yuan(cents) for cents in (None, 0, 5, -100, 123456789)] == ["—", "0.00", "0.05", "−1.00", "1,234,567.89"]
    assert months_until(date(2026, 1, 31), 3) == ["2026-01", "2025-12", "2025-11"]


def test_days_are_told_on_the_branchs_clock(seller: FlaskClient, reception: _Service) -> None:
    """Shifts, days off, what was changed and which hall is closed; a shift over midnight says so."""
    today = _today(seller, reception)
    shift = {"hall": "东厅", "day": today, "starts_at": f"{today}T13:00:00+00:00", "ends_at": f"{today}T18:30:00+00:00"}
    other = {"hall": "东厅", "day": today, "reason": "两人商量好"}
    reception.answers["mine"] = 200, {"shifts": [shift], "changed": [other], "closed": [other | {"reason": "消防检查"}]}
    page = seller.get("/mine/days").text
    assert all(word in page for word in ("21:00–次日 02:30", "休息", "调班：两人商量好", "东厅关闭：消防检查"))


def test_leave_is_asked_for_by_the_branchs_clock(seller: FlaskClient, reception: _Service) -> None:
    """Times go with the branch's offset; what is refused is said, and what was typed stays; the decision is shown."""
    wish = {"starts_at": "2026-03-03T09:00", "ends_at": "2026-03-03T18:00", "reason": "家里有事"}
    reception.answers["POST leaves"] = 201, {}
    reception.answers["mine"] = 200, {"shifts": [], "changed": [], "closed": []}
    assert _sent(seller, "/mine/leaves", wish).headers["Location"] == "/mine/days?said=leave_asked"
    body = {"starts_at": "2026-03-03T09:00:00+08:00", "ends_at": "2026-03-03T18:00:00+08:00", "reason": "家里有事"}
    assert ("/api/v1/reception/leaves?", body) in reception.asked
    reception.answers["POST leaves"] = 422, {"detail": "结束要晚于开始。"}
    refused = _sent(seller, "/mine/leaves", wish | {"ends_at": "then"})
    assert refused.status_code == 422
    assert "结束要晚于开始。" in refused.text and 'value="家里有事"' in refused.text
    leave = {"starts_at": _AT, "ends_at": _AT, "reason": "家里有事", "state": "refused", "decided_at": _AT}
    reception.answers["leaves"] = 200, {"items": [leave | {"decided_because": "当天开盘"}]}
    page = seller.get("/mine/days").text
    assert "未批准" in page and "当天开盘" in page


def test_a_dispute_is_reported_from_a_reception(seller: FlaskClient, reception: _Service) -> None:
    """The tap says who and which reception; one word is enough; what is refused stays; a customer is looked up."""
    form = seller.get("/halls/h1/dispute?reception_id=r1&other_id=p1").text
    assert 'value="r1" selected' in form and 'value="p1" selected' in form
    reception.answers["disputes"] = 201, {}
    said = {"other_id": "p1", "reception_id": "r1", "matter": "whose_turn", "said": ""}
    assert _sent(seller, "/halls/h1/dispute", said).headers["Location"] == "/mine/disputes?said=dispute_reported"
    assert reception.asked[-1][1] == {"other_id": "p1", "reception_id": "r1", "said": "轮到谁接待"}
    _sent(seller, "/halls/h1/dispute", said | {"said": "我先到", "customer_id": "c1"}, headers={"HX-Request": "true"})
    told = {"other_id": "p1", "reception_id": "r1", "customer_id": "c1", "said": "轮到谁接待：我先到"}
    assert told in [body for _path, body in reception.asked]
    reception.answers["disputes"] = 422, {"detail": "请写明经过。"}
    refused = _sent(seller, "/halls/h1/dispute", said | {"matter": "other"})
    assert reception.asked[-2][1]["said"] == ""
    assert "请写明经过。" in refused.text and 'value="other" checked' in refused.text
    reception.answers["look-ups"] = 200, _FOUND
    found = _sent(seller, "/halls/h1/dispute-look-ups", said | {"phone": "13800138000"}).text
    assert 'name="customer_id" value="c1" checked' in found and 'value="whose_turn" checked' in found


def test_one_sees_what_was_decided(seller: FlaskClient, reception: _Service) -> None:
    """A dispute with its sides, its reception and customer, and the decision with its reason."""
    dispute = {"reporter": "甲", "reporter_id": "p1", "other": "乙", "said": "抢客户", "reported_at": _AT}
    dispute |= {"reception_id": "r1", "customer_id": "c1", "decided_at": _AT, "reason": "以登记簿为准"}
    reception.answers["disputes"] = 200, {"items": [dispute]}
    reception.answers["r1"] = 200, {
        "reception_id": "r1", "hall_id": "h1", "kind": "first_visit", "arrived_at": _AT, "completed_at": None
    }  # fmt: skip
    reception.answers["look-ups"] = 200, _FOUND
    page = seller.get("/mine/disputes").text
    told = ("甲 与 乙", "已处理", "抢客户", "首访，2026-03-02 09:10", "王** · 138****8000", "以登记簿为准")
    assert all(word in page for word in told)


def test_whose_a_phone_is_shows_while_it_is_typed(seller: FlaskClient, reception: _Service) -> None:
    """Registered to whom, when, and whether they are here: from a whole phone on; at the door from four digits."""
    reception.answers["look-ups"] = 200, _FOUND
    assert _sent(seller, "/halls/h1/registered", {"phone": "138001"}).text == ""
    assert _sent(seller, "/halls/h1/registered", {"phone": "8000"}).text == ""
    assert reception.asked == []
    shown = _sent(seller, "/halls/h1/registered", {"phone": "13800138000"}).text
    assert "2026年3月3日登记给 P3。" in shown and "暂离" in shown and "138****8000" in shown and "of-another" in shown
    _sent(seller, "/halls/h1/registered?door", {"phone": "8000"})
    phones = {"phone": "1", "companion_phone": ["", "13900139000"]}
    _sent(seller, "/halls/h1/registered?n=1", phones)
    assert [body for _path, body in reception.asked[1:]] == [{"last_four": "8000"}, {"phone": "13900139000"}]
    assert _sent(seller, "/halls/h1/registered?n=7", phones).text == ""
    reception.answers["look-ups"] = 200, {"candidates": [], "more": False}
    assert "还没有登记过" in _sent(seller, "/halls/h1/registered", {"phone": "13800138000"}).text
    reception.answers["look-ups"] = 422, {"detail": "不存在"}
    assert _sent(seller, "/halls/h1/registered", {"phone": "13800138000"}).text == ""
    reception.away = True
    assert "暂时无法使用" in _sent(seller, "/halls/h1/registered", {"phone": "13800138000"}).text


def test_a_completed_reception_leads_to_its_receipt(seller: FlaskClient, reception: _Service) -> None:
    """The word after completing links the receipt, with scripts and without; the receipt has time, entry and digest."""
    reception.answers["complete"] = 200, {"turn": "used"}
    form, way = {"name": "王晓明", "phone": "13800138000"}, "/halls/h1/receptions/r1/complete"
    answer = _sent(seller, way, form)
    assert "/receptions/r1/receipt" in seller.get(answer.headers["Location"]).text
    assert "/receptions/r1/receipt" in _sent(seller, way, form, headers={"HX-Request": "true"}).text
    page = seller.get("/receptions/r1/receipt").text
    assert all(word in page for word in ("王晓明", "2026-03-02 09:10:02", ">13<", "cd" * 32, "ef" * 32))
    reception.answers["receipt"] = 409, {"detail": "还没有登记客户。"}
    early = seller.get("/receptions/r1/receipt")
    assert early.status_code == 409 and "还没有登记客户。" in early.text


def test_a_receipt_is_checked(seller: FlaskClient, reception: _Service) -> None:
    """The digest is checked as it is printed; whether it stands is said, and what was typed stays."""
    reception.answers["verify"] = 200, {"stands": True, "text": "回执有效"}
    shown = _sent(seller, "/receipts", {"reception_id": " r1 ", "hash": "CD" * 32})
    assert reception.asked == [("/api/v1/reception/receipts/verify?", {"reception_id": "r1", "hash": "cd" * 32})]
    assert '<p class="said"' in shown.text and "回执有效" in shown.text
    reception.answers["verify"] = 200, {"stands": False, "text": "回执无效"}
    shown = _sent(seller, "/receipts", {"reception_id": "r1", "hash": "00" * 32})
    assert '<p class="wrong"' in shown.text and "00" * 32 in shown.text
    reception.answers["verify"] = 404, {"detail": "没有这次接待。"}
    assert "没有这次接待。" in _sent(seller, "/receipts", {"reception_id": "r9", "hash": "0"}).text


def test_every_page_is_for_those_who_may(database: Database, wall: WallClock, company: Company) -> None:
    """Every page and act: strangers are shown the door, a form without the proof does nothing, and of the roles only
    those with the permission come in.
    """
    routes = Routes({"reception": Away(), "followups": Away(), "reporting": Away()})
    door = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options())
    asked = _asked_with(door)
    assert len(asked) > 30
    stranger = door.client()
    for path, method, _may in asked:
        answer = stranger.open(path, method=method)
        assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in"), path
    for role in ROLES:
        client = door.client()
        client.post("/sign-in", data={"username": role, "password": PASSWORD})
        for path, method, may in asked:
            if may not in ROLES[role].permissions:
                assert _came(client, path, method) == 403, (role, path)
            elif role == "headquarters":  # may do everything
                assert _came(client, path, method) != 403, path
                assert method == "GET" or client.post(path, data={"key": "abcdefgh"}).status_code == 403


def test_the_menu_holds_what_one_may_open(company: Company) -> None:
    """Each sees the entries of pages that they find something on; a single one needs no menu."""
    seen = {role: [entry.name for entry in menu_of(company.who(role))] for role in ROLES}
    assert seen["salesperson"][:2] == ["hall", "mine"] and "sheet" in seen["supervisor"]
    assert "mine" not in seen["headquarters"] and "mine" not in seen["auditor"]
    assert seen["front_desk"] == seen["buyer"] == []


def _asked_with(door: Door) -> list[tuple[str, str, str]]:
    """Path, method and permission of everything on the pages that needs one."""
    app = door.app
    return [
        (re.sub("<[a-z_:]+>", "x1", rule.rule), method, permission)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("pages.")
        and (permission := str(getattr(app.view_functions[rule.endpoint], "permission", None)))
        not in (ANYONE, SIGNED_IN)
    ]


def _came(client: FlaskClient, path: str, method: str) -> int:
    answer = _sent(client, path, {}) if method == "POST" else client.get(path)
    return int(answer.status_code)


def _today(seller: FlaskClient, reception: _Service) -> str:
    """The day on which the branch is, as the page asks reception about it."""
    reception.answers["mine"] = 200, {"shifts": [], "changed": [], "closed": []}
    seller.get("/mine/days")
    return next(path for path, _ in reception.asked if "roster/mine" in path).partition("first=")[2][:10]
