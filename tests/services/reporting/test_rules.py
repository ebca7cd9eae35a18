"""Periods, days and sums."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.reporting.days.rules import Counts, DayUnreadable, Person, add_up, day_of
from services.reporting.sheets.rules import Period, PeriodBackwards

NUMBERS = some.integers(0, 1000)
COUNTS = some.builds(Counts, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
PEOPLE = some.sampled_from([Person("east", "1", "Li"), Person("east", None, "Li"), Person("west", "1", "Li")])


@given(some.dates())
def test_a_day_is_read_as_it_is_written(day: date) -> None:
    """What isoformat writes, day_of reads."""
    assert day_of(day.isoformat()) == day


@pytest.mark.parametrize("text", ["", "today", "2026-02-30", "20260302", "2026-W10-1", "2026-3-2", "2026-03-02T00:00"])
def test_what_is_no_day(text: str) -> None:
    """Anything but YYYY-MM-DD of a day that exists is refused with the text itself."""
    with pytest.raises(DayUnreadable) as refused:
        day_of(text)
    assert refused.value.text == text


def test_a_period_runs_forward() -> None:
    """One day is a period; one that ends before it begins is none."""
    assert Period(date(2026, 3, 2), date(2026, 3, 2)).last == date(2026, 3, 2)
    with pytest.raises(PeriodBackwards):
        Period(date(2026, 3, 2), date(2026, 3, 1))


@given(some.lists(some.tuples(PEOPLE, COUNTS)), some.randoms())
def test_sums_do_not_depend_on_order(parts: list[tuple[Person, Counts]], shuffler: object) -> None:
    """Every count arrives at its person once, in whatever order the parts come."""
    mixed = list(parts)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    assert add_up(mixed) == add_up(parts)
    assert sum(add_up(parts).values(), Counts()) == sum((counts for _, counts in parts), Counts())
