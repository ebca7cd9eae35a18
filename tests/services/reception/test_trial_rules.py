"""Trying a policy on days that were lived under another: only what it decides otherwise differs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reception.policy.rules import BUILT_IN, Amount, Cause, Order, Policy
from services.reception.trials.rules import (
    LONGEST,
    Course,
    Differences,
    NotPastDays,
    check_days,
    differences,
)
from services.reception.trials.rules_of_course import course
from services.reception.trials.rules_of_facts import Surroundings, Told, facts_of
from tests.services.reception.synthetic_days import EVERYBODY_CAME, STEPS, ZONE, Days, lived
from tests.services.reception.test_policy_rules import POLICIES

FIRST, LAST = date(2026, 3, 2), date(2026, 4, 30)
_LIVED = settings(max_examples=30, deadline=None)
_SHORT = {"meal": 100, "washroom": 60}
_HELD = POLICIES.map(
    lambda one: replace(one, out_for=_SHORT, **({"order": Order.LASTING} if one.order is Order.LOT else {}))
)
"""A lot that is drawn has a seed of its own, which no model knows; who is out for long is out for minutes."""


def gone_through(days: Days, tried: Policy, split: int = 0) -> Course:
    """The course of the days under a policy, the first `split` entries taken as what stood before."""
    before, told = days.told[:split], days.told[split:]
    facts = facts_of(before, told, lambda _day: days.policy, ZONE, days.now)
    return course(before, told, facts, lambda _day: days.policy, lambda _day: tried, Surroundings(ZONE))


def tried_on(days: Days, tried: Policy, split: int = 0) -> Differences:
    return differences(gone_through(days, days.policy, split), gone_through(days, tried, split), FIRST, LAST)


@_LIVED
@given(_HELD, STEPS)
def test_what_held_decides_again_what_happened(policy: Policy, steps: list[Any]) -> None:
    """Gone through under the policy that held, every visitor goes to whom they went, as what they were received."""
    days = lived(policy, EVERYBODY_CAME + steps)
    found = gone_through(days, policy)
    assert [(one.reception_id, one.staff_id, one.role) for one in found.decisions.values()] == days.assigned
    assert [one.turn for one in found.turns.values()] == [
        one.entry.body["turn"] for one in days.told if one.entry.kind == "reception.completed"
    ]


@_LIVED
@given(_HELD, STEPS, st.integers(0, 30))
def test_trying_what_held_changes_nothing(policy: Policy, steps: list[Any], split: int) -> None:
    """The policy in effect, tried under another name, changes nothing for anybody, wherever the days begin."""
    days = lived(policy, EVERYBODY_CAME + steps)
    found = tried_on(days, replace(policy, version="draft"), split)
    assert found.changes == ()
    assert (found.people, found.before, found.unsure) == ((), found.after, 0)


@_LIVED
@given(_HELD, POLICIES, STEPS)
def test_sums_are_those_of_the_people(held: Policy, tried: Policy, steps: list[Any]) -> None:
    """What changes for everybody is what changes for each, added up."""
    days = lived(held, EVERYBODY_CAME + steps)
    found = tried_on(days, tried)
    for name in vars(found.before):
        changed = sum(getattr(one.after, name) - getattr(one.before, name) for one in found.people)
        assert changed == getattr(found.after, name) - getattr(found.before, name)


@_LIVED
@given(_HELD, STEPS, st.integers(5, 200), st.integers(5, 200))
def test_a_longer_time_to_greet_passes_on_no_more(held: Policy, steps: list[Any], short: int, long: int) -> None:
    """Of the first calls for visitors, those passed on under the longer time are among those under the shorter."""
    days = lived(held, EVERYBODY_CAME + steps)
    short, long = sorted((short, long))
    passed = [
        {one.reception_id for one in gone_through(days, replace(held, greet_within=limit)).passed if one.call == 1}
        for limit in (short, long)
    ]
    sure = {one.reception_id for one in gone_through(days, replace(held, greet_within=long)).passed if one.sure}
    assert passed[1] & sure <= passed[0]


@_LIVED
@given(_HELD, STEPS)
def test_other_amounts_change_only_what_it_costs(held: Policy, steps: list[Any]) -> None:
    """Double the amounts: the same penalties for the same people, each twice as dear, and nothing else."""
    days = lived(held, EVERYBODY_CAME + steps)
    dear = {cause: Amount(one.fine * 2, one.points * 2) for cause, one in held.amounts.items()}
    late = tuple(replace(band, amount=Amount(band.amount.fine * 2, band.amount.points * 2)) for band in held.late)
    found = tried_on(days, replace(held, amounts=dear, late=late))
    assert (found.after.fine, found.after.points) == (2 * found.before.fine, 2 * found.before.points)
    assert found.after.penalties == found.before.penalties
    assert not (found.assignments or found.turns or found.passed_on or found.forfeits or found.suspensions)


@_LIVED
@given(_HELD, POLICIES, STEPS)
def test_one_fault_is_charged_once(held: Policy, tried: Policy, steps: list[Any]) -> None:
    """Whoever is called twice for the same visitor in vain loses the turn twice and is fined once."""
    charges = gone_through(lived(held, EVERYBODY_CAME + steps), tried).charges
    assert len({(one.staff_id, one.cause, one.evidence) for one in charges}) == len(charges)


@_LIVED
@given(_HELD, STEPS)
def test_points_only_takes_the_money_and_leaves_the_points(held: Policy, steps: list[Any]) -> None:
    """A company that fines nobody in money: no yuan, the same points."""
    days = lived(held, EVERYBODY_CAME + steps)
    found = tried_on(days, replace(held, points_only=True))
    assert (found.after.fine, found.after.points) == (0, found.before.points)


def test_a_shorter_time_to_greet_passes_the_visitor_on() -> None:
    """一.1: greeted after 45 seconds, tried with 30: Li is fined, goes to the tail, and Wu would have received."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", None), ("lasts", 45.0), ("greet", 0), ("complete", 0)])
    found = tried_on(days, replace(BUILT_IN, version="draft", greet_within=30))
    assert [(one.before, one.after.staff_id, one.after.sure) for one in found.passed_on] == [(None, "li", True)]
    (penalty,) = found.penalties
    assert (penalty.after.staff_id, penalty.after.cause, penalty.after.fine) == ("li", Cause.NOT_GREETED, 10)
    assert [(one.key[1], one.before, one.after.staff_id) for one in found.assignments] == [(2, None, "wu")]
    (turn,) = found.turns
    assert (turn.before.staff_id, turn.after.staff_id) == ("li", "wu")


def test_a_longer_time_to_greet_is_not_sure() -> None:
    """Passed on after 61 seconds, tried with 90: nobody knows whether Li would have come; it stays and is said so."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", None), ("lasts", 70.0), ("greet", 0), ("complete", 0)])
    found = tried_on(days, replace(BUILT_IN, version="draft", greet_within=90))
    assert (found.unsure, found.before.fine, found.after.fine) == (1, 10, 10)
    assert [(one.before.sure, one.after.sure) for one in found.passed_on] == [(True, False)]


def test_the_order_by_clock_in_would_have_given_it_to_who_came_first() -> None:
    """By clock-in, Wu, who came before Li, is A; the lasting line had Li."""
    days = lived(BUILT_IN, [("clock_in", "wu", 0), ("clock_in", "li", 0), ("visit", None), ("greet", 0)])
    found = tried_on(days, replace(BUILT_IN, version="draft", order=Order.CLOCK_IN))
    assert [(one.before.staff_id, one.after.staff_id) for one in found.assignments] == [("li", "wu")]


def test_lateness_is_priced_anew() -> None:
    """二.1: 10 minutes 1 second is the second row; a grace of a minute makes it the first, and 59 seconds nothing."""
    days = lived(BUILT_IN, [("clock_in", "li", 601), ("clock_in", "wu", 59)])
    found = tried_on(days, replace(BUILT_IN, version="draft", grace=60))
    changed = {one.before.staff_id: (one.before.fine, one.after and one.after.fine) for one in found.penalties}
    assert changed == {"li": (20, 10), "wu": (10, None)}


def _forfeits(days: Days, *hours: int) -> Days:
    for number, hour in enumerate(hours):
        days.lasts(hour * 3600.0)
        body = {"forfeit_id": f"{number}", "staff_id": "li", "cause": "walked_off", "evidence": "step_out/1"}
        days._tell("forfeit.recorded", body)
    return days


def test_one_forfeit_fewer_allowed_suspends_earlier() -> None:
    """一.1: three forfeits a week are allowed; where only two are, the third suspends and costs 20."""
    days = _forfeits(lived(BUILT_IN, EVERYBODY_CAME), 1, 1, 1)
    days.visit(None)
    found = tried_on(days, replace(BUILT_IN, version="draft", forfeits_allowed=2))
    assert (found.before.suspensions, found.after.suspensions, found.after.fine) == (0, 1, 20)
    assert [(one.before.staff_id, one.after.staff_id) for one in found.assignments] == [("li", "wu")]


def test_an_excused_forfeit_stays_excused() -> None:
    """What a supervisor excused counts under no policy."""
    days = _forfeits(lived(BUILT_IN, EVERYBODY_CAME), 1, 1, 1)
    days._tell("forfeit.excused", {"forfeit_id": "0", "staff_id": "li", "cause": "walked_off", "evidence": "x"})
    assert tried_on(days, replace(BUILT_IN, version="draft", forfeits_allowed=2)).changes == ()


def test_overstaying_counts_only_where_the_policy_says_so() -> None:
    """The article says 无故: overstaying is a forfeit by policy only."""
    days = lived(BUILT_IN, EVERYBODY_CAME)
    days.step_out("li", "meal")
    days.lasts(2701)
    found = tried_on(days, replace(BUILT_IN, version="draft", overstaying_counts_as_forfeit=True))
    assert [(one.after.staff_id, one.after.evidence) for one in found.forfeits] == [("li", "step_out/step-out-4")]


def test_what_is_no_list_of_non_buyers_any_more_uses_a_turn() -> None:
    """一.7: a decorator heard by a witness kept the place; where decorators are not on the list the turn is used."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", None), ("greet", 0), ("complete", 0)])
    kept = {"kind": "not_buying", "trade": "decorator", "turn": "kept", "state": "closed", "closed_because": "left"}
    last = days.told.pop()
    days.told.pop()  # the turn that was used
    days.told.append(Told(last.hall_id, replace(last.entry, kind="reception.closed", body={**last.entry.body, **kept})))
    found = tried_on(days, replace(BUILT_IN, version="draft", non_buyers=("journalist",)))
    assert [(one.before.turn, one.after.turn) for one in found.turns] == [("kept", "used")]


@pytest.mark.parametrize(
    ("first", "last"), [(1, 0), (0, 1), (-LONGEST, 0)], ids=["backwards", "into the future", "too many"]
)
def test_only_past_days_are_tried(first: int, last: int) -> None:
    """From the first to the last, until today, and no more than LONGEST of them."""
    with pytest.raises(NotPastDays, match="2026-03-02") as refused:
        check_days(FIRST + timedelta(days=first), FIRST + timedelta(days=last), FIRST)
    assert (refused.value.latest, refused.value.most) == ("2026-03-02", LONGEST)


def test_today_and_the_most_days_may_be_tried() -> None:
    """The edges are inside."""
    check_days(FIRST, FIRST, FIRST)
    check_days(FIRST - timedelta(days=LONGEST - 1), FIRST, FIRST)
