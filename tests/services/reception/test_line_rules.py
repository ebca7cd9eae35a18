"""The line, and who receives, by example; numbers are the articles of the rule book."""

from typing import Any

import pytest

from services.reception.rotation.rules import (
    AlreadyOnTheLine,
    Arrival,
    Assignment,
    Facts,
    Kind,
    Moved,
    NotOnTheLine,
    OtherPeopleOnTheLine,
    PassedOver,
    Place,
    Role,
    Standing,
    Wait,
    a_and_b,
    drawn,
    explanation_of,
    joined,
    left,
    moved,
    next_served,
    reordered,
    replayed,
    to_the_tail,
    who_receives,
)

FIRST = Arrival(Kind.FIRST_VISIT)


def free(name: str) -> Place:
    return Place(name, on_duty=True)


def serving(name: str) -> Place:
    return Place(name, on_duty=True, serving=True)


def away(name: str) -> Place:
    return Place(name, on_duty=True, away=True)


def off(name: str) -> Place:
    return Place(name, on_duty=False)


def old(original: str = "wu", delegate: str | None = None, **more: Any) -> Arrival:
    return Arrival(Kind.RETURNING, original, delegate, **more)


def decided(line: list[Place], arrival: Arrival) -> Assignment:
    decision = who_receives(line, arrival, "v1")
    assert isinstance(decision, Assignment)
    return decision


def served_as(line: list[Place], arrival: Arrival) -> tuple[str, Role]:
    decision = decided(line, arrival)
    return decision.server_id, decision.role


def test_1_1_a_first_visit_goes_to_a() -> None:
    """一.1: the first in the line who is on duty and free receives, and nobody is passed over."""
    assert who_receives([free("li"), free("wu")], FIRST, "v1") == Assignment(
        "li", Role.A, "一.1", "first_free_in_line", Facts(Kind.FIRST_VISIT), (), "v1"
    )


def test_everybody_who_is_passed_over_is_named_with_the_reason() -> None:
    """一.1: whoever cannot receive is passed over in the order of the line; those behind are not named."""
    suspended = Place("sun", on_duty=True, suspended=True)
    decision = decided([off("li"), serving("wu"), away("qian"), suspended, free("zhao"), off("he")], FIRST)
    assert decision.server_id == "zhao"
    assert [(one.staff_id, one.reason) for one in decision.passed_over] == [
        ("li", "off_duty"),
        ("wu", "serving"),
        ("qian", "away"),
        ("sun", "suspended"),
    ]


def test_with_nobody_free_the_visitor_waits() -> None:
    """Product's own rule, no article: everyone on duty serves or is away, so the visitor waits."""
    decision = who_receives([serving("li"), off("wu")], FIRST, "v1")
    assert isinstance(decision, Wait)
    assert (decision.code, decision.article) == ("nobody_free", None)


def test_with_nobody_on_duty_the_answer_says_so() -> None:
    """Nobody on duty is another reason to wait than nobody free; who is suspended counts as off duty."""
    for line in ([off("li")], [Place("li", on_duty=True, suspended=True)], []):
        decision = who_receives(line, FIRST, "v1")
        assert isinstance(decision, Wait)
        assert decision.code == "nobody_on_duty"


def test_1_6_the_original_receives_before_the_line() -> None:
    """一.6: 首先由原接待销售人员优先接待; who stands ahead is passed over because it is another's customer."""
    decision = decided([free("li"), off("he"), free("wu")], old())
    assert (decision.server_id, decision.role, decision.article) == ("wu", Role.ORIGINAL, "一.6")
    assert decision.passed_over == (PassedOver("li", "own_customer"), PassedOver("he", "off_duty"))
    assert served_as([free("li"), free("wu")], Arrival(Kind.REFERRAL, "wu")) == ("wu", Role.ORIGINAL)


@pytest.mark.parametrize("original", [away("wu"), serving("wu")])
def test_1_6_a_stands_in_for_an_original_who_is_away_or_serving(original: Place) -> None:
    """一.6: 暂时没有在现场 … 由A位同事先代其接待."""
    decision = decided([original, free("li"), free("he")], old())
    assert (decision.server_id, decision.role, decision.article) == ("li", Role.STAND_IN, "一.6")
    assert decision.facts.original_is is original.standing


def test_1_6_with_the_original_off_duty_a_serves_the_whole_visit() -> None:
    """一.6: 没有在现场上班，则由A位同事全程接待; the same for one who is suspended or of another hall."""
    for original in (off("wu"), Place("wu", on_duty=True, suspended=True), free("somebody")):
        assert served_as([free("li"), original], old()) == ("li", Role.WHOLE_VISIT)


def test_1_6_a_delegate_stands_in_the_originals_shoes() -> None:
    """一.6: 现场同事有特殊委托的除外; away or serving: A stands in; off duty: as if there were none."""
    assert served_as([free("li"), off("wu"), free("he")], old(delegate="he")) == ("he", Role.DELEGATE)
    assert served_as([free("li"), off("wu"), away("he")], old(delegate="he")) == ("li", Role.STAND_IN)
    assert served_as([free("li"), off("wu"), off("he")], old(delegate="he")) == ("li", Role.WHOLE_VISIT)


def test_1_6_an_original_on_duty_needs_no_delegate() -> None:
    """一.6: the delegation counts only while the original is off duty."""
    assert served_as([free("li"), away("wu"), free("he")], old(delegate="he")) == ("li", Role.STAND_IN)


def test_an_original_in_a_joined_hall_is_on_duty() -> None:
    """Policy: where halls are joined, who is on duty in another hall is away here, not off duty."""
    decision = decided([free("li"), off("wu")], old(elsewhere=frozenset({"wu"})))
    assert (decision.role, decision.facts.original_is) == (Role.STAND_IN, Standing.ELSEWHERE)


def test_a_customer_of_nobody_is_a_first_visit() -> None:
    """A returning customer from the pool has no original: A receives."""
    assert served_as([free("li")], Arrival(Kind.RETURNING)) == ("li", Role.A)


def test_who_was_called_in_vain_is_not_called_again() -> None:
    """一.1 and the product's own: the visitor passes to the next; an original who does not come is stood in for."""
    line = [free("li"), free("wu"), free("he")]
    assert served_as(line, Arrival(Kind.FIRST_VISIT, called=frozenset({"li"}))) == ("wu", Role.A)
    assert served_as(line, old(called=frozenset({"wu"}))) == ("li", Role.STAND_IN)


def test_when_everybody_was_called_in_vain_they_are_called_again() -> None:
    """A visitor is not left standing because each of those on duty has missed one call."""
    both = frozenset({"li", "wu"})
    assert served_as([free("li"), free("wu"), off("he")], Arrival(Kind.FIRST_VISIT, called=both)) == ("li", Role.A)
    assert served_as([free("li"), free("wu")], old(called=both)) == ("wu", Role.ORIGINAL)


def test_who_gets_free_takes_their_own_customer_first() -> None:
    """Those who wait are served by arrival, but an own waiting customer comes before."""
    waiting = [("first", FIRST), ("hers", old())]
    served = next_served([serving("li"), free("wu")], waiting, "v1")
    assert served is not None
    assert (served[0], served[1].role) == ("hers", Role.ORIGINAL)
    served = next_served([free("li"), serving("wu")], waiting, "v1")
    assert served is not None
    assert (served[0], served[1].role) == ("first", Role.A)
    assert next_served([serving("li")], waiting, "v1") is None
    assert next_served([free("li")], [], "v1") is None


def test_an_explanation_is_kept_as_plain_data() -> None:
    """What is stored names the code, article, role, facts, those passed over and the policy's version."""
    kept = explanation_of(decided([free("li"), off("wu"), away("he")], old(delegate="he")))
    assert kept == {
        "code": "stand_in",
        "article": "一.6",
        "policy": "v1",
        "role": "stand_in",
        "facts": {
            "kind": "returning",
            "original_id": "wu",
            "original_is": "off_duty",
            "delegate_id": "he",
            "delegate_is": "away",
        },
        "passed_over": [],
    }
    waits = explanation_of(who_receives([off("li")], FIRST, "v1"))
    assert (waits["role"], waits["facts"]["original_is"]) == (None, None)


def test_a_and_b_are_the_first_two_who_could_receive() -> None:
    """一.1: A位 and B位 are places of people who are there and free, not of the line's first two."""
    assert a_and_b([off("li"), free("wu"), serving("zhao"), free("sun")]) == ("wu", "sun")
    assert a_and_b([free("li"), away("wu")]) == ("li", None)
    assert a_and_b([off("li")]) == (None, None)


@pytest.mark.parametrize("cause", ["turn_used", "forfeit", "overstayed", "not_greeted", "late", "clocked_in"])
def test_who_loses_the_place_goes_to_the_tail(cause: str) -> None:
    """一.1: the others keep their order."""
    assert moved(["li", "wu", "zhao"], {"cause": cause, "staff_id": "li"}) == ["wu", "zhao", "li"]
    with pytest.raises(NotOnTheLine):
        to_the_tail(["li"], "wu")


def test_newcomers_join_at_the_tail_once() -> None:
    """A newcomer stands last; nobody stands in a line twice, and who left stands in it no more."""
    assert joined(["li"], "wu") == ["li", "wu"]
    with pytest.raises(AlreadyOnTheLine):
        joined(["li"], "li")
    assert left(["li", "wu"], "li") == ["wu"]


@pytest.mark.parametrize("wanted", [["li"], ["li", "wu", "wu"], ["li", "sun"], []])
def test_a_new_order_names_exactly_the_line(wanted: list[str]) -> None:
    """A manager's order with somebody missing, doubled or foreign is refused."""
    with pytest.raises(OtherPeopleOnTheLine):
        reordered(["li", "wu"], wanted)


def test_a_draw_can_be_checked_by_anybody() -> None:
    """The same seed and people give the same order, whoever draws; another seed gives another."""
    people = ["li", "wu", "zhao", "sun"]
    assert drawn(people, "2026-03-02") == drawn(reversed(people), "2026-03-02")
    assert sorted(drawn(people, "2026-03-02")) == sorted(people)
    assert len({tuple(drawn(people, str(seed))) for seed in range(20)}) > 5


def test_the_line_follows_from_its_register() -> None:
    """Replaying what was written down gives the order; what was corrected is left out, what came after stands."""
    said: list[dict[str, Any]] = [
        {"cause": "joined", "staff_id": "li"},
        {"cause": "joined", "staff_id": "wu"},
        {"cause": "turn_used", "staff_id": "li"},
        {"cause": "joined", "staff_id": "zhao"},
        {"cause": "reordered", "order": ["zhao", "li", "wu"]},
        {"cause": "turn_used", "staff_id": "zhao"},
        {"cause": "forfeit", "staff_id": "li"},
    ]
    entries = list(enumerate(said, start=1))
    assert replayed(entries) == ["wu", "zhao", "li"]
    assert replayed([*entries, (8, {"cause": Moved.CORRECTED.value, "voids": 6})]) == ["zhao", "wu", "li"]
    assert replayed([*entries, (8, {"cause": "corrected", "voids": 7}), (9, {"cause": "left", "staff_id": "wu"})]) == [
        "li",
        "zhao",
    ]
