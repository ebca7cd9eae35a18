"""What a board offers whom about stepping out: only what reception would allow."""

from typing import Any

import pytest

from chassis.identity import Who
from gateway.identity.rules import ROLES
from gateway.pages.board import Board

_FREE: dict[str, Any] = {"state": "free", "on_duty": True, "is_ready": False, "reception": None}
_ASKED = {"step_out_id": "o1", "staff_id": "p1", "reason": "meal", "state": "asked", "asked_id": None}


def _board(
    reader: str = "p1", role: str = "salesperson", out: dict[str, Any] | None = None, **p1: Any
) -> tuple[Board, dict[str, Any]]:
    """A hall where p1 is A, p2 B and p3 behind them, but for what is said of p1; and p1."""
    line = [_FREE | {"staff_id": one, "name": one.upper()} for one in ("p1", "p2", "p3")]
    line[0] |= p1
    free = [one["staff_id"] for one in line if one["state"] == "free"]
    hall: dict[str, Any] = {"hall_id": "h1", "line": line, "out": [out] if out else [], "a": free[0], "b": free[1]}
    hall["out_reasons"] = [{"reason": "smoke", "zh": "吸烟", "en": "Smoke"}]
    who = Who(reader, "person", role, "b1", None, ROLES[role].reach, ROLES[role].permissions)
    return Board(hall, None, False, who, "zh"), line[0]


def test_the_free_step_out_once() -> None:
    """Who is free may step out or ask to, once; who serves, is away or stands in no line may not."""
    assert _board()[0].may_step_out()
    assert not _board(out=_ASKED)[0].may_step_out()
    assert not _board(state="serving")[0].may_step_out()
    assert not _board(state="away")[0].may_step_out()
    assert not _board("m1", "manager")[0].may_step_out()


def test_only_the_one_asked_accepts() -> None:
    """Accepting is offered to the next free person alone, while who asked is free to go."""
    asked = _ASKED | {"asked_id": "p2"}
    assert _board("p2", out=asked)[0].asked_of_me() == asked
    assert _board("p3", out=asked)[0].asked_of_me() is None
    assert _board("p2", out=asked, state="serving")[0].asked_of_me() is None


@pytest.mark.parametrize(
    ("reader", "role", "out", "may"),
    [
        ("s1", "supervisor", _ASKED, True),
        ("m1", "manager", _ASKED, True),
        ("p3", "salesperson", _ASKED, False),
        ("p1", "supervisor", _ASKED, False),
        ("m1", "manager", _ASKED | {"asked_id": "p2"}, False),
        ("m1", "manager", _ASKED | {"state": "away"}, False),
        ("a1", "auditor", _ASKED, False),
    ],
)
def test_leave_is_granted_when_nobody_is_free(reader: str, role: str, out: dict[str, Any], may: bool) -> None:
    """Granting is offered to who leads, not in an own case, and only when nobody can take the place."""
    assert _board(reader, role, out)[0].may_grant(out) is may


@pytest.mark.parametrize(
    ("reader", "role", "p1", "may"),
    [
        ("p3", "salesperson", {}, True),
        ("m1", "manager", {}, True),
        ("s1", "supervisor", {}, True),
        ("p1", "salesperson", {}, False),
        ("p9", "salesperson", {}, False),
        ("d1", "front_desk", {}, True),
        ("p3", "salesperson", {"state": "away"}, False),
        ("p3", "salesperson", {"state": "serving", "reception": {"state": "assigned", "role": "a"}}, True),
        ("p3", "salesperson", {"state": "serving", "reception": {"state": "assigned", "role": "original"}}, False),
        ("p3", "salesperson", {"state": "serving", "reception": {"state": "greeted", "role": "a"}}, False),
    ],
)
def test_a_colleague_says_who_walked_off(reader: str, role: str, p1: dict[str, Any], may: bool) -> None:
    """A colleague of the line, or who leads, may say it of A, B and who was called as A; nobody of themselves."""
    board, one = _board(reader, role, **p1)
    assert board.may_report(one) is may


def test_a_tablet_offers_what_somebody_may_do() -> None:
    """At a shared tablet each act is offered that one of the hall may do; who it is, the PIN says."""
    board, p1 = _board("d1", "front_desk", _ASKED)
    assert board.may_step_out() and board.may_confirm_ready() and board.may_report(p1) and board.may_grant(_ASKED)
    assert (board.me, board.asked_of_me()) == (None, None)
    taken = {"role": "stand_in", "original_id": "p2", "delegate_id": None}
    heard = {"kind": "not_buying", "witness_id": "p2", "witnessed_at": None}
    assert board.may_take_over(taken) and not board.may_take_over({"role": "a"})
    assert board.may_witness("p1", heard) and board.may_finish("p1")
    assert board.may_say_left("p1", {"greeted_at": None}) and board.may_say_left("p1", {"greeted_at": "09:00"})


def test_reasons_are_shown_by_name() -> None:
    """Why somebody is out is said by the policy's name for it; a reason that is no policy's any more, by its code."""
    board, _p1 = _board()
    assert board.reasons() == {"smoke": "吸烟"}
    assert (board.why("smoke"), board.why("old"), board.why(None)) == ("吸烟", "old", "")


def test_a_confirms_once() -> None:
    """A alone confirms the materials, until they are ready."""
    assert _board()[0].may_confirm_ready()
    assert not _board(is_ready=True)[0].may_confirm_ready()
    assert not _board("p2")[0].may_confirm_ready()
