"""The dialogs of the hall without a browser: what they ask of reception, and what they show of its answers."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

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
from tests.gateway.test_pages import BOARD, Away

FOUND = {
    "hall_id": "h1",
    "candidates": [
        {
            "customer_id": "c1",
            "name": "王**",
            "phone": "138****8000",
            "text": "2026年3月3日登记给 P3。",
            "original": {"staff_id": "p3", "name": "P3", "standing": "away"},
            "delegate": None,
            "last_visit": None,
        }
    ],
    "more": False,
}


class _Reception:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {"board": (200, BOARD)}
        self.asked: list[tuple[str, Any]] = []

    def send(self, outgoing: Outgoing) -> Answer:
        what = outgoing.path.rpartition("/")[2]
        assert isinstance(outgoing.body, bytes)
        if outgoing.method == "POST":
            self.asked.append((f"{outgoing.path}?{outgoing.query}", json.loads(outgoing.body or b"null")))
        status, said = self.answers.get(what, (201, {"state": "assigned", "role": "a"}))
        return Answer(status, [], [json.dumps(said).encode()])


@pytest.fixture
def reception() -> _Reception:
    return _Reception()


@pytest.fixture
def manager(database: Database, wall: WallClock, reception: _Reception) -> FlaskClient:
    client = Door(
        database,
        Routes({"reception": reception, "reporting": Away()}),
        IdentitySigner(KEYS.private_pem),
        wall,
        Options(),
    ).client()
    client.post("/sign-in", data={"username": "manager", "password": PASSWORD})
    return client


def _sent(client: FlaskClient, path: str, form: dict[str, Any]) -> Any:
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return client.post(path, data=form | {"csrf_token": csrf_proof(cookie.value), "key": "abcdefgh"})


@pytest.mark.parametrize(
    ("form", "arrival"),
    [
        ({"party_size": "2"}, {"kind": "first_visit", "party_size": 2}),
        (
            {"kind": "returning", "phone": "13800138000", "relation": ""},
            {"kind": "returning", "party_size": 1, "phone": "13800138000", "relation": "self"},
        ),
        (
            {"kind": "referral", "original_id": "p3", "trade": "same_trade"},
            {"kind": "referral", "party_size": 1, "original_id": "p3", "relation": "friend"},
        ),
        (
            {"kind": "returning", "phone": "8000", "customer_id": "c1", "relation": "spouse"},
            {"kind": "returning", "party_size": 1, "customer_id": "c1", "relation": "spouse"},
        ),
        (
            {"kind": "not_buying", "trade": "salesman", "phone": "13800138000"},
            {"kind": "not_buying", "party_size": 1, "trade": "salesman"},
        ),
        ({"kind": "other", "relation": "friend"}, {"kind": "other", "party_size": 1}),
    ],
)
def test_an_arrival_says_what_its_kind_needs(
    manager: FlaskClient, reception: _Reception, form: dict[str, str], arrival: dict[str, Any]
) -> None:
    """Of the form goes on what the kind of visit asks for: whose it is, or the trade; what was left empty does not."""
    assert _sent(manager, "/halls/h1/arrivals", form).status_code == 303
    assert reception.asked == [("/api/v1/reception/halls/h1/arrivals?", arrival)]


def test_the_door_shows_whose_customer_it_is(manager: FlaskClient, reception: _Reception) -> None:
    """A phone is looked up without standing in an address; the answer shows whose customer it is and where they are."""
    reception.answers["look-ups"] = 200, FOUND
    page = _sent(manager, "/halls/h1/look-ups", {"kind": "returning", "phone": "13800138000"})
    assert reception.asked == [("/api/v1/reception/halls/h1/look-ups?", {"phone": "13800138000"})]
    assert all(word in page.text for word in ("2026年3月3日登记给 P3。", "P3 · 暂离", 'value="c1" checked', "王**"))
    _sent(manager, "/halls/h1/look-ups", {"kind": "returning", "phone": " 8000 "})
    assert reception.asked[-1][1] == {"last_four": "8000"}


def test_nobody_found_is_a_first_visit(manager: FlaskClient, reception: _Reception) -> None:
    """Where nobody has the phone, a first visit is chosen, with a word about it."""
    reception.answers["look-ups"] = 200, {"hall_id": "h1", "candidates": [], "more": False}
    page = _sent(manager, "/halls/h1/look-ups", {"kind": "returning", "phone": "13800138000"})
    assert "没有查到这个电话" in page.text and 'value="first_visit" checked' in page.text


def test_a_look_up_that_fails_is_said(manager: FlaskClient, reception: _Reception) -> None:
    """What is wrong with a phone is said in the form, with its status, and the phone stays."""
    reception.answers["look-ups"] = 422, {"detail": "这个电话号码不存在。"}
    page = _sent(manager, "/halls/h1/look-ups", {"kind": "returning", "phone": "12"})
    assert page.status_code == 422
    assert "这个电话号码不存在。" in page.text and 'value="12"' in page.text


def test_a_witness_is_named_or_anybody(manager: FlaskClient, reception: _Reception) -> None:
    """Who heard it is named or left open; the witness form never offers who serves."""
    assert _sent(manager, "/halls/h1/receptions/r1/not-buying", {"trade": "decorator"}).status_code == 303
    _sent(manager, "/halls/h1/receptions/r1/not-buying", {"trade": "decorator", "witness_id": "p1"})
    assert [said for _path, said in reception.asked] == [
        {"trade": "decorator"},
        {"trade": "decorator", "witness_id": "p1"},
    ]
    serving = BOARD["line"][0] | {"reception": {"reception_id": "r1"}}
    other = BOARD["line"][0] | {"staff_id": "p2", "name": "乙"}
    reception.answers["board"] = 200, BOARD | {"line": [serving, other]}
    page = manager.get("/halls/h1/receptions/r1/not-buying")
    assert 'value="p2"' in page.text and 'value="p1"' not in page.text


def test_companions_go_along(manager: FlaskClient, reception: _Reception) -> None:
    """Rows for who came along follow the party; empty ones are not sent."""
    page = manager.get("/halls/h1/receptions/r1/complete?party=5")
    assert page.text.count('name="companion_name"') == 4
    form = {"name": "王晓明", "phone": "13800138000", "companion_name": ["李秀英", ""]}
    _sent(manager, "/halls/h1/receptions/r1/complete", form | {"companion_phone": ["13900139000", ""]})
    assert reception.asked[-1][1] == {
        "name": "王晓明",
        "phone": "13800138000",
        "companions": [{"name": "李秀英", "phone": "13900139000"}],
    }


def test_leave_is_granted_for_a_reason(manager: FlaskClient, reception: _Reception) -> None:
    """The form names who asks and why; what reception refuses is said in it, and what was typed stays."""
    out = {"step_out_id": "o1", "staff_id": "p1", "reason": "meal", "state": "asked", "asked_id": None}
    reception.answers["board"] = 200, BOARD | {"out": [out | dict.fromkeys(("stand_in_id", "since", "until"))]}
    assert "准甲&lt;b&gt;暂离（用餐）" in manager.get("/halls/h1/step-outs/o1/grant").text
    reception.answers["grant"] = 409, {"detail": "还有空闲同事。"}
    refused = _sent(manager, "/halls/h1/step-outs/o1/grant", {"reason": " 急事 "})
    assert refused.status_code == 409
    assert "还有空闲同事。" in refused.text and 'value=" 急事 "' in refused.text
    reception.answers["grant"] = 200, {}
    assert _sent(manager, "/halls/h1/step-outs/o1/grant", {"reason": "急事"}).status_code == 303
    assert reception.asked[-1] == ("/api/v1/reception/step-outs/o1/grant?", {"reason": "急事"})


def test_a_forfeit_is_confirmed_first(manager: FlaskClient, reception: _Reception) -> None:
    """Before it is recorded that somebody walked off, the page says of whom and what it costs them."""
    page = manager.get("/halls/h1/line/p1/walk-off")
    assert "甲&lt;b&gt;擅自离开" in page.text and "一.1" in page.text
    assert _sent(manager, "/halls/h1/line/p1/walk-off", {}).status_code == 303
    assert reception.asked == [("/api/v1/reception/halls/h1/forfeits?", {"staff_id": "p1"})]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"state": "away", "asked_id": None}, "stepped_out"),
        ({"state": "asked", "asked_id": "p2"}, "asks_colleague"),
        ({"state": "asked", "asked_id": None}, "asks_supervisor"),
    ],
)
def test_stepping_out_says_what_comes_next(
    manager: FlaskClient, reception: _Reception, said: dict[str, Any], code: str
) -> None:
    """Whoever steps out is told whether they are out, or who has to answer first."""
    reception.answers["step-out"] = 201, said
    answer = _sent(manager, "/halls/h1/step-out", {"reason": "meal"})
    assert answer.headers["Location"] == f"/halls/h1?said={code}"
    assert reception.asked == [("/api/v1/reception/halls/h1/step-out?", {"reason": "meal"})]
