"""Lateness, absence and leave (二.1), to the second."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reception.attendance.rules import (
    Came,
    LeaveDecided,
    LeaveOfNoTime,
    LeaveState,
    NotYourLeaveToDecide,
    Span,
    check_decides,
    check_leave,
    is_absent,
    is_first,
    lateness,
    what_became,
)
from services.reception.policy.rules import BUILT_IN, Amount, Cause, Policy
from services.reception.rosters.rules import OnShift

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SIX = NINE + timedelta(hours=9)
SHIFT = OnShift("li", date(2026, 3, 2), NINE, SIX)
FIRST, SECOND, THIRD, LAST = Amount(10, 5), Amount(20, 10), Amount(30, 15), Amount(50, 20)
_TIMES = st.timedeltas(min_value=timedelta(hours=-1), max_value=timedelta(hours=9))
_LEAVES = st.lists(st.tuples(_TIMES, _TIMES).map(lambda both: Span(NINE + min(both), NINE + max(both))), max_size=4)


def after(minutes: float = 0, seconds: float = 0) -> datetime:
    return NINE + timedelta(minutes=minutes, seconds=seconds)


def cost(minutes: int, seconds: float = 0, policy: Policy = BUILT_IN) -> tuple[Cause | None, Amount | None]:
    late = lateness(SHIFT, after(minutes, seconds), policy)
    return late.cause, late.amount


@pytest.mark.parametrize(
    ("minutes", "seconds", "amount"),
    [
        (0, 1, FIRST),
        (10, 0, FIRST),
        (10, 0.999, FIRST),
        (10, 1, SECOND),
        (20, 0, SECOND),
        (20, 0.999999, SECOND),
        (20, 1, THIRD),
        (30, 0, THIRD),
        (30, 0.999, THIRD),
    ],
)
def test_2_1_the_bands_of_lateness(minutes: int, seconds: float, amount: Amount) -> None:
    """二.1: up to and including 10, 20 and 30 minutes; a fraction of a second is dropped."""
    assert cost(minutes, seconds) == (Cause.LATE, amount)


def test_2_1_later_than_half_an_hour_is_absence() -> None:
    """二.1: past 30 minutes by a whole second it counts as 旷工."""
    assert cost(30, 1) == (Cause.ABSENT, LAST)
    assert cost(500) == (Cause.ABSENT, LAST)


def test_2_1_on_time() -> None:
    """Before the shift, at its start and within its first second nobody is late."""
    for moment in (after(-20), after(), after(seconds=0.999999)):
        assert lateness(SHIFT, moment, BUILT_IN) == lateness(SHIFT, NINE, BUILT_IN)
        assert lateness(SHIFT, moment, BUILT_IN).seconds == 0


def test_2_1_grace_is_taken_off() -> None:
    """With five minutes of grace, 5:00.999 is on time, 5:01 one second late, and the bands begin there."""
    lenient = Policy("with grace", grace=300)
    assert cost(5, 0.999, lenient) == (None, None)
    assert lateness(SHIFT, after(5, 1), lenient).seconds == 1
    assert cost(15, 0.999, lenient) == (Cause.LATE, FIRST)
    assert cost(15, 1, lenient) == (Cause.LATE, SECOND)
    assert cost(35, 1, lenient) == (Cause.ABSENT, LAST)


def test_what_was_rostered_afterwards_makes_nobody_late() -> None:
    """The product's own: a shift that came into the roster after it began costs nothing."""
    called_in = OnShift("li", SHIFT.day, NINE, SIX, since=after(60))
    assert lateness(called_in, after(90), BUILT_IN).seconds == 0
    assert not is_absent(called_in, [], BUILT_IN)


def test_leave_takes_its_time_away() -> None:
    """Leave until ten makes ten the start; leave in the middle takes its part; leave elsewhere takes nothing."""
    assert lateness(SHIFT, after(65), BUILT_IN, [Span(NINE, after(60))]).seconds == 300
    assert lateness(SHIFT, after(60), BUILT_IN, [Span(NINE, after(60))]).seconds == 0
    assert lateness(SHIFT, after(40), BUILT_IN, [Span(after(10), after(30))]).seconds == 1200
    assert lateness(SHIFT, after(40), BUILT_IN, [Span(after(-60), NINE), Span(after(40), SIX)]).seconds == 2400
    twice = [Span(after(10), after(20)), Span(after(30), after(35))]
    assert lateness(SHIFT, after(40), BUILT_IN, twice).seconds == 1500
    both = [Span(after(20), after(40)), Span(after(-5), after(30))]
    assert lateness(SHIFT, after(41), BUILT_IN, both).seconds == 60


def test_2_1_who_never_came_is_absent() -> None:
    """Without a time on duty that touches the shift it was missed, unless leave covers it whole."""
    assert is_absent(SHIFT, [], BUILT_IN)
    assert is_absent(SHIFT, [Span(after(-60), NINE), Span(SIX, SIX + timedelta(hours=1))], BUILT_IN)
    assert not is_absent(SHIFT, [Span(SIX - timedelta(seconds=1), SIX)], BUILT_IN)
    assert not is_absent(SHIFT, [], BUILT_IN, [Span(NINE, after(120)), Span(after(60), SIX)])
    assert is_absent(SHIFT, [], BUILT_IN, [Span(NINE, after(120))])
    assert not is_absent(SHIFT, [], BUILT_IN, [Span(after(seconds=0.5), SIX)])


def test_2_1_only_the_first_clock_in_of_a_shift_counts() -> None:
    """Who came for it before, even early, or was on duty when it began, is not late when they come back."""
    early = (NINE, Span(after(-20), after(-10)))
    before = (NINE - timedelta(hours=4), Span(after(-240), after(5)))
    yesterday = (NINE - timedelta(days=1), Span(after(-24 * 60), after(-15 * 60)))
    assert is_first(SHIFT, [])
    assert is_first(SHIFT, [yesterday])
    assert is_first(SHIFT, [(NINE - timedelta(hours=4), Span(after(-240), NINE))])
    assert not is_first(SHIFT, [yesterday, early])
    assert not is_first(SHIFT, [before])


def test_what_became_of_a_shift() -> None:
    """Absence first, then the clock-in, then leave; what is not over is expected."""

    def became(now: datetime = SIX, leave: Iterable[Span] = (), **facts: bool) -> Came:
        said = {"came": False, "absent": False} | facts
        return what_became(SHIFT, 7 if said["came"] else None, list(leave), now, **said)

    assert became(absent=True) is Came.ABSENT
    assert became(came=True) is Came.LATE
    assert what_became(SHIFT, 0, [], SIX, came=True, absent=False) is Came.ON_TIME
    assert became(leave=[Span(NINE, SIX)]) is Came.ON_LEAVE
    assert became(after(30)) is Came.EXPECTED
    assert became() is Came.NOT_COUNTED


def test_leave_lasts_some_time_and_not_more_than_a_year() -> None:
    """It ends after it begins; 366 days are the most."""
    check_leave(Span(NINE, NINE + timedelta(seconds=1)))
    check_leave(Span(NINE, NINE + timedelta(days=366)))
    for ends_at in (NINE, after(-1), NINE + timedelta(days=366, seconds=1)):
        with pytest.raises(LeaveOfNoTime):
            check_leave(Span(NINE, ends_at))


def test_leave_is_decided_once_by_somebody_else_who_leads() -> None:
    """Never one's own, never by who does not lead, never twice."""
    check_decides("boss", "li", LeaveState.ASKED, leads=True)
    for actor, leads in (("li", True), ("wu", False)):
        with pytest.raises(NotYourLeaveToDecide):
            check_decides(actor, "li", LeaveState.ASKED, leads=leads)
    for state in (LeaveState.APPROVED, LeaveState.REFUSED):
        with pytest.raises(LeaveDecided) as refused:
            check_decides("boss", "li", state, leads=True)
        assert refused.value.state == state


@given(first=_TIMES, second=_TIMES, leave=_LEAVES, grace=st.integers(0, 3600))
def test_coming_later_is_never_less_late(first: timedelta, second: timedelta, leave: list[Span], grace: int) -> None:
    """Neither seconds nor yuan nor points fall when the same person comes later."""
    policy = Policy("any", grace=grace)
    sooner, later = (lateness(SHIFT, NINE + by, policy, leave) for by in sorted((first, second)))
    nothing = Amount(0, 0)
    assert sooner.seconds <= later.seconds
    assert (sooner.amount or nothing).fine <= (later.amount or nothing).fine
    assert (sooner.amount or nothing).points <= (later.amount or nothing).points


@given(by=_TIMES, leave=_LEAVES, grace=st.integers(0, 3600))
def test_fractions_and_leave_never_hurt(by: timedelta, leave: list[Span], grace: int) -> None:
    """A moment costs what the whole second before it costs, and leave costs nothing."""
    policy = Policy("any", grace=grace)
    whole = timedelta(seconds=by // timedelta(seconds=1))
    assert lateness(SHIFT, NINE + by, policy) == lateness(SHIFT, NINE + whole, policy)
    assert lateness(SHIFT, NINE + by, policy, leave).seconds <= lateness(SHIFT, NINE + by, policy).seconds


@given(leave=_LEAVES, more=_LEAVES)
def test_more_leave_never_makes_absent(leave: list[Span], more: list[Span]) -> None:
    """Whom some leave excuses, more leave excuses too."""
    assert is_absent(SHIFT, [], BUILT_IN, leave) or not is_absent(SHIFT, [], BUILT_IN, [*leave, *more])
