"""What a reception was after all, and who may undo what, by the rules alone."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.reception.corrections.rules import (
    Assigned,
    CannotBeUndone,
    Merged,
    Owned,
    Period,
    SupervisorsDecide,
    TooLate,
    Undone,
    check_day,
    check_may_undo,
    clocked_off,
    evidence_of,
    last_day,
    owner_at,
    role_of,
    served_again,
    standing_at,
    stands_for,
    undone_by,
)
from services.reception.discipline.rules import OwnCase
from services.reception.history.rules import Entry
from services.reception.receptions.rules import Actor, CreditRule, Served, State, Turn, outcome
from services.reception.rotation.rules import Kind, Role, Standing
from tests.services.synthetic import NOW

ON_DUTY = Assigned(Kind.RETURNING, "server", "original", None)
OFF_DUTY = replace(ON_DUTY, original_is=Standing.OFF_DUTY)


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("found", "role", "turn", "credit"),
    [
        (ON_DUTY, Role.STAND_IN, Turn.KEPT, CreditRule.OWNER),
        (OFF_DUTY, Role.WHOLE_VISIT, Turn.USED, CreditRule.HALF_EACH),
        (replace(OFF_DUTY, kind=Kind.REFERRAL), Role.WHOLE_VISIT, Turn.USED, CreditRule.SERVER),
        (replace(OFF_DUTY, original_is=Standing.SUSPENDED), Role.WHOLE_VISIT, Turn.USED, CreditRule.HALF_EACH),
        (replace(OFF_DUTY, delegate_id="d", delegate_at_work=True), Role.STAND_IN, Turn.KEPT, CreditRule.OWNER),
        (replace(OFF_DUTY, delegate_id="server", delegate_at_work=True), Role.DELEGATE, Turn.KEPT, CreditRule.OWNER),
        (replace(OFF_DUTY, delegate_id="d"), Role.WHOLE_VISIT, Turn.USED, CreditRule.HALF_EACH),
        (replace(ON_DUTY, original_id="server"), Role.ORIGINAL, Turn.KEPT, CreditRule.OWNER),
        (replace(ON_DUTY, gone=True), Role.STAND_IN, Turn.KEPT, CreditRule.HALF_EACH),
    ],
)
def test_a_visitor_is_ruled_again_by_the_assignment(
    found: Assigned, role: Role, turn: Turn, credit: CreditRule
) -> None:
    """一.6 撞单: on duty, place kept and credit the owner's; off duty, turn used and credit as after 全程."""
    after_all = outcome(served_again(found))
    assert (role_of(found), after_all.turn, after_all.credit_rule) == (role, turn, credit)


def test_what_the_reception_was_after_all() -> None:
    """Who left counts only for whom somebody stands in; nobody has taken the visitor over."""
    whose = Kind.RETURNING, Role.STAND_IN, "server", "original"
    assert served_again(replace(ON_DUTY, gone=True)) == Served(*whose, original_left=True)
    assert served_again(ON_DUTY) == Served(*whose)
    assert served_again(replace(OFF_DUTY, gone=True)) == Served(*whose[:1], Role.WHOLE_VISIT, *whose[2:])


def test_at_work_at_a_moment() -> None:
    """Duty counts from clocking in, until clocking off, which excludes; a suspension goes before."""
    duty = [Period(NOW, later(10))]
    assert [standing_at(later(m), duty, []) for m in (-1, 0, 9, 10)] == [
        Standing.OFF_DUTY,
        None,
        None,
        Standing.OFF_DUTY,
    ]
    assert standing_at(later(5), duty, [Period(later(5), later(6))]) is Standing.SUSPENDED
    assert standing_at(later(5), [Period(NOW, None)], [Period(later(6), None)]) is None


def test_who_left_before_taking_over() -> None:
    """Only the duty of the assignment counts, and only if it ended by the end of the reception."""
    assert clocked_off(NOW, later(10), [Period(NOW, later(10))])
    assert not clocked_off(NOW, later(9), [Period(NOW, later(10))])
    assert not clocked_off(NOW, later(9), [Period(later(1), later(2)), Period(NOW, None)])


def test_the_day_of_a_ruling() -> None:
    """一.6 当天: the arrival's day, extended until the reception was completed; one that runs on may be ruled still."""
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    assert (last_day(monday, None), last_day(monday, tuesday)) == (monday, tuesday)
    check_day(State.COMPLETED, monday, monday)
    check_day(State.GREETED, tuesday, monday)
    with pytest.raises(TooLate):
        check_day(State.COMPLETED, tuesday, monday)


def entry(kind: str, n: int = 1, at: datetime = NOW, about: str = "line/hall", **body: Any) -> Entry:
    return Entry(n, at, kind, {"by": "wu"} | body, about)


TURN = entry("line", cause="turn_used", staff_id="li")


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (entry("reception.opened"), Undone.ARRIVAL),
        (entry("reception.greeted"), Undone.GREETING),
        *[
            (entry("line", cause=cause), Undone.PLACE)
            for cause in ("turn_used", "forfeit", "overstayed", "not_greeted", "late", "reordered", "drawn")
        ],
    ],
)
def test_what_can_be_undone(made: Entry, what: Undone) -> None:
    """An arrival, a greeting, whatever cost a place, and a new order."""
    assert undone_by(made) is what


@pytest.mark.parametrize(
    "made",
    [
        *[entry("line", cause=cause) for cause in ("joined", "left", "corrected", "clocked_in")],
        *[entry(kind) for kind in ("correction", "reception.completed", "ruling.confirmed", "attendance.clocked_in")],
    ],
)
def test_what_cannot_be_undone(made: Entry) -> None:
    """A correction is not corrected, and what was never an error of a tap stands."""
    with pytest.raises(CannotBeUndone):
        undone_by(made)


def test_who_tapped_may_undo_in_time() -> None:
    """Up to and including the policy's seconds, fractions dropped in their favour, while nothing followed."""
    wu = Actor("wu", leads=False)
    same_tap = entry("line", 2, cause="turn_used")
    assert check_may_undo(wu, TURN, [same_tap], NOW + timedelta(seconds=60.9), 60)
    elsewhere = entry("reception.opened", 2, later(0.1), "reception/x")
    assert check_may_undo(wu, TURN, [elsewhere], later(0.2), 60)
    for later_ones, now in (([], later(1.02)), ([entry("line", 2, later(0.1), cause="late")], later(0.2))):
        with pytest.raises(SupervisorsDecide):
            check_may_undo(wu, TURN, later_ones, now, 60)


def test_nobody_undoes_in_their_own_case() -> None:
    """Who leads undoes afterwards, but not what is about their own place: they would be first again."""
    assert not check_may_undo(Actor("boss", leads=True), TURN, [], later(9), 60)
    about_li = ({"server_id": "li"}, {"original_id": "li"})
    arrivals = [entry("reception.opened", **whose) for whose in about_li]
    for made in (TURN, entry("line", cause="reordered", order=["x", "li"]), *arrivals):
        with pytest.raises(OwnCase):
            check_may_undo(Actor("li", leads=True), made, [], later(9), 60)


def test_what_rests_on_an_entry() -> None:
    """Penalties rest on the reception, step-out or attendance that an entry names."""
    assert evidence_of(entry("reception.opened", about="reception/x", reception_id="x")) == ["reception/x"]
    assert evidence_of(entry("line", cause="not_greeted", staff_id="li", reception_id="x")) == ["reception/x"]
    where = {"hall_id": "h", "branch_id": "b"}
    assert evidence_of(entry("line", cause="forfeit", staff_id="li", step_out_id="s", **where)) == ["step_out/s"]
    assert evidence_of(entry("line", cause="turn_used", staff_id="li", reception_id="x")) == []
    assert evidence_of(entry("reception.greeted", about="reception/x")) == []


@given(
    some.permutations(
        [Merged("a", 1, "b", True, NOW), Merged("a", 2, "b", False, later(5)), Merged("b", 1, "c", True, later(9))]
    )
)
def test_merges_hold_from_their_time_on(merges: list[Merged]) -> None:
    """Heard in any order: joined, parted, and joined elsewhere, each from its moment on."""
    assert [stands_for("a", merges, later(m)) for m in (-1, 1, 6)] == ["a", "b", "a"]
    assert stands_for("b", merges, later(9)) == "c"


def test_merges_in_a_circle_end() -> None:
    """The register never makes a circle of merges; should one come, the answer still does."""
    circle = [Merged("a", 1, "b", True, NOW), Merged("b", 1, "a", True, NOW)]
    assert stands_for("a", circle, NOW) == "b"


def test_the_owner_at_a_moment() -> None:
    """The last word by then; nothing known then: the first word after; the pool is a word too."""
    owners = [Owned("a", 2, None, later(5)), Owned("a", 1, "li", NOW), Owned("b", 1, "wu", NOW)]
    assert [owner_at("a", owners, later(m)) for m in (-1, 1, 6)] == ["li", "li", None]
    assert owner_at("c", owners, NOW) is None
