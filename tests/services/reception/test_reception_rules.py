"""What a reception costs and earns, and who may do what, by example; numbers are the articles of the rule book."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.reception.receptions.rules import (
    ActInPerson,
    Actor,
    CreditRule,
    NotOfThisHall,
    NotYourReception,
    Outcome,
    Relation,
    Served,
    SomebodyElseMustSay,
    State,
    Turn,
    WrongState,
    check_may_close,
    check_may_complete,
    check_may_greet,
    check_state,
    is_overdue,
    kind_of,
    outcome,
    turn_when_left,
)
from services.reception.rotation.rules import Kind, Role

FIRST = Served(Kind.FIRST_VISIT, Role.A, "li")
OLD = Served(Kind.RETURNING, Role.STAND_IN, "li", original_id="wu")
BROUGHT = replace(OLD, kind=Kind.REFERRAL)
NOBODY_HEARD = Served(Kind.NOT_BUYING, Role.A, "li")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_1_1_a_first_visit_uses_the_turn_and_the_server_owns_the_customer() -> None:
    """一.1: to the tail on finishing; the deal is the owner's, who is the server."""
    assert outcome(FIRST) == Outcome(Turn.USED, "一.1", CreditRule.OWNER, "li")


def test_1_6_an_own_customer_uses_no_turn() -> None:
    """一.6: the original and the delegate keep their places; the customer stays the original's."""
    for role in (Role.ORIGINAL, Role.DELEGATE):
        for kind in (Kind.RETURNING, Kind.REFERRAL):
            served = Served(kind, role, "li", original_id="wu")
            assert outcome(served) == Outcome(Turn.KEPT, "一.6", CreditRule.OWNER, "wu")


def test_1_6_a_stand_in_keeps_the_place_and_earns_nothing() -> None:
    """一.6: A同事则继续补A位, relieved or not; then the credit is the owner's."""
    for served in (OLD, BROUGHT, replace(OLD, taken_over=True)):
        assert outcome(served) == Outcome(Turn.KEPT, "一.6", CreditRule.OWNER, "wu")


def test_1_6_a_whole_visit_halves_an_old_customers_deal() -> None:
    """一.6: 老客户则业绩分半, the turn is used, and the customer stays the original's."""
    whole = replace(OLD, role=Role.WHOLE_VISIT)
    assert outcome(whole) == Outcome(Turn.USED, "一.6", CreditRule.HALF_EACH, "wu")


def test_1_6_a_whole_visit_of_somebody_brought_is_all_a_s() -> None:
    """一.6: 新客户则算A位接待同事业绩, and the new customer is A's on whatever day it closes."""
    whole = replace(BROUGHT, role=Role.WHOLE_VISIT)
    assert outcome(whole) == Outcome(Turn.USED, "一.6", CreditRule.SERVER, "li")


def test_1_6_an_original_who_clocks_off_first_is_off_duty_for_credit() -> None:
    """一.6: the stand-in keeps 补A位 and shares as after a whole visit; once taken over, nothing changes."""
    assert outcome(replace(OLD, original_left=True)) == Outcome(Turn.KEPT, "一.6", CreditRule.HALF_EACH, "wu")
    assert outcome(replace(BROUGHT, original_left=True)) == Outcome(Turn.KEPT, "一.6", CreditRule.SERVER, "li")
    late = replace(OLD, original_left=True, taken_over=True)
    assert outcome(late) == Outcome(Turn.KEPT, "一.6", CreditRule.OWNER, "wu")


def test_1_7_not_buying_keeps_the_place_only_if_somebody_else_heard_it() -> None:
    """一.7: 客户表明身份时要让其他同事听到, else it counts as A's turn."""
    assert outcome(replace(NOBODY_HEARD, witnessed=True)).turn is Turn.KEPT
    assert outcome(NOBODY_HEARD) == Outcome(Turn.USED, "一.7", CreditRule.OWNER, "li")


def test_1_7_anything_else_uses_the_turn() -> None:
    """一.7: 其他情况一律计A位接待名次."""
    assert outcome(Served(Kind.OTHER, Role.A, "li")) == Outcome(Turn.USED, "一.7", CreditRule.OWNER, "li")


@pytest.mark.parametrize("relation", Relation)
def test_1_5_family_is_the_customer(relation: Relation) -> None:
    """一.5: husband, wife, parent, child, fiancé(e) are 老客户; siblings, in-laws and friends are 老带新."""
    family = {"self", "spouse", "parent", "child", "fiance"}
    assert kind_of(relation) is (Kind.RETURNING if relation.value in family else Kind.REFERRAL)


def test_the_cost_of_a_visitor_who_left() -> None:
    """Unassigned: nobody's; before the greeting: kept; after it: as if served (一.7: 其他情况一律计A位接待名次)."""
    assert turn_when_left(State.WAITING, FIRST) is None
    assert turn_when_left(State.ASSIGNED, FIRST) is Turn.KEPT
    assert turn_when_left(State.GREETED, FIRST) is Turn.USED
    assert turn_when_left(State.GREETED, OLD) is Turn.KEPT


def test_the_time_to_greet_is_counted_in_whole_seconds() -> None:
    """一.1, policy: 60.999 s are 60 and in time; 61 s are not."""
    assert not is_overdue(NOW, NOW + timedelta(seconds=60, milliseconds=999), 60)
    assert is_overdue(NOW, NOW + timedelta(seconds=61), 60)


@pytest.mark.parametrize("state", [State.COMPLETED, State.CLOSED])
def test_nobody_leaves_twice(state: State) -> None:
    """What has ended does not end again."""
    with pytest.raises(WrongState):
        turn_when_left(state, FIRST)


def test_a_wrong_state_is_named() -> None:
    """The refusal says in which state the reception is."""
    check_state(State.GREETED, State.ASSIGNED, State.GREETED)
    with pytest.raises(WrongState) as refused:
        check_state(State.WAITING, State.ASSIGNED)
    assert refused.value.state == "waiting"


def test_a_colleague_of_the_line_may_say_greeted() -> None:
    """一.1: the server, a colleague and who leads may tap; somebody outside the line may not."""
    line = ["li", "wu"]
    for actor in (Actor("li", False), Actor("wu", False), Actor("boss", True)):
        check_may_greet(actor, line)
    with pytest.raises(NotOfThisHall):
        check_may_greet(Actor("stranger", False), line)


def test_only_the_server_and_who_leads_complete() -> None:
    """A colleague does not register another's visitor."""
    check_may_complete(Actor("li", False), "li")
    check_may_complete(Actor("boss", True), "li")
    with pytest.raises(NotYourReception):
        check_may_complete(Actor("wu", False), "li")


def test_somebody_else_says_that_a_visitor_left_before_the_greeting() -> None:
    """The one called cannot save a turn by saying that the visitor went, not even as manager; a colleague can."""
    check_may_close(Actor("wu", False), State.ASSIGNED, "li")
    check_may_close(Actor("wu", False), State.WAITING, None)
    check_may_close(Actor("li", False), State.GREETED, "li")
    with pytest.raises(SomebodyElseMustSay):
        check_may_close(Actor("li", True), State.ASSIGNED, "li")
    with pytest.raises(NotYourReception):
        check_may_close(Actor("wu", False), State.GREETED, "li")


def test_the_door_says_only_of_who_waits_that_they_left() -> None:
    """A shared tablet without a PIN lets go who was not called yet; whoever was called is a person's to let go."""
    door = Actor("door", leads=False, in_person=False)
    check_may_close(door, State.WAITING, None)
    for state in (State.ASSIGNED, State.GREETED):
        with pytest.raises(ActInPerson):
            check_may_close(door, state, "li")
