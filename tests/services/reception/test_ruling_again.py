"""撞单 (一.6): a visitor turns out to be somebody's customer, and the reception is ruled again."""

from typing import Any

import pytest

from tests.services import synthetic
from tests.services.asking import code_of
from tests.services.reception.office import FRONT_DESK, HEADQUARTERS, MANAGER, SUPERVISOR, WEST_MANAGER, Office, seller
from tests.services.reception.test_receiving import announced
from tests.services.synthetic import named

PHONE = "13800138000"
WHY = {"reason": "是老客户"}


def own(office: Office, customer: str = "chen", owner: str | None = "zhao") -> None:
    """A customer that is this person's."""
    office.hear(synthetic.customer(customer, owner_id=owner and named(owner)))


def ask(office: Office, reception: dict[str, Any], who: Any = FRONT_DESK, **said: Any) -> dict[str, Any]:
    claim = {"customer_id": named("chen")} | WHY | said
    answer = office.act(who, reception, "re-ruling", claim)
    assert answer.status_code == 201, answer.get_json()
    return dict(answer.get_json())


def confirm(office: Office, reception: dict[str, Any], who: Any = SUPERVISOR) -> dict[str, Any]:
    answer = office.act(who, reception, "re-ruling/confirm", {})
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def test_during_the_reception_the_original_can_take_over(office: Office) -> None:
    """一.6: on duty at the assignment, the original takes over from the server, who keeps the place."""
    own(office)
    office.come("li", "wu", "zhao")
    arrived = office.visit()
    assert ask(office, arrived)["state"] == "asked"
    assert office.seen(arrived)["kind"] == "first_visit"
    assert confirm(office, arrived)["decided_by"] == named("supervisor")
    ruled = office.seen(arrived)
    assert (ruled["kind"], ruled["role"], ruled["original_id"]) == ("returning", "stand_in", named("zhao"))
    assert ruled["why"]["code"] == "ruled_again_stand_in"
    assert "Ruled again" in ruled["why"]["text"]
    assert office.act(seller("zhao"), arrived, "take-over").status_code == 200
    assert office.board()["a"] == named("li")
    done = office.complete("zhao", arrived, PHONE)
    assert (done["turn"], done["credit_rule"], done["owner_id"]) == ("kept", "owner", named("zhao"))
    assert office.line() == [named("li"), named("wu"), named("zhao")] == office.replayed()
    assert announced(office, "reception.changed.v1")[0]["role"] == "stand_in"


def test_after_completion_the_turn_is_taken_back(office: Office) -> None:
    """一.6: the original was on duty, so by a correcting entry the server stands again where they stood, ahead of A."""
    own(office)
    office.come("li", "wu", "zhao")
    arrived = office.visit()
    office.complete("li", arrived, PHONE)
    office.later(hours=2)
    assert office.line()[-1] == named("li")
    ask(office, arrived, SUPERVISOR, confirm=True)
    ruled = office.seen(arrived)
    assert (ruled["turn"], ruled["credit_rule"], ruled["owner_id"]) == ("kept", "owner", named("zhao"))
    assert office.line() == [named("li"), named("wu"), named("zhao")] == office.replayed()
    (told,) = announced(office, "reception.credit_corrected.v1")
    assert (told["state"], told["turn"], told["original_id"]) == ("completed", "kept", named("zhao"))
    assert announced(office, "line.changed.v1")[-1]["cause"] == "corrected"


@pytest.mark.parametrize(
    ("relation", "kind", "credit"),
    [("self", "returning", "half_each"), ("spouse", "returning", "half_each"), ("friend", "referral", "server")],
)
def test_off_duty_the_turn_stays_used(office: Office, relation: str, kind: str, credit: str) -> None:
    """一.6: the original was not at work; clocking in later does not help. Credit is by 一.6: half, or all A's."""
    own(office)
    office.come("li", "wu")
    arrived = office.visit()
    office.later(minutes=5)
    office.come("zhao")
    office.complete("li", arrived, PHONE)
    ask(office, arrived, SUPERVISOR, confirm=True, relation=relation)
    ruled = office.seen(arrived)
    assert (ruled["kind"], ruled["role"], ruled["turn"], ruled["credit_rule"]) == (kind, "whole_visit", "used", credit)
    (told,) = announced(office, "reception.credit_corrected.v1")
    assert (told["kind"], told["known_customer_id"]) == (kind, named("chen"))  # who it was, or who brought them
    assert office.line()[-1] == named("li")


def test_the_original_left_before_the_end(office: Office) -> None:
    """一.6: off duty for credit, and the server keeps the promised place."""
    own(office)
    office.come("li", "zhao")
    arrived = office.visit()
    office.later(minutes=5)
    office.go("zhao")
    office.later(minutes=5)
    office.complete("li", arrived, PHONE)
    ask(office, arrived, MANAGER, original_id=named("zhao"), customer_id=None, confirm=True)
    assert (office.seen(arrived)["turn"], office.seen(arrived)["credit_rule"]) == ("kept", "half_each")


def test_an_own_customer_uses_no_turn(office: Office) -> None:
    """The visitor turns out to be the server's own old customer."""
    own(office, owner="li")
    office.come("li", "wu")
    arrived = office.visit()
    office.complete("li", arrived, PHONE)
    ask(office, arrived, SUPERVISOR, confirm=True)
    assert (office.seen(arrived)["role"], office.seen(arrived)["turn"]) == ("original", "kept")
    assert office.line()[0] == named("li")


def test_a_waiting_visitor_goes_to_the_original(office: Office) -> None:
    """Ruled while waiting, the visitor is the original's as soon as that one is free."""
    own(office)
    waiting = office.visit()
    ask(office, waiting, SUPERVISOR, confirm=True)
    office.come("zhao")
    assert (office.seen(waiting)["server_id"], office.seen(waiting)["role"]) == (named("zhao"), "original")


def test_the_customer_of_somebody_who_left(office: Office) -> None:
    """An original who works here no more was off duty: half each."""
    own(office, owner="gone")
    office.come("li")
    arrived = office.visit()
    office.complete("li", arrived, PHONE)
    ask(office, arrived, SUPERVISOR, confirm=True)
    assert (office.seen(arrived)["role"], office.seen(arrived)["credit_rule"]) == ("whole_visit", "half_each")


def test_a_visitor_who_left_after_the_greeting(office: Office) -> None:
    """一.6: nobody was registered, but the original was on duty: the turn that it cost is taken back."""
    own(office)
    office.come("li", "wu", "zhao")
    arrived = office.visit()
    office.greet("li", arrived)
    office.leave(seller("li"), arrived)
    assert office.line()[-1] == named("li")
    ask(office, arrived, SUPERVISOR, confirm=True)
    assert office.line()[0] == named("li") == office.replayed()[0]
    assert announced(office, "reception.credit_corrected.v1") == []


def test_an_arrival_that_was_undone_is_nobodys(office: Office) -> None:
    """What never was is not ruled again."""
    own(office)
    office.come("li")
    arrived = office.visit()
    entries = office.did(MANAGER, "GET", office.path("register"))["items"]
    (n,) = [entry["n"] for entry in entries if entry["kind"] == "reception.opened"]
    assert office.tried(FRONT_DESK, "POST", office.path(f"register/{n}/undo"), {}).status_code == 200
    answer = office.act(FRONT_DESK, arrived, "re-ruling", WHY | {"customer_id": named("chen")})
    assert code_of(answer) == "wrong_state"


def test_a_refusal_leaves_everything(office: Office) -> None:
    """Refused with a reason, the reception stays as it is, and may be asked about again."""
    own(office)
    office.come("li", "zhao")
    arrived = office.visit()
    ask(office, arrived)
    refused = office.act(MANAGER, arrived, "re-ruling/refuse", {"reason": "同名不同人"}).get_json()
    assert (refused["state"], refused["decided_because"]) == ("refused", "同名不同人")
    assert office.seen(arrived)["kind"] == "first_visit"
    ask(office, arrived, seller("wu"))
    path = office.path("re-rulings")
    asked = office.did(MANAGER, "GET", path)["items"]
    assert [one["state"] for one in asked] == ["asked", "refused"]
    assert office.tried(WEST_MANAGER, "GET", path).status_code == 404


def test_who_decides(office: Office) -> None:
    """Only who leads confirms, and nobody in an own case; each refusal says what to do, in both languages."""
    own(office, owner="supervisor")
    office.hear(synthetic.staff("supervisor", role="supervisor"))
    office.come("li")
    arrived = office.visit()
    ask(office, arrived)
    for who, code in ((seller("wu"), "supervisors_decide"), (SUPERVISOR, "own_case")):
        for step, said in (("confirm", {}), ("refuse", WHY)):
            answer = office.act(who, arrived, f"re-ruling/{step}", said)
            assert (answer.status_code, code_of(answer)) == (403, code)
    assert office.act(MANAGER, arrived, "re-ruling/confirm", {}).status_code == 200
    at_once = office.act(
        seller("wu"), office.visit(), "re-ruling", {"customer_id": named("chen"), "confirm": True} | WHY
    )
    assert code_of(at_once) == "supervisors_decide"


def test_what_cannot_be_asked(office: Office) -> None:
    """Nobody named, a customer of nobody, nothing new, twice, an ended day: each refused, and nothing is left."""
    own(office)
    own(office, "pooled", None)
    office.come("li")
    arrived = office.visit()
    for said, code in (
        ({}, "whose_customer"),
        ({"customer_id": named("nobody")}, "unknown_customer"),
        ({"customer_id": named("pooled")}, "nobodys_customer"),
        ({"original_id": named("stranger")}, "unknown_staff"),
    ):
        assert code_of(office.act(FRONT_DESK, arrived, "re-ruling", WHY | said)) == code
    assert code_of(office.act(MANAGER, arrived, "re-ruling/confirm", {})) == "nothing_asked"
    office.complete("li", arrived, PHONE)
    ask(office, arrived)
    assert (
        code_of(office.act(FRONT_DESK, arrived, "re-ruling", WHY | {"customer_id": named("chen")})) == "already_asked"
    )
    confirm(office, arrived)
    assert (
        code_of(office.act(FRONT_DESK, arrived, "re-ruling", WHY | {"customer_id": named("chen")})) == "nothing_to_rule"
    )
    office.later(days=1)
    late = office.act(FRONT_DESK, arrived, "re-ruling", WHY | {"original_id": named("wu")})
    assert (late.status_code, code_of(late)) == (409, "too_late")


def test_confirmed_after_the_day_the_line_stays(office: Office) -> None:
    """Asked on the day and confirmed after it: the credit is put right, the line of that day is past."""
    own(office)
    office.come("li", "zhao")
    arrived = office.visit()
    office.complete("li", arrived, PHONE)
    ask(office, arrived)
    office.later(days=1)
    confirm(office, arrived, HEADQUARTERS)
    assert (office.seen(arrived)["credit_rule"], office.seen(arrived)["turn"]) == ("owner", "used")
    assert office.line()[-1] == named("li")
