"""Bad input at the one door of the running system: one clear message that says what to do, and nothing half done."""

import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urllib3 import BaseHTTPResponse, PoolManager

from tests.journeys.system import SingleMachine

_POOL = PoolManager(retries=False, timeout=60)
_JSON = {"Content-Type": "application/json"}


class _Door:
    """The hall's door, as the manager of the demo's branch."""

    def __init__(self, system: SingleMachine) -> None:
        self._url = system.url
        api = system.as_person("manager")
        account = system.accounts()["manager"]
        credentials = {"username": account.username, "password": account.password}
        self.token: str = api.post("/api/v1/auth/token", credentials)["access_token"]
        self.arrivals = f"/api/v1/reception/halls/{api.get('/api/v1/reception/halls')['items'][0]['hall_id']}/arrivals"
        self.api = api

    def send(
        self,
        path: str,
        body: bytes,
        headers: dict[str, str] | None = None,
        token: str | None = None,
        method: str = "POST",
    ) -> BaseHTTPResponse:
        sent = _JSON | {"Authorization": f"Bearer {token or self.token}"} | (headers or {})
        return _POOL.request(method, self._url + path, body=body, headers=sent)


@pytest.fixture
def door(system: SingleMachine) -> _Door:
    return _Door(system)


def _problem(answer: BaseHTTPResponse, status: int, code: str) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json", answer.data
    problem: dict[str, Any] = answer.json()
    assert (answer.status, problem["code"]) == (status, code)
    assert problem["title"] and problem["detail"] and problem["instance"]
    return problem


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b'{"kind": ', {}, 400, "malformed_body"),
        (b'{"kind": "first_visit", "party_size": "two"}', {}, 422, "invalid"),
        (b'{"kind": "first_visit", "colour": "red"}', {}, 422, "invalid"),
        (b'{"kind": "a stroll"}', {}, 422, "invalid"),
        (b"kind=first_visit", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "wrong_content_type"),
        (b" " * 5_000_000, {}, 413, "body_too_large"),
    ],
    ids=["malformed", "wrong type", "unknown field", "unknown kind", "content type", "5 MB"],
)
def test_a_bad_body_is_refused_and_nobody_arrived(
    door: _Door, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    """Each bad body has its own answer in the reader's language, and no arrival is recorded."""
    board = door.arrivals.replace("arrivals", "board")
    before = door.api.get(board)["today"]
    chinese = _problem(door.send(door.arrivals, body, headers), status, code)
    english = _problem(door.send(door.arrivals, body, headers | {"Accept-Language": "en"}), status, code)
    assert chinese["detail"] != english["detail"]
    assert door.api.get(board)["today"] == before


def test_a_wrong_field_is_named(door: _Door) -> None:
    """The answer names each field that is wrong."""
    problem = _problem(door.send(door.arrivals, b'{"kind": "first_visit", "colour": "red"}'), 422, "invalid")
    assert "colour" in json.dumps(problem["errors"])


def test_an_unknown_branch_is_refused(system: SingleMachine) -> None:
    """Headquarters naming a branch that does not exist is told which, and no hall is opened."""
    headquarters = _Door(system)
    token = system.as_person("hq").post(
        "/api/v1/auth/token", {"username": "hq", "password": system.accounts()["hq"].password}
    )["access_token"]
    body = json.dumps({"name": "nowhere", "branch_id": "no-such-branch"}).encode()
    problem = _problem(headquarters.send("/api/v1/reception/halls", body, token=token), 422, "unknown_branch")
    assert "no-such-branch" in problem["detail"]


def test_another_branchs_hall_is_not_there(system: SingleMachine, door: _Door) -> None:
    """For a manager of the other branch the hall does not exist, whatever they try."""
    account = system.accounts()["westmanager"]
    credentials = {"username": account.username, "password": account.password}
    token = system.as_person("westmanager").post("/api/v1/auth/token", credentials)["access_token"]
    _problem(door.send(door.arrivals, b'{"kind": "first_visit"}', token=token), 404, "unknown_hall")


def test_an_identity_from_outside_is_not_believed(door: _Door) -> None:
    """A forged identity of the inside, handed to the gateway, is no sign-in."""
    claims = {"sub": "x", "iat": 0, "exp": 2**31, "kind": "person", "role": "headquarters", "reach": "all"}
    claims |= {"branch": None, "team": None, "permissions": ["reception.receive"]}
    forged = jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA")
    assert door.send(door.arrivals, b'{"kind": "first_visit"}', token=forged).status == 401


def test_a_sign_in_that_was_ended_is_over(door: _Door) -> None:
    """After revoking, the token opens nothing."""
    assert door.send("/api/v1/auth/revoke", b"{}").status == 204
    assert door.send(door.arrivals, b'{"kind": "first_visit"}').status == 401
