"""Signing in and out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chassis.database import Database
from gateway.identity.rules import ROLES
from gateway.sign_in.actions import Attempt, sign_in
from gateway.sign_in.rules import Policy, SignInRefused, TooManyAttempts, csrf_proof, free_again
from tests.gateway.company import PASSWORD, Company
from tests.gateway.door import Door, WallClock


def test_token(door: Door, company: Company) -> None:
    """The right password gives a token, and the token tells who one is."""
    answer = door.sign_in("salesperson").json
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 12 * 3600)
    me = door.ask(answer["access_token"], "GET", "/api/v1/auth/me").json
    assert (me["actor_id"], me["branch_id"]) == (company.people["salesperson"]["id"], company.east)
    assert (me["role"], me["reach"]) == ("salesperson", "own")
    assert me["permissions"] == sorted(ROLES["salesperson"].permissions)


@pytest.mark.parametrize(("username", "password"), [("salesperson", "wrong"), ("nobody", PASSWORD), ("", PASSWORD)])
def test_refused_alike(door: Door, username: str, password: str) -> None:
    """Whether the name or the password is wrong is not told."""
    answer = door.sign_in(username or "\u200b", password)
    assert (answer.status_code, answer.json["code"]) == (401, "sign_in_refused")


def test_username_is_read_kindly(door: Door) -> None:
    """Capitals, full-width letters and spaces around a username do not matter."""
    assert door.sign_in("  ＭＡＮＡＧＥＲ ").status_code == 200


def test_who_has_left(door: Door, company: Company) -> None:
    """Who has left cannot sign in, and what they had open is closed at once."""
    old = door.token("salesperson")
    path = f"/api/v1/identity/staff/{company.people['salesperson']['id']}"
    left = door.as_("headquarters", "PATCH", path, json={"active": False}, headers={"If-Match": '"1"'})
    assert left.status_code == 200, left.json
    assert door.ask(old, "GET", "/api/v1/auth/me").status_code == 401
    assert door.sign_in("salesperson").status_code == 401


def test_coming_back_does_not_reopen(door: Door, company: Company) -> None:
    """A session ended by leaving stays ended when the person comes back."""
    old = door.token("salesperson")
    path = f"/api/v1/identity/staff/{company.people['salesperson']['id']}"
    hq = door.token("headquarters")
    for version, active in enumerate((False, True), 1):
        door.ask(hq, "PATCH", path, json={"active": active}, headers={"If-Match": f'"{version}"'})
    assert door.ask(old, "GET", "/api/v1/auth/me").status_code == 401
    assert door.sign_in("salesperson").status_code == 200


def test_another_password_ends_sessions(door: Door, company: Company) -> None:
    """With another password, what was opened with the old one is over."""
    old = door.token("salesperson")
    path = f"/api/v1/identity/staff/{company.people['salesperson']['id']}/password"
    assert door.as_("headquarters", "POST", path, json={"password": "another password"}).status_code == 204
    assert door.ask(old, "GET", "/api/v1/auth/me").status_code == 401
    assert door.sign_in("salesperson", "another password").status_code == 200


def test_revoked(door: Door) -> None:
    """A revoked token opens nothing, from the next request on."""
    token = door.token("manager")
    assert door.ask(token, "GET", "/api/v1/auth/me").status_code == 200
    assert door.ask(token, "POST", "/api/v1/auth/revoke").status_code == 204
    assert door.ask(token, "GET", "/api/v1/auth/me").status_code == 401


def test_expired(door: Door, wall: WallClock) -> None:
    """After twelve hours a token is over, also for a process that has just seen it."""
    token = door.token("manager")
    assert door.ask(token, "GET", "/api/v1/auth/me").status_code == 200
    wall.pass_by(timedelta(hours=12))
    assert door.ask(token, "GET", "/api/v1/auth/me").status_code == 401


@pytest.mark.parametrize("header", ["Bearer at_made-up", "Bearer ak_made-up", "Bearer ", "Basic bWFuYWdlcjp4", "x"])
def test_made_up(door: Door, header: str) -> None:
    """What was not given out here opens nothing."""
    answer = door.client().get("/api/v1/auth/me", headers={"Authorization": header})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_throttled_and_free_again(door: Door, wall: WallClock) -> None:
    """After ten failures even the right password waits, for as long as Retry-After says."""
    for _ in range(10):
        assert door.sign_in("manager", "wrong").status_code == 401
    refused = door.sign_in("manager")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert door.sign_in("salesperson").status_code == 200
    wall.pass_by(timedelta(seconds=900))
    assert door.sign_in("manager").status_code == 200


def test_throttled_by_address(door: Door) -> None:
    """One address that tries many names is stopped, and others go on."""
    there = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    for number in range(50):
        assert door.sign_in(f"guess{number}", "wrong", **there).status_code == 401
    assert door.sign_in("manager", **there).status_code == 429
    assert door.sign_in("manager").status_code == 200


def test_success_does_not_count(door: Door) -> None:
    """Signing in often with the right password is no failure."""
    assert {door.sign_in("manager").status_code for _ in range(12)} == {200}


def test_throttle_is_exact(any_database: Database, wall: WallClock) -> None:
    """Twenty threads at once: ten passwords are looked at, not one more."""
    attempt = Attempt("nobody", "wrong", "192.0.2.1")

    def outcome(_number: int) -> type[Exception]:
        try:
            sign_in(any_database, wall, Policy(), attempt, "token")
        except (SignInRefused, TooManyAttempts) as error:
            return type(error)
        raise AssertionError

    with ThreadPoolExecutor(20) as threads:
        outcomes = list(threads.map(outcome, range(40)))
    assert outcomes.count(SignInRefused) == 10


def test_free_again_slides(wall: WallClock) -> None:
    """The window slides: the next attempt is free when the oldest failure that counts is old enough."""
    now = wall.now()
    failures = [now + timedelta(minutes=minute) for minute in range(3)]
    assert free_again(failures, 4, timedelta(minutes=15)) is None
    assert free_again(failures, 3, timedelta(minutes=15)) == now + timedelta(minutes=15)
    assert free_again(failures, 2, timedelta(minutes=15)) == now + timedelta(minutes=16)


def test_cookie_needs_its_proof(door: Door, database: Database, wall: WallClock) -> None:
    """By cookie one may read; to change something a request brings the session's own proof."""
    token = sign_in(database, wall, Policy(), Attempt("headquarters", PASSWORD, "192.0.2.1"), "cookie").token
    client = door.client()
    client.set_cookie("anchang_session", token)
    new = {"code": "N", "name": "北区"}
    assert client.get("/api/v1/identity/branches").status_code == 200
    assert client.post("/api/v1/identity/branches", json=new).json["code"] == "cross_site_request"
    wrong = client.post("/api/v1/identity/branches", json=new, headers={"X-CSRF-Token": csrf_proof("another")})
    assert wrong.status_code == 403
    right = client.post("/api/v1/identity/branches", json=new, headers={"X-CSRF-Token": csrf_proof(token)})
    assert right.status_code == 201, right.json


def test_token_is_no_cookie(door: Door) -> None:
    """A token for programs does not pass as a cookie."""
    client = door.client()
    client.set_cookie("anchang_session", door.token("manager"))
    assert client.get("/api/v1/auth/me").status_code == 401


def test_password_is_not_shown() -> None:
    """An attempt that is logged by accident shows no password."""
    assert PASSWORD not in repr(Attempt("manager", PASSWORD, "192.0.2.1"))
