"""Trying a policy on days in which people stepped out, walked off and were suspended (一.1)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.reception.policy.rules import BUILT_IN, Amount, Cause, Policy
from services.reception.trials.rules import Differences
from services.reception.trials.rules_of_course import course
from services.reception.trials.rules_of_facts import Surroundings, facts_of
from tests.services.reception.synthetic_days import EVERYBODY_CAME, ZONE, Days, lived
from tests.services.reception.test_trial_rules import FIRST, gone_through, tried_on

STRICT = replace(BUILT_IN, forfeits_allowed=0)
SERVED = [("visit", None), ("greet", 0), ("complete", 0)]


def draft(held: Policy = BUILT_IN, **values: Any) -> Policy:
    return replace(held, version="draft", **values)


def meal_of(seconds: int) -> dict[str, Any]:
    return {"out_for": {**BUILT_IN.out_for, "meal": seconds}}


def out_for(seconds: float, held: Policy = BUILT_IN, *after: tuple[Any, ...]) -> Days:
    """Li, at A, is out for a meal for so long; then `after`."""
    steps = [*EVERYBODY_CAME, ("step_out", "li", "meal"), ("lasts", seconds), ("come_back", "li"), *after]
    return lived(held, steps)


def who_overstayed(found: Differences) -> list[tuple[bool, bool]]:
    """Of each overstay that differs: whether it was one, and whether it would have been."""
    return [(one.before is not None, one.after is not None) for one in found.overstays]


def test_a_shorter_limit_costs_the_place() -> None:
    """The product's own: back after 20 minutes, tried with 10, Li is at the tail, Wu receives; nothing is forfeited."""
    found = tried_on(out_for(1200, BUILT_IN, *SERVED), draft(**meal_of(600)))
    assert who_overstayed(found) == [(False, True)]
    assert (found.overstays[0].after.staff_id, found.overstays[0].after.step_out_id) == ("li", "step-out-4")
    assert [(one.before.staff_id, one.after.staff_id) for one in found.assignments] == [("li", "wu")]
    assert (found.before.overstays, found.after.overstays, found.after.forfeits) == (0, 1, 0)
    assert [(one.staff_id, one.after.overstays) for one in found.people] == [("li", 1), ("wu", 0)]


def test_a_longer_limit_keeps_the_place() -> None:
    """Back after 50 minutes, at the tail since 45; tried with an hour Li is A still."""
    found = tried_on(out_for(3000, BUILT_IN, *SERVED), draft(**meal_of(3600)))
    assert who_overstayed(found) == [(True, False)]
    assert [(one.before.staff_id, one.after.staff_id) for one in found.assignments] == [("wu", "li")]


@pytest.mark.parametrize(("seconds", "overstays"), [(600, 0), (600.9, 0), (601, 1)])
def test_the_second_of_the_limit_is_dropped(seconds: float, overstays: int) -> None:
    """Whole seconds, fractions dropped in the person's favour: 600.9 is 600."""
    days = out_for(seconds, BUILT_IN, ("lasts", 60.0))
    assert tried_on(days, draft(**meal_of(600))).after.overstays == overstays


def test_overstaying_under_the_draft_is_a_forfeit_where_it_says_so() -> None:
    """By policy only; with none allowed it suspends, from the moment of the overstay."""
    days = out_for(1200, STRICT, *SERVED)
    found = tried_on(days, draft(STRICT, overstaying_counts_as_forfeit=True, **meal_of(600)))
    assert [(one.before, one.after.staff_id, one.after.cause) for one in found.forfeits] == [(None, "li", "overstayed")]
    (suspended,) = found.suspensions
    assert suspended.after.starts_at == suspended.after.ordered_at
    assert (days.now - suspended.after.starts_at).total_seconds() == 1200 - 601
    assert (found.after.fine, found.after.points) == (20, 10)


def test_a_reason_that_the_draft_does_not_have_keeps_its_limit() -> None:
    """A branch's own reason, left out of the draft: whoever left for it is as it happened."""
    held = replace(BUILT_IN, out_for={"meal": 600})
    found = tried_on(out_for(1200, held), draft(out_for={"washroom": 60}))
    assert (found.changes, found.before.overstays, found.after.overstays) == ((), 1, 1)


def test_who_is_still_out_may_have_overstayed_already() -> None:
    """Nobody came back: past the draft's limit by now it is an overstay, before that it is none."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("step_out", "li", "meal"), ("lasts", 700)])
    assert who_overstayed(tried_on(days, draft(**meal_of(600)))) == [(False, True)]
    assert who_overstayed(tried_on(days, draft(**meal_of(800)))) == []


def test_an_overstay_that_was_undone_stays_undone() -> None:
    """The manager corrected it: it costs no place and counts under no policy."""
    days = out_for(3000)
    (n,) = (one.entry.n for one in days.told if one.entry.body.get("cause") == "overstayed")
    days._tell("line", {"cause": "corrected", "voids": n})
    days.visit(None)
    for values in (meal_of(600), {"overstaying_counts_as_forfeit": True}):
        found = tried_on(days, draft(**values))
        assert found.changes == ()
    assert gone_through(days, BUILT_IN).decisions["visit-0005", 1].staff_id == "li"


def test_a_suspension_begins_when_the_reception_in_progress_ends() -> None:
    """一.1: tried with 30 seconds to greet Wu serves when Wu walks off, and is suspended from the end of that visit."""
    waits = [("visit", None), ("lasts", 40.0), ("greet", 0), ("walk_off", "wu"), ("lasts", 600.0)]
    days = lived(STRICT, [*EVERYBODY_CAME, *waits])
    still = tried_on(days, draft(STRICT, greet_within=30)).suspensions
    assert [(one.before.starts_at is None, one.after.starts_at) for one in still] == [(False, None)]
    days.complete(0)
    (found,) = tried_on(days, draft(STRICT, greet_within=30)).suspensions
    assert found.before.ordered_at == found.after.ordered_at == found.before.starts_at
    assert (found.after.starts_at - found.before.starts_at).total_seconds() == 600
    assert found.after.ends_at - found.after.starts_at == found.before.ends_at - found.before.starts_at


def test_who_is_suspended_already_is_not_suspended_again() -> None:
    """Once, until it is over; the forfeit after that counts anew and costs another 20."""
    hour = replace(STRICT, suspended_for=3600)
    days = lived(hour, [*EVERYBODY_CAME, ("walk_off", "li"), ("come_back", "li")])
    days._forfeit("li", "walked_off", "step_out/1")
    assert (len(gone_through(days, hour).suspensions), len(gone_through(days, hour).charges)) == (1, 1)
    days.lasts(3600)
    days._forfeit("li", "walked_off", "step_out/2")
    assert [one.fine for one in gone_through(days, hour).charges] == [20, 20]


def test_when_a_suspension_is_over_who_waits_is_received() -> None:
    """Everybody else is off duty: the visitor waits for Li, and is received when Li may receive again."""
    steps = [("clock_in", "li", 0), ("walk_off", "li"), ("come_back", "li"), ("visit", None), ("lasts", 3600.0)]
    days = lived(replace(STRICT, suspended_for=3600), steps)
    assert [one.staff_id for one in gone_through(days, days.policy).decisions.values()] == ["li"]
    shorter = gone_through(days, replace(days.policy, suspended_for=1800))
    assert [one.staff_id for one in shorter.decisions.values()] == ["li"]
    assert gone_through(days, replace(days.policy, suspended_for=7200)).decisions == {}


def test_walking_off_when_called_is_no_failure_to_greet() -> None:
    """一.1: Li is called and walks off: the visitor goes to Wu at once, and Li forfeits, and is not fined besides."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", None), ("lasts", 20.0), ("walk_off", "li")])
    found = gone_through(days, BUILT_IN)
    assert [(one.staff_id, one.call) for one in found.decisions.values()] == [("li", 1), ("wu", 2)]
    assert (found.passed, found.charges, [one.staff_id for one in found.forfeits]) == ([], [], ["li"])
    longer = tried_on(days, draft(greet_within=90))
    assert (longer.changes, longer.unsure) == ((), 0)
    shorter = tried_on(days, draft(greet_within=10))
    assert [(one.after.staff_id, one.after.sure) for one in shorter.passed_on] == [("li", True)]


def test_each_day_is_tried_by_its_own_policy() -> None:
    """At seven in the morning of the second local day, which is the first by UTC, what the draft says of it holds."""
    steps = [*EVERYBODY_CAME, ("lasts", 22 * 3600.0), ("step_out", "wu", "meal"), ("visit", None), ("lasts", 45.0)]
    days = lived(BUILT_IN, [*steps, ("visit", None), ("greet", 0), ("lasts", 45.0), ("greet", 1), ("lasts", 600.0)])
    second = FIRST + timedelta(days=1)
    costs = {**BUILT_IN.amounts, Cause.FORFEITS: Amount(99, 9), Cause.NOT_GREETED: Amount(0, 4)}
    values = {"greet_within": 30, "forfeits_allowed": 0, "overstaying_counts_as_forfeit": True, "amounts": costs}
    tried = draft(points_only=True, **values, **meal_of(600))
    facts = facts_of((), days.told, lambda _day: BUILT_IN, ZONE, days.now)
    held_on, tried_by = {FIRST: BUILT_IN, second: BUILT_IN}, {FIRST: BUILT_IN, second: tried}
    found = course((), days.told, facts, held_on.__getitem__, tried_by.__getitem__, Surroundings(ZONE))
    assert [(one.staff_id, one.day, one.sure) for one in found.passed] == [("li", second, True), ("li", second, True)]
    assert [(one.staff_id, one.cause, one.day, one.fine, one.points) for one in found.charges] == [
        ("li", Cause.NOT_GREETED, second, 0, 4),
        ("li", Cause.NOT_GREETED, second, 0, 4),
        ("wu", Cause.FORFEITS, second, 0, 9),
    ]
    assert [(one.staff_id, one.day) for one in (*found.overstays, *found.forfeits, *found.suspensions)] == [
        ("wu", second)
    ] * 3


def test_whoever_is_called_twice_in_vain_is_fined_once() -> None:
    """一.1: alone on duty, Li is called for the same visitor again and does not come again: one failure to greet."""
    days = lived(BUILT_IN, [("clock_in", "li", 0), ("visit", None), ("lasts", 122.0)])
    found = gone_through(days, BUILT_IN)
    assert [(one.staff_id, one.call) for one in found.passed] == [("li", 1), ("li", 2)]
    assert [(one.staff_id, one.fine) for one in found.charges] == [("li", 10)]


def test_who_did_not_come_is_not_called_again_while_others_may() -> None:
    """一.6: Zhao, whose customer it is, does not come, nor does Li, who stands in: Wu is next, and not Zhao again."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", "zhao"), ("lasts", 122.0)])
    assert [one.staff_id for one in gone_through(days, BUILT_IN).decisions.values()] == ["zhao", "li", "wu"]
