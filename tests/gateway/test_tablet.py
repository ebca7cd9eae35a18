"""The hall's page at a shared tablet: who acts proves it by PIN, for each act anew; and where one sets one's PIN."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.web import IdentitySigner, IdentityVerifier
from gateway.office import Options
from gateway.routing.table import Routes
from gateway.routing.transport import Answer, Outgoing
from gateway.sign_in.doorkeeper import COOKIE
from gateway.sign_in.rules import Policy, csrf_proof
from gateway.sign_in.tables import sessions
from tests.gateway.company import PASSWORD, Company
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.test_pages import BOARD, Away

PIN = "258096"
_VISIT = "/halls/h1/receptions/r1"
_PERSONAL = [
    "/halls/h1/clock-in",
    "/halls/h1/clock-out",
    f"{_VISIT}/greet",
    f"{_VISIT}/leave",
    f"{_VISIT}/take-over",
    f"{_VISIT}/witness",
    f"{_VISIT}/not-buying",
    f"{_VISIT}/complete",
    "/halls/h1/step-out",
    "/halls/h1/return",
    "/halls/h1/ready",
    "/halls/h1/step-outs/o1/accept",
    "/halls/h1/step-outs/o1/cancel",
    "/halls/h1/step-outs/o1/grant",
    "/halls/h1/line/p1/walk-off",
]


class _Reception:
    """Answers that all is well, and keeps who asked for what."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.board = BOARD

    def send(self, outgoing: Outgoing) -> Answer:
        if outgoing.method == "POST":
            who = IdentityVerifier(KEYS.public_pem).verify(outgoing.headers["Authorization"].removeprefix("Bearer "))
            self.told.append((outgoing.path.removeprefix("/api/v1/reception"), who.actor_id))
        body = self.board if outgoing.path.endswith("/board") else {"state": "assigned", "role": "a", "candidates": []}
        return Answer(200, [], [json.dumps(body).encode()])


class Tablet:
    """A gateway with a hall, and people at its pages; two wrong guesses are enough."""

    def __init__(self, database: Database, wall: WallClock) -> None:
        self.reception = _Reception()
        routes = Routes({"reception": self.reception, "reporting": Away()})
        options = Options(sign_in=Policy(failures_per_username=2))
        self.door = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, options)
        self.page = self.signed_in("front_desk")

    def signed_in(self, username: str) -> FlaskClient:
        client = self.door.client()
        client.post("/sign-in", data={"username": username, "password": PASSWORD})
        return client

    def send(self, path: str, client: FlaskClient | None = None, /, **form: str) -> TestResponse:
        client = client or self.page
        cookie = client.get_cookie(COOKIE)
        assert cookie is not None
        return client.post(path, data=form | {"csrf_token": csrf_proof(cookie.value), "key": "abcdefgh"})

    def set_pin(self, pin: str = PIN, password: str = PASSWORD, username: str = "salesperson") -> TestResponse:
        return self.send("/my-pin", self.signed_in(username), pin=pin, password=password)


@pytest.fixture
def tablet(database: Database, wall: WallClock) -> Tablet:
    return Tablet(database, wall)


@pytest.fixture
def seller(company: Company) -> str:
    return str(company.people["salesperson"]["id"])


def test_each_personal_act_asks_who_acts(tablet: Tablet) -> None:
    """What one does oneself is sent to nobody before a PIN was typed: the tablet asks for it, and says who may act."""
    pages = {path: tablet.send(path, reason="meal") for path in _PERSONAL}
    assert [path for path, page in pages.items() if 'id="pin"' not in page.text] == []
    assert tablet.reception.told == []
    shown = pages["/halls/h1/step-out"].text
    assert all(word in shown for word in ("甲&lt;b&gt;", "supervisor", "manager", 'name="reason" value="meal"'))
    assert not any(word in shown for word in ("westerner", "headquarters", "buyer"))


def test_the_doors_own_acts_ask_nobody(tablet: Tablet, company: Company) -> None:
    """Arrivals, look-ups and a waiting visitor who goes are the door's own."""
    tablet.send("/halls/h1/arrivals", party_size="2")
    tablet.send("/halls/h1/look-ups", kind="returning", phone="8000")
    tablet.send("/halls/h1/waiting/r1/leave")
    desk = company.people["front_desk"]["id"]
    asked = ["/halls/h1/arrivals", "/halls/h1/look-ups", "/receptions/r1/leave"]
    assert tablet.reception.told == [(path, desk) for path in asked]


def test_a_pin_is_good_for_one_act(
    tablet: Tablet, database: Database, seller: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the right PIN the act is the colleague's; no session of theirs is left, the next act asks again, no log."""
    assert tablet.set_pin().headers["Location"] == "/my-pin?said=pin_set"
    before = _sessions_of(database, seller)
    done = tablet.send("/halls/h1/clock-in", actor_id=seller, pin=PIN)
    assert (done.status_code, done.headers["Location"]) == (303, "/halls/h1?said=clocked_in")
    assert tablet.reception.told == [("/halls/h1/clock-in", seller)]
    assert 'id="pin"' in tablet.send("/halls/h1/clock-out").text
    assert _sessions_of(database, seller) == before
    assert PIN not in capsys.readouterr().out


def test_a_wrong_pin_loses_nothing(tablet: Tablet, seller: str) -> None:
    """What was typed stays and the PIN does not; after too many the tablet says how long to wait."""
    tablet.reception.board = BOARD | {"line": [BOARD["line"][0] | {"staff_id": seller}], "a": seller}
    tablet.set_pin()
    typed = {"name": "王晓明", "phone": "13800138000", "note": "怕吵", "actor_id": seller, "pin": "97531864"}
    wrong = [tablet.send(f"{_VISIT}/complete", **typed) for _ in range(3)]
    assert [page.status_code for page in wrong] == [403, 403, 429]
    for page, said in zip(wrong, ("PIN不正确", "PIN不正确", "秒后再试"), strict=True):
        assert all(word in page.text for word in (said, "王晓明", "13800138000", "怕吵", f'value="{seller}"'))
        assert "97531864" not in page.text
    tapped = tablet.send("/halls/h1/step-out", reason="meal", actor_id=seller, pin="97531864")
    assert tapped.status_code == 429
    assert 'name="reason" value="meal"' in tapped.text and "97531864" not in tapped.text
    assert tablet.reception.told == []


def test_on_ones_own_screen_nobody_is_asked(tablet: Tablet, company: Company, seller: str) -> None:
    """Signed in as oneself one acts as oneself, whatever a form says."""
    tablet.set_pin()
    manager = tablet.signed_in("manager")
    assert 'id="pin"' not in manager.get("/halls/h1/receptions/r1/complete").text
    tablet.send("/halls/h1/ready", manager, actor_id=seller, pin=PIN)
    assert tablet.reception.told == [("/halls/h1/ready", company.people["manager"]["id"])]


@pytest.mark.parametrize(
    ("pin", "password", "status", "said"),
    [("1234", PASSWORD, 422, "1111或1234"), ("2580", "not mine", 401, "登录密码不正确"), ("", "", 422, "1111或1234")],
)
def test_a_pin_that_is_not_set_is_said(tablet: Tablet, pin: str, password: str, status: int, said: str) -> None:
    """A simple PIN and a wrong password are said on the page of one's own PIN."""
    page = tablet.set_pin(pin, password)
    assert page.status_code == status
    assert said in page.text and 'role="alert"' in page.text


def test_a_tablet_has_no_pin(tablet: Tablet) -> None:
    """The page of one's own PIN is in the menu of people, not of a tablet."""
    assert 'href="/my-pin"' in tablet.signed_in("salesperson").get("/halls/h1").text
    assert 'href="/my-pin"' not in tablet.page.get("/halls/h1").text
    assert tablet.page.get("/my-pin").status_code == 403


def _sessions_of(database: Database, staff_id: str) -> Any:
    with database.read() as tx:
        return tx.execute(select(func.count()).where(sessions.c.staff_id == staff_id)).scalar()
