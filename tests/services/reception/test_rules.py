"""Who receives, by example; numbers are the articles of the rule book."""

import pytest

from services.reception.rotation.rules import (
    BUILT_IN,
    Actor,
    AlreadyOnTheLine,
    Assignment,
    NotOfThisHall,
    NotYourReception,
    OtherPeopleOnTheLine,
    Passed,
    PassedOver,
    Place,
    Policy,
    SomebodyElseMustSay,
    State,
    Treatment,
    Turn,
    Wait,
    WrongState,
    a_and_b,
    check_may_close,
    check_may_complete,
    check_may_greet,
    check_state,
    joined,
    order_after,
    reordered,
    replayed,
    turn_when_left,
    who_receives,
)


def free(name: str) -> Place:
    return Place(name, on_duty=True, serving=False)


def serving(name: str) -> Place:
    return Place(name, on_duty=True, serving=True)


def away(name: str) -> Place:
    return Place(name, on_duty=False, serving=False)


def test_a_first_visit_goes_to_a() -> None:
    """一.1: the first in the line who is on duty and free receives, and nobody is passed over."""
    decision = who_receives([free("li"), free("wu")], "first_visit")
    assert decision == Assignment("li", "一.1", (), "default-1")


def test_everybody_who_is_passed_over_is_named_with_the_reason() -> None:
    """一.1: whoever is off duty or serving is passed over in the order of the line; those behind are not named."""
    decision = who_receives([away("li"), serving("wu"), free("zhao"), away("sun")], "first_visit")
    passed = (PassedOver("li", Passed.OFF_DUTY), PassedOver("wu", Passed.SERVING))
    assert decision == Assignment("zhao", "一.1", passed, "default-1")


def test_who_went_off_duty_while_serving_counts_as_serving() -> None:
    """Going off duty while serving: the reception goes on, and that is the reason given."""
    gone = Place("li", on_duty=False, serving=True)
    decision = who_receives([gone, free("wu")], "first_visit")
    assert decision.passed_over == (PassedOver("li", Passed.SERVING),)


def test_with_nobody_free_the_visitor_waits() -> None:
    """Product's own rule, no article: everyone on duty serves, so the visitor waits."""
    decision = who_receives([serving("li"), away("wu")], "first_visit")
    assert isinstance(decision, Wait)
    assert (decision.code, decision.article) == ("nobody_free", None)


def test_with_nobody_on_duty_the_answer_says_so() -> None:
    """Nobody on duty is another reason to wait than nobody free; an empty line has nobody on duty."""
    assert who_receives([away("li")], "first_visit") == Wait(
        "nobody_on_duty", (PassedOver("li", Passed.OFF_DUTY),), "default-1"
    )
    assert who_receives([], "first_visit") == Wait("nobody_on_duty", (), "default-1")


def test_the_policy_is_data() -> None:
    """Another table of arrivals decides by other articles, and the explanation names its version."""
    policy = Policy("east-7", {"returning": Treatment("一.6", Turn.KEPT, "owner")})
    assert who_receives([free("li")], "returning", policy) == Assignment("li", "一.6", (), "east-7")
    assert turn_when_left(State.GREETED, "returning", policy) is Turn.KEPT


def test_a_and_b_are_the_first_two_who_could_receive() -> None:
    """一.1: A位 and B位 are places of people who are there and free, not of the line's first two."""
    assert a_and_b([away("li"), free("wu"), serving("zhao"), free("sun")]) == ("wu", "sun")
    assert a_and_b([free("li")]) == ("li", None)
    assert a_and_b([away("li")]) == (None, None)


def test_a_used_turn_goes_to_the_tail() -> None:
    """一.1: who received a first visit stands last; the others keep their order."""
    assert order_after(["li", "wu", "zhao"], "li", Turn.USED) == ["wu", "zhao", "li"]


def test_a_kept_place_stays() -> None:
    """一.6, 一.7 补A位: the place is kept."""
    assert order_after(["li", "wu", "zhao"], "li", Turn.KEPT) == ["li", "wu", "zhao"]


def test_newcomers_join_at_the_tail_once() -> None:
    """A newcomer stands last; nobody stands in a line twice."""
    assert joined(["li"], "wu") == ["li", "wu"]
    with pytest.raises(AlreadyOnTheLine):
        joined(["li"], "li")


@pytest.mark.parametrize("wanted", [["li"], ["li", "wu", "wu"], ["li", "sun"], []])
def test_a_new_order_names_exactly_the_line(wanted: list[str]) -> None:
    """A manager's order with somebody missing, doubled or foreign is refused."""
    with pytest.raises(OtherPeopleOnTheLine):
        reordered(["li", "wu"], wanted)


def test_the_cost_of_a_visitor_who_left() -> None:
    """Unassigned: nobody's turn; before the greeting: kept; after it: used (一.7: 其他情况一律计A位接待名次)."""
    assert turn_when_left(State.WAITING, "first_visit") is None
    assert turn_when_left(State.ASSIGNED, "first_visit") is Turn.KEPT
    assert turn_when_left(State.GREETED, "first_visit") is Turn.USED


@pytest.mark.parametrize("state", [State.COMPLETED, State.CLOSED])
def test_nobody_leaves_twice(state: State) -> None:
    """What has ended does not end again."""
    with pytest.raises(WrongState):
        turn_when_left(state, "first_visit")


def test_a_wrong_state_is_named() -> None:
    """The refusal says in which state the reception is."""
    check_state(State.GREETED, State.ASSIGNED, State.GREETED)
    with pytest.raises(WrongState) as refused:
        check_state(State.WAITING, State.ASSIGNED)
    assert refused.value.state == "waiting"


def test_a_colleague_of_the_line_may_say_greeted() -> None:
    """一.1: the server, a colleague and who leads may tap; somebody outside the line may not."""
    line = [free("li"), free("wu")]
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


def test_the_line_follows_from_its_register() -> None:
    """Replaying what was written down gives the order, whatever happened in between."""
    entries = [
        {"cause": "joined", "staff_id": "li"},
        {"cause": "joined", "staff_id": "wu"},
        {"cause": "turn_used", "staff_id": "li"},
        {"cause": "joined", "staff_id": "zhao"},
        {"cause": "reordered", "order": ["zhao", "li", "wu"]},
        {"cause": "turn_used", "staff_id": "zhao"},
    ]
    assert replayed(entries) == ["li", "wu", "zhao"]


def test_the_built_in_policy_credits_the_owner() -> None:
    """业绩: a first visit's deal is the customer's owner's."""
    assert BUILT_IN.arrivals["first_visit"].credit_rule == "owner"
