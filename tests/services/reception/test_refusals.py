"""Everything that reception refuses, with the status and the words for it."""

from typing import Any

import pytest

from chassis.identity import Who
from tests.services.asking import code_of
from tests.services.reception.office import (
    ALL_DAY,
    FRONT_DESK,
    HEADQUARTERS,
    MANAGER,
    WEST_MANAGER,
    Office,
    seller,
)
from tests.services.synthetic import EAST, named

VISITOR = {"name": "王小明", "phone": "13800138000"}
FIRST = {"kind": "first_visit"}


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """On SQLite alone: what is refused does not depend on the database."""
    return sqlite_office


def refused(office: Office, who: Who | None, method: str, path: str, body: Any = None, **options: Any) -> Any:
    """Status and code of a refusal."""
    answer = office.tried(who, method, path, body, **options)
    return answer.status_code, code_of(answer)


def of(reception: dict[str, Any], what: str) -> str:
    return f"/api/v1/reception/receptions/{reception['reception_id']}/{what}"


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("GET", "board", None),
        ("GET", "roster", None),
        ("PUT", "roster", {"shifts": []}),
        ("POST", "members", {"staff_id": "x"}),
        ("PUT", "line", {"order": [], "reason": "x"}),
        ("POST", "arrivals", FIRST),
        ("POST", "clock-in", None),
        ("POST", "clock-out", None),
    ],
)
def test_another_branchs_hall_does_not_exist(office: Office, method: str, what: str, body: Any) -> None:
    """A hall of another branch and a hall that never was answer the same: 404."""
    for hall in (office.hall, "nowhere"):
        path = f"/api/v1/reception/halls/{hall}/{what}"
        assert refused(office, WEST_MANAGER, method, path, body) == (404, "unknown_hall")


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [("GET", "explanation", None), ("POST", "greet", None), ("POST", "complete", VISITOR), ("POST", "leave", None)],
)
def test_another_branchs_reception_does_not_exist(office: Office, method: str, what: str, body: Any) -> None:
    """Nobody of another branch sees a reception or acts in it: 404."""
    reception = office.visit()
    assert refused(office, WEST_MANAGER, method, of(reception, what), body) == (404, "unknown_reception")
    unknown = {"reception_id": "none"}
    assert refused(office, MANAGER, method, of(unknown, what), body) == (404, "unknown_reception")


def test_without_an_identity_or_permission(office: Office) -> None:
    """401 without an identity; 403 where the role may not, before the body is looked at."""
    assert office.tried(None, "GET", office.path("board")).status_code == 401
    assert refused(office, FRONT_DESK, "POST", office.path("clock-in")) == (403, "permission_missing")
    assert refused(office, seller("li"), "PUT", office.path("line"), {"x": 1}) == (403, "permission_missing")
    assert refused(office, seller("li"), "POST", "/api/v1/reception/halls", {}) == (403, "permission_missing")


def test_clocking_in_takes_a_shift(office: Office) -> None:
    """Whoever is not rostered now cannot come on duty."""
    office.roster({"staff_id": named("li"), "weekdays": [1], "starts": "10:00", "ends": "18:00"})
    assert refused(office, seller("li"), "POST", office.path("clock-in")) == (409, "not_rostered")
    office.later(hours=1)
    office.come("li")


def test_clocking_in_and_out_once(office: Office) -> None:
    """Twice on duty and twice off are refused."""
    assert refused(office, seller("li"), "POST", office.path("clock-out")) == (409, "not_on_duty")
    office.come("li")
    assert refused(office, seller("li"), "POST", office.path("clock-in")) == (409, "already_on_duty")
    office.go("li")
    assert refused(office, seller("li"), "POST", office.path("clock-out")) == (409, "not_on_duty")


def test_clocking_in_takes_a_place_in_the_line(office: Office) -> None:
    """Rostered but not in the line: refused, and nobody is on duty afterwards."""
    hall = office.did(MANAGER, "POST", "/api/v1/reception/halls", {"name": "二号案场"})["hall_id"]
    path = f"/api/v1/reception/halls/{hall}"
    shifts = {"shifts": [ALL_DAY | {"staff_id": named("li")}]}
    office.did(MANAGER, "PUT", f"{path}/roster", shifts, headers={"If-Match": '"0"'})
    assert refused(office, seller("li"), "POST", f"{path}/clock-in") == (409, "not_on_the_line")
    office.come("li")


def test_who_serves_in_one_hall_does_not_come_to_another(office: Office) -> None:
    """Clocked out while serving, one finishes there before clocking in at the second hall."""
    hall = office.did(MANAGER, "POST", "/api/v1/reception/halls", {"name": "二号案场"})["hall_id"]
    path = f"/api/v1/reception/halls/{hall}"
    office.did(MANAGER, "POST", f"{path}/members", {"staff_id": named("li")})
    shifts = {"shifts": [ALL_DAY | {"staff_id": named("li")}]}
    office.did(MANAGER, "PUT", f"{path}/roster", shifts, headers={"If-Match": '"0"'})
    office.come("li")
    serving = office.visit()
    assert refused(office, seller("li"), "POST", f"{path}/clock-in") == (409, "already_on_duty")
    office.go("li")
    assert refused(office, seller("li"), "POST", f"{path}/clock-in") == (409, "still_serving")
    office.complete("li", serving, "13800138000")
    office.did(seller("li"), "POST", f"{path}/clock-in")


@pytest.mark.parametrize(
    "arrival",
    [
        FIRST | {"relation": "boss"},
        {"kind": "king"},
        FIRST | {"party_size": 0},
        FIRST | {"party_size": "2"},
        FIRST | {"x": 1},
    ],
)
def test_an_arrival_of_no_known_form(office: Office, arrival: dict[str, Any]) -> None:
    """A kind or party that does not exist is refused and leaves nobody waiting."""
    assert refused(office, FRONT_DESK, "POST", office.path("arrivals"), arrival) == (422, "invalid")
    assert office.board()["waiting"] == []


def test_a_stranger_does_not_greet(office: Office) -> None:
    """Somebody of the branch who does not stand in the hall's line cannot say greeted."""
    office.come("li")
    reception = office.visit()
    assert refused(office, seller("sun"), "POST", of(reception, "greet")) == (403, "not_of_this_hall")


def test_a_shared_tablet_does_nobodys_part(office: Office) -> None:
    """Without a PIN the door greets, completes and witnesses for nobody, and lets nobody go who was called."""
    office.come("li")
    reception = office.visit()
    for what, body in (("greet", None), ("complete", VISITOR), ("witness", None), ("take-over", None)):
        assert refused(office, FRONT_DESK, "POST", of(reception, what), body) == (403, "permission_missing")
    assert refused(office, FRONT_DESK, "POST", of(reception, "leave")) == (403, "act_in_person")


def test_a_colleague_does_not_complete(office: Office) -> None:
    """Another's visitor is registered by the server or by who leads."""
    office.come("li", "wu")
    reception = office.visit()
    assert refused(office, seller("wu"), "POST", of(reception, "complete"), VISITOR) == (403, "not_your_reception")


def test_who_was_called_does_not_say_that_the_visitor_left(office: Office) -> None:
    """Before the greeting somebody else says so; after it only the server or who leads."""
    office.come("li", "wu")
    reception = office.visit()
    assert refused(office, seller("li"), "POST", of(reception, "leave")) == (403, "somebody_else_must_say")
    office.greet("li", reception)
    assert refused(office, seller("wu"), "POST", of(reception, "leave")) == (403, "not_your_reception")


def test_what_has_ended_does_not_go_on(office: Office) -> None:
    """Greeting, completing or leaving after the end, and completing who waits, are refused with the state."""
    waiting = office.visit()
    assert refused(office, MANAGER, "POST", of(waiting, "complete"), VISITOR) == (409, "wrong_state")
    assert refused(office, MANAGER, "POST", of(waiting, "greet")) == (409, "wrong_state")
    office.come("li")
    office.complete("li", waiting, "13800138000")
    for what, body in (("complete", VISITOR), ("greet", None), ("leave", None)):
        assert refused(office, seller("li"), "POST", of(waiting, what), body) == (409, "wrong_state")
    assert "completed" in office.act(seller("li"), waiting, "greet").get_json()["detail"]


@pytest.mark.parametrize("phone", ["12345", "abc", "138001380001", "+1 555", "00000000000"])
def test_a_phone_that_does_not_exist(office: Office, phone: str) -> None:
    """A bad phone is refused, and the reception stays as it was."""
    office.come("li")
    reception = office.visit()
    answer = refused(office, seller("li"), "POST", of(reception, "complete"), VISITOR | {"phone": phone})
    assert answer == (422, "bad_phone")
    assert office.seen(reception)["state"] == "assigned"


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"name": "  "}, {"progress": 101}, {"next_contact": "soon"}, {"phone": None}, {"x": 1}]
)
def test_a_completion_of_no_known_form(office: Office, change: dict[str, Any]) -> None:
    """Without a name, or with values out of range, nothing is registered."""
    office.come("li")
    reception = office.visit()
    assert refused(office, seller("li"), "POST", of(reception, "complete"), VISITOR | change) == (422, "invalid")


def test_nobody_joins_twice_and_strangers_do_not(office: Office) -> None:
    """A member joins once; somebody unknown or of another branch does not join."""
    path = office.path("members")
    assert refused(office, MANAGER, "POST", path, {"staff_id": named("li")}) == (409, "already_on_the_line")
    assert refused(office, MANAGER, "POST", path, {"staff_id": "nobody"}) == (422, "unknown_staff")


def test_a_stale_or_wrong_reorder(office: Office) -> None:
    """Without the version 428, with an old one 412, with other people 409, without a reason 422."""
    order = office.line()
    version = {"headers": {"If-Match": f'"{office.board()["line_version"]}"'}}
    old = {"headers": {"If-Match": '"1"'}}
    path, body = office.path("line"), {"order": order, "reason": "试"}
    assert refused(office, MANAGER, "PUT", path, body) == (428, "version_required")
    assert refused(office, MANAGER, "PUT", path, body, **old) == (412, "stale_version")
    others = body | {"order": [*order, named("sun")]}
    assert refused(office, MANAGER, "PUT", path, others, **version) == (409, "other_people_on_the_line")
    assert refused(office, MANAGER, "PUT", path, body | {"reason": " "}, **version) == (422, "invalid")


@pytest.mark.parametrize(("starts", "ends"), [("9:00", "18:00"), ("09:00", "24:30"), ("24:00", "08:00")])
def test_a_roster_with_times_that_are_none(office: Office, starts: str, ends: str) -> None:
    """A time that is none is refused, and the roster stays as it was."""
    before = office.did(MANAGER, "GET", office.path("roster"))
    version = {"headers": {"If-Match": f'"{before["version"]}"'}}
    shift = {"staff_id": named("li"), "weekdays": [1], "starts": starts, "ends": ends}
    assert refused(office, MANAGER, "PUT", office.path("roster"), {"shifts": [shift]}, **version) == (422, "bad_time")
    assert office.did(MANAGER, "GET", office.path("roster")) == before


def test_a_roster_is_not_overwritten_unseen(office: Office) -> None:
    """Replacing the roster names the version it replaces."""
    path, body = office.path("roster"), {"shifts": []}
    assert refused(office, MANAGER, "PUT", path, body) == (428, "version_required")
    assert refused(office, MANAGER, "PUT", path, body, headers={"If-Match": '"0"'}) == (412, "stale_version")


def test_halls_have_names_and_branches(office: Office) -> None:
    """A name is used once per branch; headquarters names a branch that exists, a manager opens at home only."""
    path = "/api/v1/reception/halls"
    assert refused(office, MANAGER, "POST", path, {"name": "一号案场"}) == (409, "hall_name_taken")
    assert refused(office, HEADQUARTERS, "POST", path, {"name": "x"}) == (422, "unknown_branch")
    assert refused(office, HEADQUARTERS, "POST", path, {"name": "x", "branch_id": "none"}) == (422, "unknown_branch")
    assert refused(office, WEST_MANAGER, "POST", path, {"name": "x", "branch_id": EAST}) == (422, "unknown_branch")
    assert office.did(HEADQUARTERS, "POST", path, {"name": "x", "branch_id": EAST})["branch_id"] == EAST
