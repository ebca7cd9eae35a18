"""What a penalty is, what it costs, and what a month of them comes to."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.reception.discipline import rules
from services.reception.discipline.rules import (
    ARTICLES,
    CaseDecided,
    MonthSettled,
    NotYourPenalty,
    OwnCase,
    PenaltyStands,
    State,
    Step,
    check_may,
    priced,
    under,
)
from services.reception.policy.rules import BUILT_IN, Amount, Cause, Policy
from services.reception.settlements.rules import (
    Account,
    BadMonth,
    MonthNotOver,
    Posting,
    Verdict,
    account,
    cap_of,
    check_month,
    check_over,
)

ARROWS = {
    "proposed": {"confirm": "confirmed", "appeal": "appealed", "waive": "waived", "withdraw": "withdrawn"},
    "confirmed": {"appeal": "appealed", "withdraw": "withdrawn"},
    "appealed": {"waive": "waived", "uphold": "upheld", "withdraw": "withdrawn"},
    "upheld": {"withdraw": "withdrawn"},
    "waived": {},
    "withdrawn": {},
}
POSTINGS = some.lists(
    some.builds(Posting, some.sampled_from("abcd"), some.integers(-50, 50), some.integers(-20, 20), some.booleans()),
    max_size=12,
)


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_a_penalty_moves_along_its_arrows_only(state: State, step: Step) -> None:
    """Each step leads where the ledger says, and from everywhere else nowhere."""
    to = ARROWS[state].get(step)
    if to is None:
        with pytest.raises(PenaltyStands) as stands:
            rules.after(state, step)
        assert stands.value.state == state.value
        assert str(stands.value) == state.value
    else:
        assert rules.after(state, step) is State(to)
    assert rules.may_be_withdrawn(state) is ("withdraw" in ARROWS[state])


@pytest.mark.parametrize("step", Step)
def test_the_person_appeals_and_others_decide(step: Step) -> None:
    """A penalty is appealed by its person alone, and whatever else is done about it is done by somebody else."""
    own, refused = ("li", NotYourPenalty) if step is Step.APPEAL else ("boss", OwnCase)
    check_may(step, own, "li")
    with pytest.raises(refused):
        check_may(step, "boss" if own == "li" else "li", "li")


def test_a_refusal_says_what_stands() -> None:
    """Which month is settled, and how the case was decided."""
    month, case = MonthSettled("2026-03"), CaseDecided("rejected")
    assert (month.month, str(month)) == ("2026-03", "2026-03")
    assert (case.state, str(case)) == ("rejected", "rejected")


def test_what_counts() -> None:
    """Money and points move while a penalty is confirmed or upheld, and at no other time."""
    assert {state.value for state in State if state.counts} == {"confirmed", "upheld"}


@pytest.mark.parametrize(
    ("late_by", "cause", "fine", "points"),
    [
        (1, Cause.LATE, 10, 5),
        (600, Cause.LATE, 10, 5),
        (601, Cause.LATE, 20, 10),
        (1200, Cause.LATE, 20, 10),
        (1201, Cause.LATE, 30, 15),
        (1800, Cause.LATE, 30, 15),
        (1801, Cause.ABSENT, 50, 20),
    ],
)
def test_2_1_lateness_by_hand(late_by: int, cause: Cause, fine: int, points: int) -> None:
    """二.1: up to and including 10, 20, 30 minutes, then absent."""
    assert priced(Cause.LATE, late_by, BUILT_IN) == (cause, Amount(fine, points))
    assert ARTICLES[cause] == "二.1"


@pytest.mark.parametrize(
    ("cause", "article", "fine", "points"),
    [
        (Cause.FORFEITS, "一.1", 20, 10),
        (Cause.NOT_GREETED, "一.1", 10, 5),
        (Cause.QUARREL, "一.2", 50, 20),
        (Cause.ABSENT, "二.1", 50, 20),
    ],
)
def test_1_1_and_1_2_what_each_costs(cause: Cause, article: str, fine: int, points: int) -> None:
    """一.1, 一.2, 二.1: the amounts of the rule book, with its articles."""
    assert priced(cause, None, BUILT_IN) == (cause, Amount(fine, points))
    assert ARTICLES[cause] == article


def test_points_only_takes_no_fine() -> None:
    """Where the company takes points only, the fine is 0 and the points remain."""
    assert under(Policy("p", points_only=True), Amount(50, 20)) == Amount(0, 20)
    assert under(BUILT_IN, Amount(50, 20)) == Amount(50, 20)


@pytest.mark.parametrize(
    ("pay", "percent", "cap"),
    [(5000, 1, 50), (4999, 1, 49), (None, 20, 0), (None, None, None), (3000, None, None), (0, 20, 0), (None, 100, 0)],
)
def test_the_cap_is_a_share_of_pay(pay: int | None, percent: int | None, cap: int | None) -> None:
    """Whole yuan, the fraction dropped; without a switch no cap; with one and no pay known nothing is within it."""
    assert cap_of(pay, percent) == cap


def test_the_latest_fines_are_past_the_cap() -> None:
    """50, 20 and 10 under a cap of 60: the last 10 and 10 of the 20 are held, and due is 60."""
    month = account([Posting("a", 50, -20), Posting("b", 20, -10), Posting("c", 10, -5)], 60)
    assert (month.fine, month.points, month.held, month.let_go, month.due) == (80, -35, 20, 0, 60)
    assert [line.untaken for line in month.lines] == [0, 10, 10]


def test_a_manager_takes_or_lets_go_what_is_held() -> None:
    """Taken, all is due; let go, the cap is due; nothing is held any more."""
    moved = [Posting("a", 50, -20)]
    taken, let_go = account(moved, 10, Verdict.TAKE), account(moved, 10, Verdict.LET_GO)
    assert (taken.held, taken.let_go, taken.due) == (0, 0, 50)
    assert (let_go.held, let_go.let_go, let_go.due) == (0, 40, 10)


def test_nothing_of_what_is_given_back_is_held() -> None:
    """A fine given back is no fine that could be past the cap: what is past it is the fine before."""
    month = account([Posting("a", 50, -20), Posting("b", -10, 5)], 30)
    assert [(line.penalty_id, line.untaken) for line in month.lines] == [("a", 10), ("b", 0)]
    assert (month.fine, month.held, month.due) == (40, 10, 30)


def test_2_1_lateness_of_no_time_costs_the_first_band() -> None:
    """Recorded by hand without a time it is the shortest lateness that there is."""
    assert priced(Cause.LATE, None, BUILT_IN) == priced(Cause.LATE, 0, BUILT_IN)


def test_what_was_held_earlier_is_past_the_cap_of_no_month() -> None:
    """A fine taken late is due in full and leaves this month's cap to this month's fines."""
    month = account([Posting("old", 30, 0, past_cap=True), Posting("new", 20, -10)], 20)
    assert (month.fine, month.held, month.carried, month.due) == (20, 0, 30, 50)


def test_a_penalty_that_came_and_went_is_no_line() -> None:
    """Confirmed, appealed and waived in one month, nothing of it is shown."""
    month = account([Posting("a", 50, -20), Posting("a", -50, 20), Posting("b", 10, -5)], None)
    assert [line.penalty_id for line in month.lines] == ["b"]


@given(POSTINGS, some.none() | some.integers(0, 200), some.none() | some.sampled_from(Verdict))
def test_an_account_adds_up(postings: list[Posting], cap: int | None, verdict: Verdict | None) -> None:
    """Whatever was posted: due is the fines without what is held or let go, with what was carried; lines add up."""
    month = account(postings, cap, verdict)
    assert month.due == month.fine - month.held - month.let_go + month.carried
    assert month.fine == sum(one.fine for one in postings if not one.past_cap)
    assert month.points == sum(one.points for one in postings)
    assert month.held + month.let_go == _expected(month, cap, verdict)
    for name, total in (("fine", month.fine), ("points", month.points), ("carried", month.carried)):
        assert sum(getattr(line, name) for line in month.lines) == total
    assert sum(line.untaken for line in month.lines) == month.held + month.let_go
    assert all(0 <= line.untaken <= max(line.fine, 0) for line in month.lines)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-3", "202603", "2026-03-01", "march", "2026-03\n"])
def test_what_is_no_month(text: str) -> None:
    """Anything but YYYY-MM is refused with the text itself."""
    with pytest.raises(BadMonth) as refused:
        check_month(text)
    assert refused.value.text == text


@pytest.mark.parametrize("text", ["2026-01", "2026-09", "2026-10", "2026-12"])
def test_what_is_a_month(text: str) -> None:
    """YYYY-MM is taken as it stands."""
    assert check_month(text) == text


def test_a_month_is_over_on_the_first_of_the_next() -> None:
    """Not on its last day, and not before it begins."""
    check_over("2026-03", date(2026, 4, 1))
    for day in (date(2026, 3, 31), date(2026, 2, 1), date(2025, 12, 31)):
        with pytest.raises(MonthNotOver) as refused:
            check_over("2026-03", day)
        assert refused.value.month == "2026-03"


def _expected(month: Account, cap: int | None, verdict: Verdict | None) -> int:
    return 0 if cap is None or verdict is Verdict.TAKE else max(0, month.fine - cap)
