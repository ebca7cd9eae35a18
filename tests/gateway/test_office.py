"""The office without a browser: what waits, how it is decided, who may, and what shows when a part is away."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.gateway.company import Company
from tests.gateway.told import TeamRoom, Told, sent

_AT = "2026-03-02T01:00:00+00:00"
_PENALTY = {
    "penalty_id": "p1",
    "branch_id": "b",
    "staff_id": "s1",
    "name": "甲<b>",
    "cause": "late",
    "article": "二.1",
    "fine": 10,
    "points": 5,
    "day": "2026-03-02",
    "recorded_by": "reception",
    "note": None,
    "appeal": None,
    "state": "proposed",
}
_ENTRY = {"chain": "hall/h1", "n": 7, "at": _AT, "kind": "attendance.clocked_in", "hash": "a" * 64, "facts": {}}
_FILE = _PENALTY | {"rests_on": [_ENTRY], "steps": []}
_DISPUTE = {
    "dispute_id": "d1",
    "branch_id": "b",
    "reporter_id": "s1",
    "reporter": "甲",
    "other_id": "s2",
    "other": "乙",
    "said": "抢客户",
    "reported_at": _AT,
    "decided_at": None,
}
_LEAVE = {
    "leave_id": "l1",
    "branch_id": "b",
    "staff_id": "s1",
    "starts_at": _AT,
    "ends_at": _AT,
    "asked_at": _AT,
    "reason": "看病",
    "state": "asked",
}
_RULING = {
    "ruling_id": "r1",
    "reception_id": "v1",
    "kind": "returning",
    "relation": "self",
    "original_id": "s1",
    "asked_by": "s2",
    "asked_at": _AT,
    "reason": "客户说的",
    "state": "asked",
}
_CONFLICT = {
    "entry_id": "e1",
    "kind": "greet",
    "staff_id": "s1",
    "happened_at": _AT,
    "handed_in_at": _AT,
    "handed_in_by": "s2",
    "conflict": {"text": "对不上"},
    "personal": None,
}
_CASE = {
    "case_id": "c1",
    "branch_id": "b",
    "staff_id": "s1",
    "name": "甲",
    "opened_by": "s2",
    "opened_at": _AT,
    "state": "open",
}


def _page(*items: Any) -> tuple[int, Any]:
    return 200, {"items": list(items), "next_after": None}


SignedIn = Callable[[str], FlaskClient]


@pytest.fixture
def reception(team_room: TeamRoom) -> Told:
    told = team_room.forget()
    told.answers = {
        "halls": _page({"hall_id": "h1", "branch_id": "b", "name": "东厅"}),
        "discipline/penalties": _page(_PENALTY),
        "discipline/penalties/p1": (200, _FILE),
        "discipline/disputes": _page(_DISPUTE, _DISPUTE | {"dispute_id": "d0", "decided_at": _AT}),
        "leaves": _page(_LEAVE),
        "halls/h1/re-rulings": _page(_RULING, _RULING | {"ruling_id": "r0", "state": "refused"}),
        "halls/h1/journal/conflicts": _page(_CONFLICT),
        "discipline/cases": _page(_CASE, _CASE | {"case_id": "c0", "state": "kept"}),
    }
    return told


@pytest.fixture
def signed_in(team_room: TeamRoom, reception: Told) -> SignedIn:
    return team_room.as_


def test_what_waits_is_listed_with_its_count(signed_in: SignedIn) -> None:
    """Headquarters sees every list, each with what is open in it alone, and how many that is."""
    page = signed_in("headquarters").get("/office").text
    for kind in ("penalty/p1", "dispute/d1", "leave/l1", "ruling/r1", "conflict/e1", "case/c1"):
        assert f"/office/matters/{kind}" in page
    for decided in ("dispute/d0", "ruling/r0", "case/c0"):
        assert decided not in page
    assert "共 7 项" in page and "甲&lt;b&gt; · 迟到" in page  # the penalty is told for both of its lists


@pytest.mark.parametrize(
    ("role", "absent"),
    [("manager", {"case"}), ("supervisor", {"case", "proposed", "appealed", "conflict"})],
)
def test_one_sees_what_one_may_decide(signed_in: SignedIn, role: str, absent: set[str]) -> None:
    """Removal is headquarters', penalties and conflicts the manager's; disputes, leave and 撞单 a supervisor's too."""
    page = signed_in(role).get("/office").text
    lists = {"proposed", "appealed", "ruling", "leave", "dispute", "conflict", "case"}
    assert {one for one in lists if f'id="{one}"' in page} == lists - absent


def test_a_list_that_is_away_says_so(signed_in: SignedIn, reception: Told) -> None:
    """One part that cannot be reached is said in its place; the rest shows."""
    reception.away = {"leaves", "halls/h1/journal/conflicts"}
    answer = signed_in("manager").get("/office")
    assert answer.status_code == 200
    assert answer.text.count("这部分暂时无法使用") == 2 and "/office/matters/dispute/d1" in answer.text


def test_an_own_case_is_not_offered(signed_in: SignedIn, reception: Told, company: Company) -> None:
    """Nobody decides in their own case: the page says so instead of offering it."""
    own = _PENALTY | {"staff_id": company.people["manager"]["id"]}
    reception.answers |= {"discipline/penalties": _page(own), "discipline/penalties/p1": (200, _FILE | own)}
    manager = signed_in("manager")
    assert "/office/matters/penalty/p1" not in manager.get("/office").text
    page = manager.get("/office/matters/penalty/p1").text
    assert "与您本人有关" in page and 'name="choice"' not in page


def test_a_penalty_shows_what_it_rests_on(signed_in: SignedIn, reception: Told) -> None:
    """The dialog names the entries of the register, and what can be decided from where the penalty stands."""
    page = signed_in("manager").get("/office/matters/penalty/p1").text
    assert "上班打卡" in page and "第 7 条" in page and 'value="confirm"' in page and 'value="uphold"' not in page
    reception.answers["discipline/penalties/p1"] = 200, _FILE | {"state": "appealed", "appeal": "堵车"}
    page = signed_in("manager").get("/office/matters/penalty/p1").text
    assert "申诉：堵车" in page and 'value="uphold"' in page and 'value="confirm"' not in page


@pytest.mark.parametrize(
    ("matter", "choice", "act"),
    [
        ("penalty/p1", "confirm", "discipline/penalties/p1/confirm"),
        ("penalty/p1", "waive", "discipline/penalties/p1/waive"),
        ("dispute/d1", "decide", "discipline/disputes/d1/decide"),
        ("leave/l1", "approve", "leaves/l1/approve"),
        ("leave/l1", "refuse", "leaves/l1/refuse"),
        ("ruling/r1", "confirm", "receptions/v1/re-ruling/confirm"),
        ("ruling/r1", "refuse", "receptions/v1/re-ruling/refuse"),
        ("conflict/e1", "settle", "halls/h1/journal/conflicts/e1/settle"),
        ("case/c1", "removed", "discipline/cases/c1/decide"),
        ("case/c1", "kept", "discipline/cases/c1/decide"),
    ],
)
def test_each_decision_goes_with_its_reason(
    signed_in: SignedIn, reception: Told, matter: str, choice: str, act: str
) -> None:
    """A decision is said to reception once, with the reason as it was typed; then the list is shown, with a word."""
    kind = matter.partition("/")[0]
    answer = sent(signed_in("headquarters"), f"/office/matters/{matter}", {"choice": choice, "reason": " 核实 "})
    assert answer.headers["Location"] == f"/office?said={kind}.{choice}"
    verdict = {"decision": choice} if kind == "case" else {}
    assert reception.acts == [(f"POST {act}", {"reason": "核实"} | verdict)]
    assert reception.headers[0]["Idempotency-Key"] == "abcdefgh"


def test_a_refusal_keeps_what_was_typed(signed_in: SignedIn, reception: Told) -> None:
    """What reception refuses is said in the dialog, with its status; the reason stays, and one may choose again."""
    reception.answers["POST discipline/penalties/p1/confirm"] = 409, {"detail": "这个月已经结算。"}
    form = {"choice": "confirm", "reason": "核实<无误>"}
    answer = sent(signed_in("manager"), "/office/matters/penalty/p1", form, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "这个月已经结算。" in answer.text and "核实&lt;无误&gt;" in answer.text and 'value="confirm"' in answer.text
    assert "<html" not in answer.text


def test_what_was_decided_meanwhile_is_said(signed_in: SignedIn, reception: Told) -> None:
    """A matter that does not wait any more is not decided again."""
    reception.answers["leaves"] = _page()
    answer = sent(signed_in("manager"), "/office/matters/leave/l1", {"choice": "approve", "reason": "好"})
    assert answer.status_code == 409 and "已由他人处理" in answer.text and reception.acts == []
    answer = sent(signed_in("manager"), "/office/matters/penalty/p1", {"choice": "uphold", "reason": "好"})
    assert answer.status_code == 409 and reception.acts == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"cause": "late", "late_by": "12", "day": ""}, {"cause": "late", "late_by": 720}),
        ({"cause": "late", "late_by": "long"}, {"cause": "late", "late_by": "long"}),
        ({"cause": "quarrel", "late_by": "12", "day": "2026-03-01"}, {"cause": "quarrel", "day": "2026-03-01"}),
    ],
)
def test_a_penalty_is_proposed_by_hand(
    signed_in: SignedIn, reception: Told, form: dict[str, str], said: dict[str, Any]
) -> None:
    """What happened is said of whom and when; minutes of lateness become seconds, and go with lateness alone."""
    reception.answers["POST discipline/penalties"] = 409, {"detail": "已经记录过。"}
    answer = sent(signed_in("manager"), "/office/penalties/new", form | {"staff_id": "s1", "note": "早会"})
    assert reception.acts == [("POST discipline/penalties", {"staff_id": "s1", "note": "早会"} | said)]
    assert "已经记录过。" in answer.text and "早会" in answer.text and f'value="{form["cause"]}" checked' in answer.text


_ROOMS = ("", "/roster", "/line", "/register", "/policy", "/settlement", "/delegations")
_ACTS = (
    "/matters/penalty/p1",
    "/matters/conflict/e1",
    "/penalties/new",
    "/roster/people/s1",
    "/line",
    "/policy/new",
    "/settlement/settle",
    "/settlement/held/s1",
    "/settlement/pay/s1",
)


@pytest.mark.parametrize("role", ["salesperson", "front_desk", "buyer"])
def test_the_office_is_for_who_leads(signed_in: SignedIn, role: str) -> None:
    """Others find no way to it in the menu, and each of its rooms refuses them."""
    client = signed_in(role)
    assert "/office" not in client.get("/").text
    assert {client.get(f"/office{room}").status_code for room in _ROOMS} == {403}


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_the_managers_acts_are_refused_to_others(signed_in: SignedIn, reception: Told, role: str) -> None:
    """A supervisor and an auditor look at the rooms; what a manager decides there is refused them and not asked.

    The rooms stand while reception is away, and say so.
    """
    client, reception.down = signed_in(role), True
    assert {client.get(f"/office{room}").status_code for room in _ROOMS} == {200}
    assert {sent(client, f"/office{act}", {"reason": "x"}).status_code for act in _ACTS} == {403}
    assert reception.acts == []


def test_forms_need_the_proof(signed_in: SignedIn, reception: Told) -> None:
    """A form of the office without the session's proof does nothing."""
    manager = signed_in("manager")
    assert {manager.post(f"/office{act}", data={"reason": "x"}).status_code for act in _ACTS} == {403}
    assert reception.acts == []
