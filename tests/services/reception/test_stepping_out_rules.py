"""Who needs a stand-in, who that is, and who forfeits: by example and by property; numbers are articles."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reception.discipline.rules import OwnCase
from services.reception.receptions.rules import Actor
from services.reception.rotation.rules import NotOnTheLine, Place, Role, a_and_b
from services.reception.stepping_out import rules
from services.reception.stepping_out.rules import Freely, NeedsStandIn

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LI, WU, ZHAO, SUN = (Place(name, on_duty=True) for name in ("li", "wu", "zhao", "sun"))
SERVING, AWAY = Place("wu", on_duty=True, serving=True), Place("wu", on_duty=True, away=True)
OFF, SUSPENDED = Place("wu", on_duty=False), Place("wu", on_duty=True, suspended=True)

_PLACE = st.builds(Place, st.just(""), st.booleans(), st.booleans(), st.booleans(), st.booleans())
LINES = st.lists(_PLACE, min_size=1, max_size=6).map(
    lambda line: [Place(f"p{n}", p.on_duty, p.serving, p.away, p.suspended) for n, p in enumerate(line)]
)


def test_1_1_a_and_b_need_a_stand_in_and_others_do_not() -> None:
    """一.1: A、B位不能随意走动, 必须找顺位代替; the third in line goes freely."""
    line = [LI, WU, ZHAO, SUN]
    assert rules.leave_of(line, "li") == NeedsStandIn("wu")
    assert rules.leave_of(line, "wu") == NeedsStandIn("zhao")
    assert rules.leave_of(line, "zhao") == Freely()


def test_1_1_the_next_free_person_takes_the_place_wrapping_round() -> None:
    """一.1 顺位: whoever serves, is away, off duty or suspended is passed over, and after the tail comes the head."""
    for busy in (SERVING, AWAY, OFF, SUSPENDED):
        assert rules.next_stand_in([LI, busy, ZHAO], "li") == "zhao"
    assert rules.next_stand_in([LI, SERVING, ZHAO], "zhao") == "li"
    assert rules.leave_of([LI, SERVING], "li") == NeedsStandIn(None)


def test_1_1_only_the_next_accepts() -> None:
    """一.1 顺位代替: the one after the next is refused, and so is the one who leaves."""
    rules.check_may_accept([LI, WU, ZHAO], "li", "wu")
    for somebody in ("zhao", "li"):
        with pytest.raises(rules.NotNextInLine):
            rules.check_may_accept([LI, WU, ZHAO], "li", somebody)
    rules.check_may_accept([LI, SERVING, ZHAO], "li", "zhao")


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        (SERVING, rules.ServingNow),
        (AWAY, rules.AwayAlready),
        (OFF, rules.NotOnDutyHere),
        (SUSPENDED, rules.NotOnDutyHere),
    ],
)
def test_who_is_not_free_does_not_step_out(place: Place, refusal: type[Exception]) -> None:
    """Serving, away, off duty or suspended: each has its own refusal; a stranger is not in the line."""
    with pytest.raises(refusal):
        rules.leave_of([LI, place, ZHAO], "wu")
    with pytest.raises(NotOnTheLine):
        rules.leave_of([LI], "wu")


def test_leave_is_granted_by_a_supervisor_with_nobody_free() -> None:
    """Not by a colleague, not to oneself, and not while somebody can take the place."""
    boss, colleague = Actor("boss", leads=True), Actor("zhao", leads=False)
    rules.check_may_grant([LI, SERVING], "li", boss)
    with pytest.raises(rules.NotASupervisor):
        rules.check_may_grant([LI, SERVING], "li", colleague)
    with pytest.raises(OwnCase):
        rules.check_may_grant([LI, SERVING], "li", Actor("li", leads=True))
    with pytest.raises(rules.SomebodyIsFree):
        rules.check_may_grant([LI, WU], "li", boss)


def test_1_1_walking_off_costs_a_and_b_and_who_was_called() -> None:
    """一.1 无故离开视为自动放弃: A, B, and A called for a visitor; not the third, nor who is called to their own."""
    for name in ("li", "wu"):
        rules.check_forfeits([LI, WU, ZHAO], name, None)
    with pytest.raises(rules.NotBound):
        rules.check_forfeits([LI, WU, ZHAO], "zhao", None)
    with pytest.raises(rules.ServingNow):
        rules.check_forfeits([LI, SERVING], "wu", None)
    for role in (Role.A, Role.STAND_IN, Role.WHOLE_VISIT):
        rules.check_forfeits([SERVING, LI], "wu", role)
    for role in (Role.ORIGINAL, Role.DELEGATE):
        with pytest.raises(rules.NotBound):
            rules.check_forfeits([SERVING, LI], "wu", role)


def test_who_may_say_that_somebody_walked_off_and_who_takes_an_ask_back() -> None:
    """A colleague of the line or who leads reports; who asked or who leads cancels."""
    boss, colleague, stranger = Actor("boss", leads=True), Actor("wu", leads=False), Actor("far", leads=False)
    rules.check_may_report([LI, WU], boss)
    rules.check_may_report([LI, WU], colleague)
    with pytest.raises(rules.NotAColleague):
        rules.check_may_report([LI, WU], stranger)
    rules.check_may_cancel(boss, "li")
    rules.check_may_cancel(colleague, "wu")
    with pytest.raises(rules.NotYourStepOut):
        rules.check_may_cancel(colleague, "li")


@pytest.mark.parametrize(("late", "over"), [(-1, False), (0, False), (0.999, False), (1, True), (60, True)])
def test_the_limit_is_over_a_whole_second_late(late: float, over: bool) -> None:
    """Whole seconds, fractions dropped in the person's favour: 0.999 s late is in time."""
    assert rules.is_over(NOW, NOW + timedelta(seconds=late)) is over


def test_the_policy_knows_the_reasons() -> None:
    """Each reason has its time; an unknown one is refused with those that there are."""
    assert rules.limit_of("meal", {"meal": 2700, "bank": 600}) == timedelta(minutes=45)
    with pytest.raises(rules.UnknownReason) as refused:
        rules.limit_of("nap", {"meal": 2700, "bank": 600})
    assert (refused.value.reason, refused.value.reasons) == ("nap", "meal, bank")


def test_1_1_a_has_the_materials_ready() -> None:
    """一.1 A位须把资料准备好: it is A's to confirm, not B's."""
    rules.check_is_a([SERVING, LI, ZHAO], "li")
    with pytest.raises(rules.NotA):
        rules.check_is_a([SERVING, LI, ZHAO], "zhao")


@given(LINES, st.data())
def test_a_stand_in_is_free_another_and_the_nearest(line: list[Place], data: st.DataObject) -> None:
    """Whatever the line: the stand-in is free, is not who leaves, and nobody free stands between, going round."""
    leaver = data.draw(st.sampled_from(line)).staff_id
    found = rules.next_stand_in(line, leaver)
    order = [place.staff_id for place in line]
    round_from = order[order.index(leaver) + 1 :] + order[: order.index(leaver)]
    free = {place.staff_id for place in line if place.is_free}
    assert found == next((name for name in round_from if name in free), None)
    assert found != leaver


@given(LINES, st.data())
def test_whoever_goes_freely_is_neither_a_nor_b(line: list[Place], data: st.DataObject) -> None:
    """Free people alone may step out; of them exactly A and B need somebody, or a supervisor's leave."""
    leaver = data.draw(st.sampled_from(line))
    if not leaver.is_free:
        with pytest.raises((rules.NotOnDutyHere, rules.ServingNow, rules.AwayAlready)):
            rules.leave_of(line, leaver.staff_id)
        return
    bound = isinstance(rules.leave_of(line, leaver.staff_id), NeedsStandIn)
    assert bound is (leaver.staff_id in a_and_b(line))
