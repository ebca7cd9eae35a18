"""One customer from all services: what is down, slow, not installed or not permitted says so, and the rest shows."""

import json
import time
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest

from chassis.database import Database
from chassis.web import IdentitySigner
from deploy.demo.client import eventually
from gateway.identity.rules import PERMISSIONS
from gateway.office import Options
from gateway.routing.rules import ServiceDown, ServiceSlow
from gateway.routing.table import Routes
from gateway.routing.transport import Answer, Outgoing, Transport
from gateway.whole_customer.asking import AtOnce, Question
from gateway.whole_customer.rules import PARTS, Code, Told, told_by
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock

PATH = "/api/v1/whole-customers/c1"


class Saying:
    """A service that answers every path alike, and keeps what it was asked."""

    def __init__(self, status: int = 200, body: dict[str, Any] | None = None) -> None:
        self.status, self.body = status, {"customer_id": "c1"} if body is None else body
        self.asked: list[str] = []

    def send(self, outgoing: Outgoing) -> Answer:
        self.asked.append(outgoing.path)
        return Answer(self.status, [], [json.dumps(self.body).encode()])


class Failing:
    """A service that cannot be asked."""

    def __init__(self, failure: type[ServiceDown | ServiceSlow]) -> None:
        self._failure = failure

    def send(self, outgoing: Outgoing) -> Answer:
        raise self._failure(outgoing.path)


class Stuck:
    """A service that answers when it is let."""

    def __init__(self) -> None:
        self.let = Event()

    def send(self, outgoing: Outgoing) -> Answer:
        self.let.wait()
        return Answer(200, [], [b"{}"])


Opened = Callable[..., Door]


@pytest.fixture
def opened(database: Database, wall: WallClock) -> Opened:
    """A gateway in front of these services; what is not named answers."""

    def open_it(**services: Transport) -> Door:
        usual: dict[str, Transport] = {"customers": Saying(), "reception": Saying(), "followups": Saying()}
        return Door(database, Routes(usual | services), IdentitySigner(KEYS.private_pem), wall, Options())

    return open_it


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    one = Stuck()
    yield one
    one.let.set()


def codes(door: Door, who: str = "manager") -> dict[str, str]:
    answer = door.as_(who, "GET", PATH)
    assert answer.status_code == 200, answer.json
    return {name: part["code"] for name, part in answer.json["parts"].items()}  # type: ignore[index]


def test_all_parts_come_together(opened: Opened) -> None:
    """Each part that is installed with what its service said, each other by its code and words."""
    answer = opened().as_("manager", "GET", PATH, headers={"Accept-Language": "en"}).json
    assert answer is not None and list(answer["parts"]) == sorted(part.name for part in PARTS)
    assert answer["parts"]["followups"] == {"code": "here", "text": "shown", "body": {"customer_id": "c1"}}
    assert answer["parts"]["budget"] == {"code": "not_installed", "text": "not installed here", "body": None}


@pytest.mark.parametrize(("failure", "code"), [(ServiceDown, "service_down"), (ServiceSlow, "service_slow")])
def test_one_service_down_leaves_the_rest(opened: Opened, failure: type[ServiceDown | ServiceSlow], code: str) -> None:
    """Its parts say so; those of the others are here. The customers' own service is no exception."""
    told = codes(opened(followups=Failing(failure)))
    assert (told["followups"], told["plan"], told["basics"], told["receptions"]) == (code, code, "here", "here")
    told = codes(opened(customers=Failing(failure)))
    assert (told["basics"], told["contacts"], told["followups"]) == (code, code, "here")


def test_who_does_not_answer_is_not_waited_for(opened: Opened, stuck: Stuck) -> None:
    """A service that says nothing at all costs less than two seconds even on a busy machine, and its parts say so."""
    door = opened(reception=stuck)
    door.app.extensions["whole_customer"] = AtOnce()
    token = door.token("manager")
    eventually(lambda: _all_but_receptions_soon(door, token) or None, "the whole without receptions", 60)
    stuck.let.set()


def _all_but_receptions_soon(door: Door, token: str) -> bool:
    """Whether nothing but what is stuck kept the answer waiting; where much else runs, it is asked for again."""
    began = time.monotonic()
    told = door.ask(token, "GET", PATH).json
    took = time.monotonic() - began
    assert told is not None and told["parts"]["receptions"]["code"] == "service_slow"
    return took < 2 and told["parts"]["basics"]["code"] == "here"


def test_who_never_answers_keeps_nobody_elses_threads(stuck: Stuck) -> None:
    """With all threads of one service waiting for it, another is asked as ever."""
    at_once = AtOnce(threads=1, patience=0)

    def wait_for_it() -> str:
        stuck.let.wait()
        return "late"

    assert at_once.asked({"one": Question("stuck", wait_for_it)}) == {}
    at_once.patience = 10
    assert at_once.asked({"another": Question("well", lambda: "here")}) == {"another": "here"}


def test_a_service_that_is_not_there_is_not_installed(database: Database, wall: WallClock) -> None:
    """Without follow-ups there is no part of theirs, and nothing fails."""
    door = Door(database, Routes({"customers": Saying()}), IdentitySigner(KEYS.private_pem), wall, Options())
    told = codes(door)
    assert (told["basics"], told["followups"], told["receptions"]) == ("here", "not_installed", "not_installed")


def test_a_customer_out_of_reach_is_not_found(opened: Opened) -> None:
    """When the customers' service knows no such customer for the asker, nothing of the others is shown."""
    answer = opened(customers=Saying(404, {"code": "unknown_customer"})).as_("salesperson", "GET", PATH)
    assert answer.status_code == 404
    assert answer.json is not None and answer.json["code"] == "unknown_customer" and "parts" not in answer.json


def test_an_erased_customer_says_so(opened: Opened) -> None:
    """Each part that says who it was is erased, and says so; what happened still shows."""
    told = codes(opened(customers=Saying(410, {"code": "customer_erased"})))
    assert (told["basics"], told["contacts"], told["receptions"]) == ("erased", "erased", "here")


def test_what_is_not_permitted_is_not_asked(opened: Opened) -> None:
    """Each part is asked for only where the asker's role may read it."""
    followups = Saying()
    door = opened(followups=followups)
    assert door.as_("front_desk", "GET", PATH).status_code == 403
    assert door.client().get(PATH).status_code == 401
    assert followups.asked == []
    assert {part.permission for part in PARTS} <= PERMISSIONS


def test_ids_are_no_paths(opened: Opened) -> None:
    """What stands for the id is quoted: it leads to no other path of a service."""
    customers = Saying()
    opened(customers=customers).as_("manager", "GET", "/api/v1/whole-customers/a%3Fb=c")
    assert sorted(customers.asked)[0] == "/api/v1/customers/a%3Fb%3Dc"


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, {"a": 1}, Told(Code.HERE, {"a": 1})),
        (403, {}, Told(Code.NOT_PERMITTED)),
        (404, {"code": "not_found"}, Told(Code.NOT_INSTALLED)),
        (404, {"code": "unknown_plan"}, Told(Code.NOTHING)),
        (409, {"code": "in_recycle_bin"}, Told(Code.IN_RECYCLE_BIN)),
        (500, {}, Told(Code.TROUBLE)),
        (503, {}, Told(Code.DOWN)),
        (504, {}, Told(Code.SLOW)),
    ],
)
def test_replies_are_told_apart(status: int, body: dict[str, Any], told: Told) -> None:
    """Nothing known of the customer is another thing than nothing installed."""
    assert told_by(status, body) == told
