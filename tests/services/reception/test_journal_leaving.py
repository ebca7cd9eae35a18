"""Stepping out, coming back, walking off and ready materials of a hall that was cut off."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.services import synthetic
from tests.services.reception.journals import arrival, at, conflicts, entry, hand_in, outcomes
from tests.services.reception.leaving import accept, run_jobs, state_on_board, step_out
from tests.services.reception.office import MANAGER, Office
from tests.services.reception.test_receiving import announced
from tests.services.synthetic import named

CAME = [entry(f"{name} comes", "clock_in", n, name) for n, name in enumerate(("li", "wu", "zhao"), start=1)]
MEAL = {"reason": "meal", "without_stand_in": False}


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li, Wu and Zhao stand in the line, nobody on duty; it is ten, and the network has been gone since nine."""
    opened = Office(sqlite_url, ["li", "wu", "zhao"])
    opened.later(hours=1)
    yield opened
    opened.database.close()


def out(name: str, minute: float, who: str, **more: Any) -> dict[str, Any]:
    return entry(name, "step_out", minute, who, out=MEAL | more)


def about(kind: str, minute: float, who: str, whose: str, **more: Any) -> dict[str, Any]:
    """What `who` does about another's stepping out, or walking off."""
    return entry(f"{kind} {minute}", kind, minute, who, whose_id=named(whose), **more)


def who_is_out(office: Office) -> list[dict[str, Any]]:
    return list(office.board()["out"])


def test_1_1_leaving_the_floor_is_handed_in(hall: Office) -> None:
    """一.1: A asks, the next in line takes the place and A comes back; B asks and stays; A is ready; B walks off: each
    as of its own time, by whoever did it."""
    became = hand_in(
        hall,
        *CAME,
        entry("ready", "ready", 4, "li"),
        out("li asks", 5, "li"),
        about("accept", 6, "wu", "li"),
        entry("li back", "return", 20, "li"),
        out("wu asks", 21, "wu"),
        about("cancel", 22, "wu", "wu"),
        about("walk_off", 23, "zhao", "wu"),
    )
    assert outcomes(became) == ["applied"] * 10
    assert [one["counts_as_of"] for one in became[3:]] == [at(minute) for minute in (4, 5, 6, 20, 21, 22, 23)]
    (left, _gone) = announced(hall, "step_out.left.v1")
    assert (left["stand_in_id"], left["since"], left["until"]) == (named("wu"), at(6), at(51))
    assert announced(hall, "step_out.ended.v1")[0]["ended_at"] == at(20)
    assert announced(hall, "materials.confirmed.v1")[0]["at"] == at(4)
    (forfeit,) = announced(hall, "forfeit.recorded.v1")
    assert (forfeit["staff_id"], forfeit["recorded_by"], forfeit["at"]) == (named("wu"), named("zhao"), at(23))
    assert hall.line() == hall.replayed() == [named("li"), named("zhao"), named("wu")]
    assert conflicts(hall) == []


def test_1_1_who_leads_grants_leave_on_the_device(hall: Office) -> None:
    """With nobody free a supervisor grants leave there, as they may online; that a salesperson granted it is a
    conflict, and who asked is still there."""
    hall.hear(synthetic.staff("zhao", 2, role="supervisor"))
    asked = [CAME[0], out("li asks", 5, "li")]
    granted = {"granted": {"reason": "没有别的同事"}}
    became = hand_in(hall, *asked, about("grant", 6, "wu", "li", **granted), about("grant", 7, "zhao", "li", **granted))
    assert outcomes(became) == ["applied", "applied", "not_a_supervisor", "applied"]
    assert announced(hall, "step_out.left.v1")[0]["granted_by"] == named("zhao")
    assert conflicts(hall)[0]["said"] == {"whose_id": named("li"), **granted}


def test_no_limit_of_being_out_is_held_against_a_hall_that_was_cut_off(hall: Office) -> None:
    """Who came back after the limit, or went off duty, keeps the place; whoever is out still has the whole time from
    the hand-in on, and loses the place only after that."""
    became = hand_in(
        hall,
        *CAME,
        out("zhao out", 4, "zhao"),
        out("li asks", 5, "li"),
        about("accept", 5, "wu", "li"),
        entry("zhao back", "return", 50, "zhao"),
        out("zhao out again", 51, "zhao"),
        entry("zhao goes", "clock_out", 59, "zhao"),
    )
    assert outcomes(became) == ["applied"] * 9
    run_jobs(hall)
    assert [(one["staff_id"], one["state"], one["until"]) for one in who_is_out(hall)] == [
        (named("li"), "away", at(105))
    ]
    hall.later(minutes=45, seconds=0.5)
    run_jobs(hall)
    assert announced(hall, "step_out.overstayed.v1") == []
    hall.later(seconds=1)
    run_jobs(hall)
    assert [one["staff_id"] for one in announced(hall, "step_out.overstayed.v1")] == [named("li")]
    assert hall.line() == hall.replayed() == [named("wu"), named("zhao"), named("li")]


def test_who_was_back_in_time_on_the_device_is_for_the_manager(hall: Office) -> None:
    """The limit ran out online while the hall was cut off: by the device they were back before it. They are back, and
    the manager is told; who came back too late by the device itself has nothing to settle."""
    hall.come("li", "wu", "zhao")
    for name, stand_in in (("li", "wu"), ("wu", "zhao")):
        accept(hall, stand_in, step_out(hall, name))
    hall.later(hours=1)
    run_jobs(hall)
    became = hand_in(hall, entry("li back", "return", 80, "li"), entry("wu back", "return", 110, "wu"))
    assert outcomes(became) == ["back_in_time", "applied"]
    assert [state_on_board(hall, name) for name in ("li", "wu")] == ["free", "free"]
    (conflict,) = conflicts(hall)
    assert conflict["counts_as_of"] == at(80)
    (found,) = announced(hall, "journal_conflict.found.v1")
    assert (found["entry_id"], found["code"], found["settled_at"]) == (conflict["entry_id"], "back_in_time", None)
    path = hall.path(f"journal/conflicts/{conflict['entry_id']}/settle")
    hall.did(MANAGER, "POST", path, {"reason": "已撤销超时"})
    (settled,) = announced(hall, "journal_conflict.settled.v1")
    assert (settled["conflict_id"], settled["settled_by"]) == (found["conflict_id"], MANAGER.actor_id)


def test_walking_off_fines_nobody_else(hall: Office) -> None:
    """While a journal is told nobody is passed on: that Wu walked off says nothing of Li, whose greeting nobody
    tapped; of who was called and is gone, the visitor goes to the next."""
    became = hand_in(
        hall,
        *CAME,
        arrival("first", 10),
        arrival("second", 11),
        about("walk_off", 20, "zhao", "wu"),
    )
    assert outcomes(became) == ["applied"] * 6
    run_jobs(hall)
    assert hall.seen(became[3])["server_id"] == named("li")
    assert hall.seen(became[4])["server_id"] == named("zhao")
    assert announced(hall, "penalty.proposed.v1") == []
    assert [one["reception_id"] for one in announced(hall, "reception.passed_on.v1")] == [became[4]["reception_id"]]


def test_leaving_that_no_longer_fits(hall: Office) -> None:
    """Asked for online after the device's tap, not asked for at all, not A, not out: each is a conflict with its
    reason, and nothing happens."""
    hall.come("li", "wu")
    step_out(hall, "li")
    became = hand_in(
        hall,
        about("cancel", 30, "li", "li"),
        about("accept", 61, "zhao", "wu"),
        entry("not a", "ready", 61, "wu"),
        entry("not out", "return", 61, "wu"),
        out("bad reason", 61, "wu", reason="nap"),
    )
    assert outcomes(became)[1:] == ["step_out_is_over", "not_a", "not_away", "unknown_reason"]
    assert len(conflicts(hall)) == sum(one["outcome"] == "conflict" for one in became)


def test_a_deed_of_the_floor_names_what_it_is_about(hall: Office) -> None:
    """Stepping out says why, accepting and walking off say whose it is, granting says the reason; nothing else does."""
    for wrong in (
        entry("a", "step_out", 1, "li"),
        entry("a", "accept", 1, "wu"),
        entry("a", "grant", 1, "wu", whose_id=named("li")),
        entry("a", "walk_off", 1, "wu"),
        entry("a", "ready", 1, "li", whose_id=named("li")),
        entry("a", "return", 1, "li", out=MEAL),
        entry("a", "return", 1),
    ):
        with pytest.raises(AssertionError, match="invalid"):
            hand_in(hall, wrong)
