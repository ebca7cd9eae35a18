"""What stepping out, walking off and excusing refuse, with the status and the words for it."""

from typing import Any

import pytest

from chassis.identity import Who
from tests.services.asking import code_of
from tests.services.reception.leaving import accept, answered, excuse, step_out, walked_off
from tests.services.reception.office import FRONT_DESK, MANAGER, SUPERVISOR, WEST_MANAGER, Office, seller
from tests.services.synthetic import named

WHY = {"reason": "午饭"}
MEAL = {"reason": "meal"}


@pytest.fixture
def hall(sqlite_url: str) -> Any:
    """Li, Wu and Zhao are on duty, Li at A."""
    opened = Office(sqlite_url, ["li", "wu", "zhao", "sun"])
    opened.come("li", "wu", "zhao")
    yield opened
    opened.database.close()


def refused(office: Office, who: Who, path: str, body: Any = None) -> tuple[int, str]:
    """Status and code of a refusal."""
    answer = office.tried(who, "POST", path, body)
    return answer.status_code, code_of(answer)


def of(asked: dict[str, Any], what: str) -> str:
    return f"/api/v1/reception/step-outs/{asked['step_out_id']}/{what}"


def test_another_branch_sees_none_of_it(hall: Office) -> None:
    """A hall, a step-out and a forfeit of another branch do not exist: 404, as what never was."""
    asked, forfeit = step_out(hall, "li"), walked_off(hall, "wu", SUPERVISOR)
    for what, body in (("step-out", MEAL), ("return", None), ("ready", None), ("forfeits", {"staff_id": "x"})):
        assert refused(hall, WEST_MANAGER, hall.path(what), body) == (404, "unknown_hall")
    for one in (asked, {"step_out_id": "none"}):
        for what, body in (("accept", None), ("grant", WHY), ("cancel", None)):
            assert refused(hall, WEST_MANAGER, of(one, what), body) == (404, "unknown_step_out")
    for forfeit_id in (forfeit["forfeit_id"], "none"):
        path = f"/api/v1/reception/forfeits/{forfeit_id}/excuse"
        assert refused(hall, WEST_MANAGER, path, WHY) == (404, "unknown_forfeit")
    assert hall.did(WEST_MANAGER, "GET", "/api/v1/reception/forfeits")["items"] == []


def test_the_door_steps_out_of_nothing(hall: Office) -> None:
    """The front desk has no place: 403 where the role may not."""
    for what, body in (("step-out", MEAL), ("return", None), ("ready", None), ("forfeits", {"staff_id": "x"})):
        assert refused(hall, FRONT_DESK, hall.path(what), body) == (403, "permission_missing")


def test_stepping_out_takes_a_reason_that_the_policy_knows(hall: Office) -> None:
    """An unknown reason is refused, and the words name those that there are."""
    answer = hall.tried(seller("li"), "POST", hall.path("step-out"), {"reason": "nap"})
    assert (answer.status_code, code_of(answer)) == (422, "unknown_reason")
    assert "meal, washroom, show_flat, other" in answer.get_json()["detail"]


def test_who_cannot_step_out(hall: Office) -> None:
    """Off duty, unknown to the line, serving, asking already or away: each is told why."""
    path = hall.path("step-out")
    assert refused(hall, seller("sun"), path, MEAL) == (409, "not_on_duty_here")
    assert refused(hall, seller("far"), path, MEAL) == (409, "not_on_the_line")
    hall.visit()
    assert refused(hall, seller("li"), path, MEAL) == (409, "serving_now")
    asked = step_out(hall, "wu")
    assert refused(hall, seller("wu"), path, MEAL) == (409, "asked_already")
    accept(hall, "zhao", asked)
    assert refused(hall, seller("wu"), path, MEAL) == (409, "away_already")


def test_who_cannot_accept(hall: Office) -> None:
    """Not the one after the next, not while who asked serves, and not what was answered already."""
    asked = step_out(hall, "li")
    for name in ("zhao", "li", "sun", "far"):
        assert refused(hall, seller(name), of(asked, "accept")) == (403, "not_next_in_line")
    visitor = hall.visit()
    assert refused(hall, seller("wu"), of(asked, "accept")) == (409, "serving_now")
    hall.leave(MANAGER, visitor)
    accept(hall, "wu", asked)
    assert refused(hall, seller("wu"), of(asked, "accept")) == (409, "step_out_is_over")


def test_who_cannot_grant(hall: Office) -> None:
    """No colleague, nobody to themselves, and nobody while somebody is free to stand in."""
    asked = step_out(hall, "li")
    assert refused(hall, seller("wu"), of(asked, "grant"), WHY) == (403, "not_a_supervisor")
    assert refused(hall, SUPERVISOR, of(asked, "grant"), WHY) == (409, "somebody_is_free")
    assert refused(hall, SUPERVISOR, of(asked, "grant"), {"reason": " "})[0] == 422
    own = Who(named("li"), "person", "supervisor", SUPERVISOR.branch_id, None, "team", SUPERVISOR.permissions)
    assert refused(hall, own, of(asked, "grant"), WHY) == (403, "own_case")


def test_who_cannot_cancel(hall: Office) -> None:
    """A colleague does not take another's ask back; a supervisor does, once."""
    asked = step_out(hall, "li")
    assert refused(hall, seller("wu"), of(asked, "cancel")) == (403, "not_your_step_out")
    assert answered(hall, SUPERVISOR, asked, "cancel")["state"] == "cancelled"
    assert refused(hall, SUPERVISOR, of(asked, "cancel")) == (409, "step_out_is_over")


def test_who_is_here_does_not_come_back(hall: Office) -> None:
    """Neither who never left nor who only asked is away."""
    assert refused(hall, seller("li"), hall.path("return")) == (409, "not_away")
    step_out(hall, "li")
    assert refused(hall, seller("li"), hall.path("return")) == (409, "not_away")


def test_only_a_is_ready(hall: Office) -> None:
    """B, and who is off duty, confirm nothing."""
    for name in ("wu", "sun"):
        assert refused(hall, seller(name), hall.path("ready")) == (409, "not_a")


def test_of_whom_nobody_says_that_they_walked_off(hall: Office) -> None:
    """Not of the third, of who serves, is away or off duty; and a stranger says it of nobody."""
    path = hall.path("forfeits")
    assert refused(hall, seller("far"), path, {"staff_id": named("li")}) == (403, "not_a_colleague")
    assert refused(hall, seller("wu"), path, {"staff_id": named("zhao")}) == (409, "not_bound")
    assert refused(hall, seller("wu"), path, {"staff_id": named("sun")}) == (409, "not_on_duty_here")
    assert refused(hall, seller("wu"), path, {"staff_id": named("far")}) == (409, "not_on_the_line")
    walked_off(hall, "li", seller("wu"))
    assert refused(hall, seller("wu"), path, {"staff_id": named("li")}) == (409, "away_already")
    hall.greet("wu", hall.visit())
    assert refused(hall, seller("zhao"), path, {"staff_id": named("wu")}) == (409, "serving_now")


def test_who_cannot_excuse(hall: Office) -> None:
    """No colleague, nobody in their own case, and nobody twice."""
    forfeit = walked_off(hall, "li", seller("wu"))
    path = f"/api/v1/reception/forfeits/{forfeit['forfeit_id']}/excuse"
    assert refused(hall, seller("wu"), path, WHY) == (403, "not_a_supervisor")
    own = Who(named("li"), "person", "supervisor", SUPERVISOR.branch_id, None, "team", SUPERVISOR.permissions)
    assert refused(hall, own, path, WHY) == (403, "own_case")
    excuse(hall, SUPERVISOR, forfeit)
    assert refused(hall, MANAGER, path, WHY) == (409, "already_excused")
