"""Acts at a shared tablet: each needs the PIN of the one who acts."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from gateway.sign_in.rules import PinTooSimple, check_pin
from tests.gateway.company import PASSWORD, Company
from tests.gateway.door import Door, WallClock

PIN = "2580"


def set_pin(door: Door, username: str = "salesperson", pin: str = PIN, password: str = PASSWORD) -> TestResponse:
    return door.as_(username, "PUT", "/api/v1/auth/pin", json={"password": password, "pin": pin})


def act(door: Door, staff_id: str, pin: str = PIN, tablet: str = "front_desk") -> Any:
    return door.as_(tablet, "POST", "/api/v1/auth/act", json={"staff_id": staff_id, "pin": pin})


def test_a_pin_makes_a_minute_of_ones_own(door: Door, company: Company, wall: WallClock) -> None:
    """At the front desk's tablet the PIN gives a token that is the colleague's, for one minute."""
    assert set_pin(door).status_code == 204
    answer = act(door, company.people["salesperson"]["id"])
    assert (answer.status_code, answer.json["expires_in"]) == (200, 60)
    token = answer.json["access_token"]
    me = door.ask(token, "GET", "/api/v1/auth/me").json
    assert (me["actor_id"], me["role"]) == (company.people["salesperson"]["id"], "salesperson")
    wall.pass_by(timedelta(minutes=1))
    assert door.ask(token, "GET", "/api/v1/auth/me").status_code == 401


def test_a_wrong_pin_and_an_unknown_one_are_refused_alike(door: Door, company: Company) -> None:
    """Wrong, not set, of nobody: the tablet is not told which."""
    unset = act(door, company.people["salesperson"]["id"])
    set_pin(door)
    wrong = act(door, company.people["salesperson"]["id"], "2581")
    nobody = act(door, "nobody")
    assert {(one.status_code, one.json["code"]) for one in (unset, wrong, nobody)} == {(403, "pin_refused")}


def test_guessing_a_pin_is_stopped(door: Door, company: Company) -> None:
    """After ten wrong PINs the right one is not looked at either, until a quarter of an hour has passed."""
    set_pin(door)
    tablet = door.token("front_desk")
    body = {"staff_id": company.people["salesperson"]["id"], "pin": "9753"}
    for _ in range(10):
        assert door.ask(tablet, "POST", "/api/v1/auth/act", json=body).status_code == 403
    right = door.ask(tablet, "POST", "/api/v1/auth/act", json=body | {"pin": PIN})
    assert (right.status_code, "Retry-After" in right.headers) == (429, True)


def test_a_pin_works_at_its_own_branch_only(door: Door, company: Company) -> None:
    """A tablet of another branch does not act for somebody of this one."""
    set_pin(door)
    answer = act(door, company.people["salesperson"]["id"], tablet="westerner")
    assert (answer.status_code, answer.json["code"]) == (403, "pin_refused")


def test_setting_a_pin_takes_the_password(door: Door, company: Company) -> None:
    """Whoever finds a phone unlocked cannot set a PIN and act as its owner."""
    refused = set_pin(door, password="not mine at all")
    assert (refused.status_code, refused.json["code"]) == (401, "sign_in_refused")
    assert act(door, company.people["salesperson"]["id"]).status_code == 403


def test_guessing_the_password_for_a_pin_is_stopped(door: Door) -> None:
    """Wrong passwords count with the person's sign-ins: after ten, neither opens to the right one."""
    token = door.token("salesperson")
    for _ in range(10):
        wrong = door.ask(token, "PUT", "/api/v1/auth/pin", json={"password": "a guess", "pin": PIN})
        assert wrong.status_code == 401
    right = door.ask(token, "PUT", "/api/v1/auth/pin", json={"password": PASSWORD, "pin": PIN})
    assert (right.status_code, right.json["code"]) == (429, "too_many_attempts")  # type: ignore[index]
    assert door.sign_in("salesperson").status_code == 429


@pytest.mark.parametrize("pin", ["1111", "1234", "4321", "123", "123456789", "12a4", "", "１２８４"])
def test_a_pin_that_anybody_would_try_is_refused(pin: str) -> None:
    """Four to eight digits, not all the same, not counting up or down."""
    with pytest.raises(PinTooSimple):
        check_pin(pin)


@pytest.mark.parametrize("pin", ["2580", "1213", "90909090"])
def test_other_pins_are_taken(pin: str) -> None:
    """Any other four to eight digits will do."""
    check_pin(pin)


def test_a_simple_pin_is_refused_with_advice(door: Door, company: Company) -> None:
    """The refusal says what a PIN must be."""
    refused = set_pin(door, pin="1234")
    assert (refused.status_code, refused.json["code"]) == (422, "pin_too_simple")
    assert "1234" in refused.json["detail"]
