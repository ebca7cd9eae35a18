"""What a trial takes from the registers of halls, told entry by entry: take-overs, undoing, lots, absence, leave."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.reception.delegations.rules import Delegation
from services.reception.policy.rules import BUILT_IN, Amount, Band, Cause, Order, Policy
from services.reception.rotation.rules import Kind, Role, drawn
from services.reception.trials.rules import Course, Differences, Passed, added, differences
from services.reception.trials.rules_of_course import course
from services.reception.trials.rules_of_facts import Seen, Surroundings, Told, facts_of
from tests.services.reception.synthetic_days import EVERYBODY_CAME, HALL, ZONE, Days, lived
from tests.services.reception.test_trial_leaving_rules import draft
from tests.services.reception.test_trial_rules import FIRST, LAST, gone_through, tried_on
from tests.services.synthetic import NOW

VISIT = [("visit", None), ("greet", 0)]


def told_by(told: list[Told], around: Surroundings, policy: Policy = BUILT_IN, seen: tuple[Seen, ...] = ()) -> Course:
    """The course of what these registers tell."""
    facts = facts_of((), told, lambda _day: BUILT_IN, ZONE, NOW + timedelta(days=30), seen)
    return course((), told, facts, lambda _day: BUILT_IN, lambda _day: policy, around)


def say(days: Days, what: str, number: int = -1, **changes: Any) -> None:
    """The register says something of a reception: the last one, or that number."""
    one = list(days.visits.values())[number]
    days._say(what, one)
    last = days.told.pop()
    days.told.append(Told(HALL, replace(last.entry, body={**last.entry.body, **changes})))


def served(found: Course) -> list[tuple[str, Role]]:
    return [(one.staff_id, one.role) for one in found.decisions.values()]


def test_the_original_takes_over_where_somebody_stands_in() -> None:
    """一.6: Zhao serves, Li stands in until Zhao takes over; nobody of them uses a turn, and Li is free again."""
    days = lived(BUILT_IN, EVERYBODY_CAME)
    days.visit("zhao")
    days.visit("zhao")
    one = list(days.visits.values())[1]
    days.complete(0)
    one.server_id, one.role = "zhao", Role.ORIGINAL
    say(days, "changed")
    days.visit(None)
    found = gone_through(days, BUILT_IN)
    assert served(found) == [("zhao", Role.ORIGINAL), ("li", Role.STAND_IN), ("li", Role.A)]
    days.complete(0)
    assert [(one.staff_id, one.turn) for one in gone_through(days, BUILT_IN).turns.values()] == [
        ("zhao", "kept"),
        ("zhao", "kept"),
    ]


def test_no_take_over_where_nobody_stands_in() -> None:
    """Where A received for themselves, or the original already did, a take-over changes nothing."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, *VISIT])
    say(days, "changed", server_id="zhao", role="original")
    days.visit(None)
    assert served(gone_through(days, BUILT_IN)) == [("li", Role.A), ("wu", Role.A)]


def test_who_is_heard_not_to_buy_is_so_under_every_policy() -> None:
    """一.7: said openly after the assignment; under another line it is the same visitor, who keeps the place."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, *VISIT])
    say(days, "changed", kind="not_buying", trade="decorator")
    say(days, "closed", kind="not_buying", trade="decorator", state="closed", closed_because="left", turn="kept")
    assert [one.turn for one in gone_through(days, BUILT_IN).turns.values()] == ["kept"]
    found = tried_on(days, draft(order=Order.CLOCK_IN))
    assert found.turns == ()


def test_an_arrival_that_was_undone_decides_nothing() -> None:
    """Recorded by mistake: nobody was called for it, and nobody's turn is used."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, *VISIT])
    say(days, "closed", state="closed", closed_because="undone", server_id=None, role=None)
    days.visit(None)
    found = gone_through(days, BUILT_IN)
    assert ([one.reception_id for one in found.decisions.values()], found.turns) == (["visit-0005"], {})


def test_a_visitor_gone_before_the_greeting_keeps_the_place() -> None:
    """一.1: left within the limit, the place is kept: under every line, whoever was called."""
    steps = [("clock_in", "wu", 0), ("clock_in", "li", 0), ("visit", "zhao")]
    days = lived(BUILT_IN, steps)
    say(days, "closed", state="closed", closed_because="left", turn="kept")
    for policy in (BUILT_IN, draft(order=Order.CLOCK_IN)):
        assert [one.turn for one in gone_through(days, policy).turns.values()] == ["kept"]


def test_a_used_turn_that_was_corrected_is_given_back() -> None:
    """撞单: the correction of a used turn corrects whoever's turn it would have been, and the line is as before."""
    days = lived(BUILT_IN, [("clock_in", "wu", 0), ("clock_in", "li", 0), *VISIT, ("complete", 0)])
    (n,) = (one.entry.n for one in days.told if one.entry.body.get("cause") == "turn_used")
    days._tell("line", {"cause": "corrected", "voids": n})
    days.order = ["li", "wu", "zhao"]
    days.visit(None)
    assert served(gone_through(days, BUILT_IN))[-1] == ("li", Role.A)
    assert served(gone_through(days, draft(order=Order.CLOCK_IN))) == [("wu", Role.A), ("wu", Role.A)]


def test_what_the_manager_ordered_is_as_it_happened() -> None:
    """A reorder, a newcomer and somebody who left the line hold under the draft too."""
    days = lived(BUILT_IN, EVERYBODY_CAME)
    days._tell("line", {"cause": "reordered", "order": ["zhao", "wu", "li"]})
    days._tell("line", {"cause": "left", "staff_id": "zhao"})
    days._tell("line", {"cause": "joined", "staff_id": "zhao"})
    days.order = ["wu", "li", "zhao"]
    for _ in range(3):
        days.visit(None)
    assert [name for name, _role in served(gone_through(days, draft(greet_within=30)))] == ["wu", "li", "zhao"]


def test_a_lot_is_drawn_from_the_hall_and_the_day() -> None:
    """By lot, once a day, the first who comes draws for everybody; who is late stands behind."""
    days = lived(BUILT_IN, [("clock_in", "zhao", 0), ("clock_in", "wu", 0), ("clock_in", "li", 1)])
    for _ in range(3):
        days.visit(None)
    found = gone_through(days, draft(order=Order.LOT))
    order = [one for one in drawn(["li", "wu", "zhao"], "hall/2026-03-02") if one != "li"]
    assert [name for name, _role in served(found)] == [*order, "li"]
    early = gone_through(days, draft(order=Order.LOT, late_to_the_tail=False))
    assert [name for name, _role in served(early)] == drawn(["li", "wu", "zhao"], "hall/2026-03-02")


def test_who_is_late_may_keep_the_place() -> None:
    """Late to the tail is the product's own: without it Li, a minute late, is A."""
    days = lived(BUILT_IN, [("clock_in", "li", 60), ("clock_in", "wu", 0), ("visit", None)])
    found = tried_on(days, draft(late_to_the_tail=False))
    assert [(one.before.staff_id, one.after.staff_id) for one in found.assignments] == [("wu", "li")]
    graced = tried_on(days, draft(grace=60))
    assert [(one.before.staff_id, one.after.staff_id) for one in graced.assignments] == [("wu", "li")]
    assert [(one.before.fine, one.after) for one in graced.penalties] == [(10, None)]


def _absence(days: Days, key: str) -> None:
    body = {"absence_id": key, "staff_id": "li", "local_day": "2026-03-02"}
    days._tell("absence.found", body)


def test_absence_and_quarrels_are_priced_anew() -> None:
    """二.1, 一.2: 50 and 20 points each; an absence that leave cancelled costs nothing; points only: no fine."""
    days = Days(BUILT_IN).open()
    _absence(days, "1")
    _absence(days, "2")
    days._tell("absence.cancelled", {"absence_id": "2"})
    quarrel = Seen("wu", Cause.QUARREL, "dispute/1", FIRST)
    found = told_by(days.told, Surroundings(ZONE), seen=(quarrel,)).charges
    assert [(one.staff_id, one.cause, one.evidence, one.day) for one in found] == [
        ("li", Cause.ABSENT, "absence/1", FIRST),
        ("wu", Cause.QUARREL, "dispute/1", FIRST),
    ]
    assert {(one.fine, one.points, one.sure) for one in found} == {(50, 20, True)}
    spared = told_by(days.told, Surroundings(ZONE), draft(points_only=True), (quarrel,)).charges
    assert {(one.fine, one.points) for one in spared} == {(0, 20)}


@pytest.mark.parametrize(
    ("late", "late_by", "grace", "fine"),
    [(700, 700, 0, 20), (700, 500, 0, 10), (700, 0, 0, None), (700, 500, 500, None), (700, None, 100, 10)],
    ids=["late", "leave took some of it", "leave took all of it", "in the grace", "said of no lateness"],
)
def test_lateness_is_what_leave_left_of_it(late: int, late_by: int | None, grace: int, fine: int | None) -> None:
    """二.1: leave approved afterwards takes its own time away; what remains is priced by the draft, grace taken off."""
    days = lived(BUILT_IN, [("clock_in", "li", late)])
    (came,) = (one.entry.body for one in days.told if one.entry.kind == "attendance.clocked_in")
    days._tell("attendance.lateness_changed", {**came, "late_by": late_by})
    charges = gone_through(days, draft(grace=grace)).charges
    assert [one.fine for one in charges] == ([] if fine is None else [fine])


def test_only_a_shifts_first_coming_can_be_late() -> None:
    """二.1: who comes back in the same shift is not late again, whatever the grace."""
    days = lived(BUILT_IN, [("clock_in", "li", 60)])
    (came,) = (one.entry.body for one in days.told if one.entry.kind == "attendance.clocked_in")
    days.lasts(3600.0)
    again = {"attendance_id": "again", "clocked_in_at": days.now.isoformat(), "late_by": 0}
    days._tell("attendance.clocked_out", {"staff_id": "li"})
    days._tell("attendance.clocked_in", {**came, **again})
    assert [one.evidence for one in gone_through(days, BUILT_IN).charges] == ["attendance/attendance-1"]


def test_past_the_last_band_it_is_absence() -> None:
    """二.1: over 30 minutes counts as absent 旷工; with bands of an hour it is lateness still."""
    days = lived(BUILT_IN, [("clock_in", "li", 1801)])
    (found,) = gone_through(days, BUILT_IN).charges
    assert (found.cause, found.fine, found.points) == (Cause.ABSENT, 50, 20)
    (found,) = gone_through(days, draft(late=(Band(3600, Amount(7, 3)),))).charges
    assert (found.cause, found.fine, found.points) == (Cause.LATE, 7, 3)


def test_a_late_tap_shows_that_they_came() -> None:
    """一.1: passed on after 61 seconds, a tap that moment: with 90 it is no failure to greet, and that is sure."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", None), ("lasts", 70.0)])
    (n, passed) = next((n, one) for n, one in enumerate(days.told) if one.entry.kind == "reception.passed_on")
    subject = f"reception/{passed.entry.body['reception_id']}"
    tap = replace(passed.entry, kind="reception.greeted_late", body={"server_id": "li"}, subject=subject)
    days.told.insert(n, Told(HALL, tap))
    assert [one.staff_id for one in gone_through(days, BUILT_IN).passed] == ["li"]
    assert gone_through(days, draft(greet_within=90)).passed == []


def test_their_own_customer_costs_nobody_a_fine() -> None:
    """一.6: an original who does not come is not fined and keeps the place; A stands in."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", "zhao"), ("lasts", 61.0)])
    found = gone_through(days, BUILT_IN)
    assert (served(found), found.charges) == ([("zhao", Role.ORIGINAL), ("li", Role.STAND_IN)], [])
    assert found.passed == [Passed("visit-0004", 1, "zhao", FIRST, True)]


def test_not_greeting_is_a_forfeit_where_the_draft_says_so() -> None:
    """By policy only: Li did not come, forfeits, and with none allowed is suspended and costs 30 in all."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", None), ("lasts", 61.0)])
    found = tried_on(days, draft(not_greeted_counts_as_forfeit=True, forfeits_allowed=0))
    (forfeit,) = found.forfeits
    assert vars(forfeit.after) == {
        "staff_id": "li",
        "cause": "not_greeted",
        "evidence": "reception/visit-0004",
        "day": FIRST,
    }
    assert [(one.after.starts_at, one.after.day) for one in found.suspensions] == [(days.now, FIRST)]
    assert (found.before.fine, found.after.fine) == (10, 30)


def test_the_delegate_receives_whose_original_is_off_duty() -> None:
    """一.6: delegations hold in a trial as they held; by phone alone a visitor may be a first visit."""
    days = lived(BUILT_IN, [("clock_in", "li", 0), ("clock_in", "wu", 0), ("visit", "zhao")])
    given = Delegation("zhao", "wu", "customer", NOW, NOW + timedelta(days=1), NOW)
    around = Surroundings(ZONE, (given,), {"visit-0003": "customer"}, frozenset({"visit-0003"}))
    assert served(told_by(days.told, around)) == [("wu", Role.DELEGATE)]
    assert served(told_by(days.told, replace(around, customers={}))) == [("li", Role.WHOLE_VISIT)]
    plain = draft(registered_by_phone_is_returning=False)
    assert served(told_by(days.told, around, plain)) == [("li", Role.A)]
    assert served(told_by(days.told, replace(around, by_phone_alone=frozenset()), plain)) == [("wu", Role.DELEGATE)]


def test_on_duty_in_another_hall_is_on_duty_where_halls_are_joined() -> None:
    """一.6: off duty here by default; joined, the original is somewhere, and A stands in."""
    days = lived(BUILT_IN, [("clock_in", "zhao", 0)])
    other = [Told("other", one.entry) for one in days.told]
    here = lived(BUILT_IN, [("clock_in", "li", 0), ("visit", "zhao")])
    both = [*other, *here.told]
    assert served(told_by(both, Surroundings(ZONE))) == [("li", Role.WHOLE_VISIT)]
    assert served(told_by(both, Surroundings(ZONE), draft(halls_joined=True))) == [("li", Role.STAND_IN)]


def test_days_outside_those_asked_for_are_left_out() -> None:
    """Of the week before, and of the day after, nothing is compared and nothing is counted."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", None), ("lasts", 61.0), ("night",)])
    days.walk_off("li")
    found = [gone_through(days, policy) for policy in (BUILT_IN, draft(greet_within=30))]
    empty = differences(*found, FIRST + timedelta(days=2), LAST)
    assert (empty.changes, set(vars(empty.before).values())) == ((), {0})
    first = differences(*found, FIRST, FIRST)
    assert (first.before.passed_on, first.before.forfeits, first.before.fine) == (1, 0, 10)
    second = differences(*found, FIRST + timedelta(days=1), LAST)
    assert (second.before.passed_on, second.before.forfeits) == (0, 1)


def test_the_sums_of_branches_add_up_and_everybody_is_named() -> None:
    """The company's totals are those of its branches, setting by setting; whoever a change is about has a name."""
    steps = [*EVERYBODY_CAME, ("visit", None), ("lasts", 45.0), ("greet", 0), ("complete", 0)]
    found: Differences = tried_on(lived(BUILT_IN, steps), draft(greet_within=30))
    twice = added([found.after, found.after])
    assert vars(twice) == {name: 2 * value for name, value in vars(found.after).items()}
    assert set(vars(added([])).values()) == {0}
    assert found.everybody == {"li", "wu"}
    assert [one.key for one in found.changes] == [
        ("visit-0004", 2),
        ("visit-0004", 1),
        ("visit-0004",),
        ("li", Cause.NOT_GREETED, "reception/visit-0004"),
    ]


def test_what_stood_when_the_days_began_is_taken_as_it_was() -> None:
    """The line, who is on duty or away, and the receptions that had not ended; those that had are over."""
    steps = [*EVERYBODY_CAME, *VISIT, ("complete", 0), ("visit", None), ("visit", "zhao"), ("walk_off", "wu")]
    days = lived(BUILT_IN, steps)
    split = len(days.told)
    for _ in range(3):
        days.complete(0)
    days.visit(None)
    found = gone_through(days, BUILT_IN, split)
    assert served(found) == [("zhao", Role.A)]
    whole = gone_through(days, BUILT_IN)
    assert list(whole.decisions.values())[-len(found.decisions) :] == list(found.decisions.values())
    assert list(whole.turns.values())[1:] == list(found.turns.values())


def test_who_says_not_to_buy_is_passed_on_as_such() -> None:
    """一.7: Zhao serves, Li stands in for a customer who says not to buy and is not greeted; Wu is A."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", "zhao"), ("greet", 0), ("visit", "zhao")])
    two = list(days.visits.values())[1]
    two.kind = Kind.NOT_BUYING
    days._say("changed", two)
    days.lasts(61)
    expected = [("zhao", Role.ORIGINAL), ("li", Role.STAND_IN), ("wu", Role.A)]
    assert served(gone_through(days, BUILT_IN)) == expected == [(name, role) for _key, name, role in days.assigned]


def test_another_kind_said_afterwards_is_a_correction_that_calls_nobody_else() -> None:
    """撞单: found to be a first visit after all; whoever is called next is called as before."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", "zhao"), ("greet", 0), ("visit", "zhao")])
    say(days, "changed", kind="first_visit")
    days.lasts(61)
    assert [role for _name, role in served(gone_through(days, BUILT_IN))][-1] is Role.STAND_IN


def test_a_draft_that_is_not_sure_fines_unsurely() -> None:
    """Passed on after 61 seconds, tried with 90: the fine stands, and says that nobody knows."""
    days = lived(BUILT_IN, [*EVERYBODY_CAME, ("visit", None), ("lasts", 70.0)])
    (found,) = tried_on(days, draft(greet_within=90)).penalties
    assert (found.before.sure, found.after.sure, found.after.fine) == (True, False, 10)
    assert [one.sure for one in gone_through(days, draft(greet_within=90)).charges] == [False]


def test_everything_of_both_sides_is_compared() -> None:
    """Sums of one person are theirs alone; changes stand by day, then by what they are about."""
    steps = [
        *EVERYBODY_CAME,
        ("visit", None),
        ("lasts", 45.0),
        ("greet", 0),
        ("complete", 0),
        ("night",),
        ("visit", None),
    ]
    days = lived(BUILT_IN, [*steps, ("lasts", 45.0), ("greet", 0), ("complete", 0)])
    found = tried_on(days, draft(greet_within=30, points_only=True))
    assert [one.day for one in found.passed_on] == [FIRST, FIRST + timedelta(days=1)]
    of_each = {one.staff_id: (one.after.points, one.after.fine, one.after.passed_on) for one in found.people}
    assert of_each == {"li": (5, 0, 1), "zhao": (5, 0, 1)}
    assert (found.before.turns_used, found.after.turns_used, found.after.turns_kept) == (2, 2, 0)
    assert (found.before.penalties, found.after.penalties, found.after.points, found.unsure) == (0, 2, 10, 0)
