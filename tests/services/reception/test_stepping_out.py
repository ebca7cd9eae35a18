"""Stepping out over HTTP: asked, away, back; numbers are the articles of the rule book."""

from typing import Any

from tests.services.asking import code_of
from tests.services.reception.leaving import (
    accept,
    answered,
    come_back,
    registered,
    run_jobs,
    state_on_board,
    step_out,
    told,
    walked_off,
)
from tests.services.reception.office import MANAGER, SUPERVISOR, Office, seller
from tests.services.synthetic import named


def out(office: Office) -> list[dict[str, Any]]:
    shown = office.board()["out"]
    assert isinstance(shown, list)
    return shown


def test_1_1_a_leaves_when_the_next_in_line_accepts(office: Office) -> None:
    """一.1 必须找顺位代替: asked, A stays A; accepted, A is away, passed over, and B is A; back, A is first again."""
    office.come("li", "wu", "zhao")
    asked = step_out(office, "li")
    assert (asked["state"], asked["asked_id"], asked["since"]) == ("asked", named("wu"), None)
    assert office.board()["a"] == named("li")
    gone = accept(office, "wu", asked)
    assert (gone["state"], gone["stand_in_id"]) == ("away", named("wu"))
    assert (gone["since"], gone["until"]) == ("2026-03-02T01:00:00+00:00", "2026-03-02T01:45:00+00:00")
    assert (office.board()["a"], state_on_board(office, "li")) == (named("wu"), "away")
    assert office.visit()["server_id"] == named("wu")
    assert come_back(office, "li")["state"] == "back"
    assert office.board()["a"] == named("li")
    assert office.line() == [named("li"), named("wu"), named("zhao")] == office.replayed()


def test_the_board_shows_who_is_out(office: Office) -> None:
    """Reason, since, until and the stand-in; while only asked, who is to accept; once back, nothing."""
    office.come("li", "wu", "zhao")
    asked = step_out(office, "li", "washroom")
    (shown,) = out(office)
    assert (shown["state"], shown["asked_id"], shown["until"]) == ("asked", named("wu"), None)
    accept(office, "wu", asked)
    (shown,) = out(office)
    assert shown == {
        "step_out_id": asked["step_out_id"],
        "staff_id": named("li"),
        "reason": "washroom",
        "state": "away",
        "asked_id": None,
        "stand_in_id": named("wu"),
        "since": "2026-03-02T01:00:00+00:00",
        "until": "2026-03-02T01:15:00+00:00",
    }
    come_back(office, "li")
    assert out(office) == []


def test_every_step_is_announced_and_stands_in_the_register(office: Office) -> None:
    """asked, left, ended: each an event of the next sequence, and an entry of the hall's chain."""
    office.come("li", "wu")
    accept(office, "wu", step_out(office, "li"))
    come_back(office, "li")
    answered(office, seller("li"), step_out(office, "li"), "cancel")
    steps = [("asked", 1), ("left", 2), ("ended", 3), ("asked", 1), ("cancelled", 2)]
    assert told(office, "step_out") == [(f"step_out.{step}.v1", number) for step, number in steps]
    assert registered(office, "step_out.") == [f"step_out.{step}" for step, _number in steps]


def test_others_on_duty_step_out_freely(office: Office) -> None:
    """The third in line asks nobody and is away at once."""
    office.come("li", "wu", "zhao")
    gone = step_out(office, "zhao", "show_flat")
    assert (gone["state"], gone["stand_in_id"], gone["until"]) == ("away", None, "2026-03-02T02:00:00+00:00")


def test_an_ask_goes_on_to_the_next_when_the_stand_in_is_busy(office: Office) -> None:
    """Who may accept is decided at the tap: Wu, serving by then, does not, and Zhao does."""
    office.come("li", "wu", "zhao")
    asked = step_out(office, "li")
    assert asked["asked_id"] == named("wu")
    office.visit(kind="returning", original_id=named("wu"))
    (shown,) = out(office)
    assert shown["asked_id"] == named("zhao")
    late = office.tried(seller("wu"), "POST", f"/api/v1/reception/step-outs/{asked['step_out_id']}/accept")
    assert (late.status_code, code_of(late)) == (403, "not_next_in_line")
    assert accept(office, "zhao", asked)["stand_in_id"] == named("zhao")


def test_being_called_to_serve_ends_neithers_right(office: Office) -> None:
    """The stand-in serves a visitor: who is away keeps leave and place; A, called while asking, goes when done."""
    office.come("li", "wu", "zhao")
    accept(office, "wu", step_out(office, "li"))
    first = office.visit()
    assert first["server_id"] == named("wu")
    assert [one["state"] for one in out(office)] == ["away"]
    office.complete("wu", first, "13800138000")
    come_back(office, "li")
    assert office.board()["a"] == named("li")
    asked = step_out(office, "li")
    second = office.visit()
    assert second["server_id"] == named("li")
    office.leave(MANAGER, second)
    assert accept(office, "zhao", asked)["state"] == "away"


def test_with_nobody_free_a_supervisor_grants_leave(office: Office) -> None:
    """A alone asks: nobody is to accept, and a supervisor lets A go, with a reason on the record."""
    office.come("li")
    asked = step_out(office, "li")
    assert asked["asked_id"] is None
    gone = answered(office, SUPERVISOR, asked, "grant", {"reason": "只有一人在岗"})
    assert (gone["state"], gone["granted_by"], gone["stand_in_id"]) == ("away", named("supervisor"), None)


def test_who_asked_and_stands_further_back_by_now_just_goes(office: Office) -> None:
    """No longer A or B, the same ask needs nobody: tapped again, one is away."""
    office.come("li", "wu", "zhao")
    asked = step_out(office, "li")
    office.complete("li", office.visit(), "13800138000")
    again = step_out(office, "li", "washroom")
    assert (again["step_out_id"], again["state"], again["reason"]) == (asked["step_out_id"], "away", "washroom")


def test_who_comes_back_receives_who_waits(office: Office) -> None:
    """With nobody else free the visitor waited; back, one is called at once."""
    office.come("li")
    answered(office, SUPERVISOR, step_out(office, "li"), "grant", {"reason": "午饭"})
    waiting = office.visit()
    assert waiting["state"] == "waiting"
    come_back(office, "li")
    assert office.seen(waiting)["server_id"] == named("li")


def test_overstaying_loses_the_place_once(office: Office) -> None:
    """A second past the limit: to the tail, still away, no forfeit; later looks and the return change nothing more."""
    office.come("li", "wu", "zhao")
    accept(office, "wu", step_out(office, "li", "washroom"))
    office.later(minutes=15, seconds=0.999)
    run_jobs(office)
    assert office.line()[0] == named("li")
    office.later(seconds=0.001)
    assert run_jobs(office) == 1
    assert office.line() == [named("wu"), named("zhao"), named("li")] == office.replayed()
    assert [one["state"] for one in out(office)] == ["overstayed"]
    office.complete("wu", office.visit(), "13800138000")
    office.later(hours=1)
    run_jobs(office)
    assert come_back(office, "li")["state"] == "overstayed"
    assert office.line() == [named("zhao"), named("li"), named("wu")]
    assert told(office, "forfeit") == []
    assert told(office, "step_out")[-2:] == [("step_out.overstayed.v1", 3), ("step_out.ended.v1", 4)]


def test_a_late_return_is_late_though_nobody_looked(office: Office) -> None:
    """The limit holds whether or not the job has run: the return itself finds it past."""
    office.come("li", "wu")
    accept(office, "wu", step_out(office, "li", "washroom"))
    office.later(minutes=16)
    assert come_back(office, "li")["state"] == "overstayed"
    assert office.line() == [named("wu"), named("zhao"), named("li")]


def test_going_off_duty_ends_what_was_asked_for_and_being_out(office: Office) -> None:
    """Off duty, nobody is out of the hall; on duty again one is free and may step out anew."""
    office.come("li", "wu", "zhao")
    step_out(office, "li")
    step_out(office, "zhao")
    office.go("li")
    office.go("zhao")
    assert out(office) == []
    office.come("zhao")
    assert state_on_board(office, "zhao") == "free"
    assert step_out(office, "zhao")["state"] == "asked"
    assert ("step_out.cancelled.v1", 2) in told(office, "step_out")


def test_1_1_a_is_shown_ready_until_receiving(office: Office) -> None:
    """一.1 资料准备好: confirmed by A, shown on the board, and to be confirmed anew after a reception or an absence."""
    office.come("li", "wu")

    def ready() -> list[str]:
        return [one["name"] for one in office.board()["line"] if one["is_ready"]]

    said = office.did(seller("li"), "POST", office.path("ready"))
    assert said == {"hall_id": office.hall, "a": named("li"), "is_ready": True}
    assert ready() == ["li"]
    office.leave(MANAGER, office.visit())
    assert ready() == []
    office.did(seller("li"), "POST", office.path("ready"))
    accept(office, "wu", step_out(office, "li"))
    assert ready() == []
    assert registered(office, "materials.") == ["materials.confirmed"] * 2


def test_1_1_who_walked_off_stays_away_until_back(office: Office) -> None:
    """一.1 自动放弃: without a limit and without a second cost."""
    office.come("li", "wu", "zhao")
    walked_off(office, "li", seller("zhao"))
    (shown,) = out(office)
    assert (shown["staff_id"], shown["state"], shown["until"], shown["reason"]) == (named("li"), "away", None, None)
    office.later(hours=5)
    run_jobs(office)
    assert come_back(office, "li")["state"] == "back"
    assert office.line() == [named("wu"), named("zhao"), named("li")] == office.replayed()
