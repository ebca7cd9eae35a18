"""Which forfeits suspend, and for how long (一.1): by example and by property."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reception.forfeits.rules import Forfeit, suspension, those_that_suspend
from services.reception.policy.rules import BUILT_IN, Week

NOW = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)  # a Wednesday, noon in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = 7 * 24 * 3600
CALENDAR = replace(BUILT_IN, forfeit_week=Week.CALENDAR)


def ago(*seconds: float) -> list[Forfeit]:
    return [Forfeit(f"f{n}", NOW - timedelta(seconds=one)) for n, one in enumerate(seconds)]


def suspends(*seconds: float, now: datetime = NOW) -> bool:
    return bool(those_that_suspend(ago(*seconds), now, BUILT_IN, SHANGHAI))


def test_1_1_more_than_three_in_a_week_suspend() -> None:
    """一.1 超过三次以上: three do not, the fourth does, and all four are spent."""
    assert not suspends(0, 60, 120)
    assert suspends(0, 60, 120, 180)
    assert list(those_that_suspend(ago(0, 60, 120, 180, WEEK + 1), NOW, BUILT_IN, SHANGHAI)) == ago(0, 60, 120, 180)


def test_1_1_one_exactly_a_week_old_counts_no_longer() -> None:
    """一.1 一周内 is the last 7 × 24 hours: one second younger counts, exactly that old does not."""
    assert suspends(0, 60, 120, WEEK - 1)
    assert not suspends(0, 60, 120, WEEK)


@pytest.mark.parametrize("fraction", [0.000001, 0.5, 0.999999])
def test_1_1_a_fraction_short_of_a_week_counts_as_a_week(fraction: float) -> None:
    """Whole seconds, fractions dropped in the person's favour: the week is over when its last second has begun."""
    assert not suspends(0, 60, 120, WEEK - 1 + fraction)
    assert not suspends(0, 60, 120, WEEK + fraction)


def test_three_or_more_is_a_policys_choice() -> None:
    """With two allowed, the third suspends: 三次以上 read the other way."""
    assert those_that_suspend(ago(0, 60, 120), NOW, replace(BUILT_IN, forfeits_allowed=2), SHANGHAI)


def test_a_calendar_week_begins_on_monday_at_the_branch() -> None:
    """By policy the week begins on Monday at midnight there, whatever the day is in UTC."""
    monday = datetime(2026, 3, 9, tzinfo=SHANGHAI)
    of_the_week = [Forfeit(str(n), monday + timedelta(hours=n)) for n in range(4)]
    assert len(those_that_suspend(of_the_week, NOW, CALENDAR, SHANGHAI)) == 4
    assert not those_that_suspend(of_the_week, NOW, CALENDAR, ZoneInfo("UTC"))
    sunday = [Forfeit("sunday", monday - timedelta(microseconds=1)), *of_the_week[1:]]
    assert not those_that_suspend(sunday, NOW, CALENDAR, SHANGHAI)


def test_1_1_a_suspension_lasts_seven_days() -> None:
    """一.1 停止接待客户一周: 7 × 24 hours, and the fraction of its last second is given back."""
    assert suspension(NOW, WEEK) == (NOW, NOW + timedelta(days=7))
    begins = NOW.replace(microsecond=900_000)
    assert suspension(begins, WEEK) == (begins, NOW + timedelta(days=7))


AGES = st.lists(st.integers(0, 9 * 24 * 3600 * 1_000_000), max_size=8)


@given(AGES, st.integers(0, 5))
def test_the_week_rule_in_whole_seconds(ages: list[int], allowed: int) -> None:
    """Against a plain count in microseconds: all of the week are spent, or none when they are not too many."""
    forfeits = [Forfeit(str(n), NOW - timedelta(microseconds=age)) for n, age in enumerate(ages)]
    young = [one for one, age in zip(forfeits, ages, strict=True) if age <= (WEEK - 1) * 1_000_000]
    policy = replace(BUILT_IN, forfeits_allowed=allowed)
    assert list(those_that_suspend(forfeits, NOW, policy, SHANGHAI)) == (young if len(young) > allowed else [])


@given(AGES)
def test_waiting_never_makes_it_worse(ages: list[int]) -> None:
    """What does not suspend now does not suspend later by itself."""
    forfeits = [Forfeit(str(n), NOW - timedelta(microseconds=age)) for n, age in enumerate(ages)]
    later = those_that_suspend(forfeits, NOW + timedelta(hours=5), BUILT_IN, SHANGHAI)
    assert set(later) <= set(those_that_suspend(forfeits, NOW, BUILT_IN, SHANGHAI))
