"""One's own pages without a browser: what they ask, what they show, and what they show when a part is away."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.identity.rules import ROLES
from gateway.pages.menu import menu_of
from gateway.pages.my_credit import yuan
from tests.gateway.answers import AT, ToldByWord
from tests.gateway.company import Company
from tests.gateway.told import sent

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
    "at": AT,
    "hash": "ab" * 32,
    "facts": {"late_by": 602, "shift_starts_at": "2026-03-02T01:00:00Z"},
}
_FORFEIT = {"forfeit_id": "f1", "cause": "walked_off", "at": AT, "excused_at": None, "reason": None}


@pytest.fixture
def reception(company: Company) -> ToldByWord:
    one, me = ToldByWord(), company.people["salesperson"]["id"]
    person = {"staff_id": me, "due": 30, "fine": 30}
    one.answers = {
        "penalties": (200, {"items": [_PENALTY], "next_after": None}),
        me: (200, {"balance": -5}),
        "receipts/mine": (200, {"items": [{"reception_id": "r7", "visitor_name": "王晓明", "completed_at": AT}]}),
        "roster/mine": (200, {"shifts": [], "changed": [], "closed": []}),
        "forfeits/mine": (200, {"items": [], "counting": [], "allowed": 3, "suspension": None}),
        "x1": (200, _PENALTY | {"staff_id": me, "rests_on": [_EVIDENCE], "steps": []}),
        "leaves": (200, {"items": []}),
    }
    one.answers |= {f"2026-{month:02d}": (200, {"people": [person]}) for month in range(1, 13)}
    return one


@pytest.fixture
def followups() -> ToldByWord:
    one = ToldByWord()
    one.answers = {"credit": (200, {"month": "2026-03", "total_cents": 123456, "items": [], "next_after": None})}
    return one


def test_one_sees_ones_penalties_forfeits_and_suspension(seller: FlaskClient, reception: ToldByWord) -> None:
    """Article, amounts and state in words, which forfeits count, until when one is suspended, points and credit."""
    suspension = {"starts_at": AT, "ends_at": "2026-03-09T01:10:02+00:00"}
    forfeits = {"items": [_FORFEIT | {"suspension_id": "s1"}], "counting": [], "allowed": 3, "suspension": suspension}
    reception.answers["forfeits/mine"] = 200, forfeits
    page = seller.get("/mine").text
    told = ("迟到", "依据 二.1", "罚款\u00a010\u00a0元", "扣\u00a05\u00a0分", "待确认", "尚未生效", "已停接待，不再计")
    assert all(word in page for word in told)
    assert "2026-03-02 09:10 至 2026-03-09 09:10" in page
    assert 'id="points">-5<' in page and "¥1,234.56" in page and 'id="appeal-x1"' in page
    assert "/receptions/r7/receipt" in page
    decided = _PENALTY | {"state": "upheld", "decided_at": AT, "reason": "打卡记录为准"}
    reception.answers["penalties"] = 200, {"items": [decided], "next_after": None}
    page = seller.get("/mine").text
    assert "打卡记录为准" in page and 'id="appeal-x1"' not in page


def test_a_part_that_is_down_says_so(seller: FlaskClient, reception: ToldByWord, followups: ToldByWord) -> None:
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


def test_an_erased_customer_is_called_so(seller: FlaskClient, reception: ToldByWord, followups: ToldByWord) -> None:
    """Where a name stood, among one's receipts, on a receipt and in the credit, the page says that it was erased."""
    gone = {"visitor_name": None, "visitor_phone": None, "erased": True}
    names = ("companions", "owner_name", "server_name", "registered_by_name", "reconciled_with")
    digits = {"number": 7, "hash": "ab" * 32, "previous_hash": "cd" * 32, "hall_id": "h1", "server_id": "p1"}
    receipt = {"reception_id": "r7", "registered_at": AT, "recorded_at": AT, **dict.fromkeys(names), **digits, **gone}
    reception.answers["receipts/mine"] = 200, {"items": [{"reception_id": "r7", "completed_at": AT, **gone}]}
    reception.answers["receipt"] = 200, receipt
    line = {"customer_code": "A001", "customer_name": None, "customer_erased": True, "parts": 5000, "cents": 1}
    line |= {"deal_date": "2026-03-02", "reverses": None, "reception_id": None, "why": {"text": "业绩各半（一.6）。"}}
    followups.answers["credit"] = 200, {"month": "2026-03", "total_cents": 1, "items": [line], "next_after": None}
    for path, words in (("/mine", ">已删除的客户<"), ("/receptions/r7/receipt", ">已删除的客户<")):
        assert words in seller.get(path).text
    assert "A001 · 已删除的客户" in seller.get("/mine/credit?month=2026-03").text


def test_an_appeal_is_one_tap(seller: FlaskClient, reception: ToldByWord) -> None:
    """No reason need be typed: the evidence speaks; a typed one goes along, and stays when it is refused."""
    reception.answers["appeal"] = 200, {}
    assert sent(seller, "/mine/penalties/x1/appeal", {}).headers["Location"] == "/mine?said=appealed"
    sent(seller, "/mine/penalties/x1/appeal", {"reason": " 堵车 "})
    said = [body["reason"] for path, body in reception.asked if "appeal" in path]
    assert "证据" in said[0] and said[1] == "堵车"
    reception.answers["appeal"] = 409, {"detail": "这个月已经结算。"}
    refused = sent(seller, "/mine/penalties/x1/appeal", {"reason": "堵车"})
    assert refused.status_code == 409
    assert "这个月已经结算。" in refused.text and ">堵车</textarea>" in refused.text


def test_evidence_is_told_in_words(seller: FlaskClient) -> None:
    """What a penalty rests on: what happened, when to the second, by how much, and the register's digest."""
    page = seller.get("/mine/penalties/x1").text
    assert all(
        word in page
        for word in ("上班打卡", "2026-03-02 09:10:02", "迟到 602 秒", "上班时间 09:00:00", "第 7 条", "ab" * 32)
    )


def test_credit_is_told_line_by_line(seller: FlaskClient, followups: ToldByWord) -> None:
    """Each line to the cent with its reason, one that is taken back as such, the way to the receipt; months beside."""
    line = {"customer_code": "A001", "customer_name": "王晓明", "parts": 5000, "deal_date": "2026-03-02"}
    line |= {"cents": 61729, "reverses": None, "reception_id": "r1", "why": {"text": "业绩各半（一.6）。"}}
    lines = [line, line | {"cents": -61729, "reverses": "l1"}, line | {"cents": None}]
    page_of = {"month": "2026-03", "total_cents": 0, "items": lines, "next_after": "cursor"}
    followups.answers["credit"] = 200, page_of
    year = {"total_cents": 61729, "months": [{"month": "2026-02", "total_cents": 61729, "deals": 3}]}
    followups.answers["months"] = 200, year
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
    assert "2026-02 <small>3 笔</small>" in page and "month=2026-03&amp;after=cursor" in page
    assert [path for path, _body in followups.asked] == [
        "/api/v1/followups/credit?month=2026-03&limit=100",
        "/api/v1/followups/credit/months?year=2026",
    ]
    followups.asked.clear()
    seller.get("/mine/credit?month=drop")
    assert "drop" not in str(followups.asked)
    assert [yuan(cents) for cents in (None, 0, 5, -100, 123456789)] == ["—", "0.00", "0.05", "−1.00", "1,234,567.89"]


def test_days_are_told_on_the_branchs_clock(seller: FlaskClient, reception: ToldByWord) -> None:
    """Shifts, days off, what was changed and which hall is closed; a shift over midnight says so."""
    today = _today(seller, reception)
    shift = {"hall": "东厅", "day": today, "starts_at": f"{today}T13:00:00+00:00", "ends_at": f"{today}T18:30:00+00:00"}
    other = {"hall": "东厅", "day": today, "reason": "两人商量好"}
    reception.answers["roster/mine"] = (
        200,
        {"shifts": [shift], "changed": [other], "closed": [other | {"reason": "消防检查"}]},
    )
    page = seller.get("/mine/days").text
    assert all(word in page for word in ("21:00–次日 02:30", "休息", "调班：两人商量好", "东厅关闭：消防检查"))


def test_leave_is_asked_for_by_the_branchs_clock(seller: FlaskClient, reception: ToldByWord) -> None:
    """Times go with the branch's offset; what is refused is said, and what was typed stays; the decision is shown."""
    wish = {"starts_at": "2026-03-03T09:00", "ends_at": "2026-03-03T18:00", "reason": "家里有事"}
    reception.answers["POST leaves"] = 201, {}
    assert sent(seller, "/mine/leaves", wish).headers["Location"] == "/mine/days?said=leave_asked"
    body = {"starts_at": "2026-03-03T09:00:00+08:00", "ends_at": "2026-03-03T18:00:00+08:00", "reason": "家里有事"}
    assert ("/api/v1/reception/leaves?", body) in reception.asked
    reception.answers["POST leaves"] = 422, {"detail": "结束要晚于开始。"}
    refused = sent(seller, "/mine/leaves", wish | {"ends_at": "then"})
    assert refused.status_code == 422
    assert "结束要晚于开始。" in refused.text and 'value="家里有事"' in refused.text
    leave = {"starts_at": AT, "ends_at": AT, "reason": "家里有事", "state": "refused", "decided_at": AT}
    reception.answers["leaves"] = 200, {"items": [leave | {"decided_because": "当天开盘"}]}
    page = seller.get("/mine/days").text
    assert "未批准" in page and "当天开盘" in page


def test_the_menu_holds_what_one_may_open(company: Company) -> None:
    """Each sees the entries of pages that they find something on; a single one needs no menu."""
    seen = {role: [entry.path for entry in menu_of(company.who(role))] for role in ROLES}
    assert seen["salesperson"][:2] == ["/", "/mine"] and "/sheet" in seen["supervisor"]
    assert "/mine" not in seen["headquarters"] and "/mine" not in seen["auditor"]
    assert seen["front_desk"] == seen["buyer"] == []


def _today(seller: FlaskClient, reception: ToldByWord) -> str:
    """The day on which the branch is, as the page asks reception about it."""
    seller.get("/mine/days")
    return next(path for path, _ in reception.asked if "roster/mine" in path).partition("first=")[2][:10]
