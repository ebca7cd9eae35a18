"""A month's roster from a sheet: every row with its fate."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from services.reception.rosters.rules import DayPlan, Roster, Shift
from services.reception.rosters.rules_of_sheet import (
    Fate,
    Refusal,
    RosterHeaderMissing,
    RosterSheetEmpty,
    day_in,
    decide,
    minute_in,
    plans_of,
    rows_of,
)

HEADER = ("姓名", "日期", "上班", "下班")
STAFF = {"1": "李四", "2": "王五", "3": "王五", "4": "欧阳 小明"}
TODAY = date(2026, 3, 2)
MIDNIGHT = datetime.combine(TODAY, time())


def fates(*rows: Sequence[Any], roster: Roster | None = None, header: Sequence[str] = HEADER) -> list[str]:
    """What becomes of rows: taken, unchanged, or why not."""
    decided = decide(rows_of([header, *rows], STAFF), roster or Roster([]), TODAY)
    return [one.refusal.value if one.refusal else one.fate.value for one in decided]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2026, 3, 2), TODAY),
        (MIDNIGHT, TODAY),
        (46083.0, TODAY),
        ("2026-03-02", TODAY),
        ("2026/3/2", TODAY),
        ("2026年3月2日", TODAY),
        ("２０２６-3-2", TODAY),
        ("2026-03-02 00:00:00", TODAY),
        ("2026-02-30", None),
        ("3月2日", None),
        (46083.5, None),
        (12, None),
        (True, None),
        (None, None),
    ],
)
def test_days_as_people_write_them(cell: Any, day: date | None) -> None:
    """A date, Excel's number or text with the year; anything else is not guessed."""
    assert day_in(cell) == day


@pytest.mark.parametrize(
    ("cell", "minute"),
    [
        (time(9, 0), 540),
        (datetime.combine(date(1899, 12, 31), time(9, 30)), 570),
        (0.375, 540),
        (timedelta(hours=24), 1440),
        (1, 1440),
        ("9:00", 540),
        ("09：30", 570),
        ("24:00", 1440),
        ("18:00:00", 1080),
        (time(9, 0, 30), None),
        ("24:01", None),
        ("25:00", None),
        ("九点", None),
        (0.3751, None),
        (True, None),
    ],
)
def test_hours_as_people_write_them(cell: Any, minute: int | None) -> None:
    """A time, a share of the day or text; what is no whole minute is not rounded."""
    assert minute_in(cell) == minute


def test_rows_that_are_taken() -> None:
    """Names but for spaces and width, the staff id where names are not enough, 休 for a day off, two shifts a day."""
    header = ("工号", *HEADER, "班次")
    rows = [
        ("", "李四", TODAY, "9:00", "12:00", ""),
        ("", "李四", TODAY, "14:00", "18:00", ""),
        (3, "王五", TODAY, "22:00", "6:00", "夜班"),
        ("", "欧阳小明", TODAY, "休", "休", ""),
        ("", "李四", "2026-03-03", None, None, "休息"),
    ]
    decided = decide(rows_of([header, *rows], STAFF), Roster([]), TODAY)
    assert {one.fate for one in decided} == {Fate.TAKEN}
    assert plans_of(decided) == {
        ("1", TODAY): ((540, 720), (840, 1080)),
        ("3", TODAY): ((1320, 360),),
        ("4", TODAY): (),
        ("1", date(2026, 3, 3)): (),
    }


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("", TODAY, "9:00", "18:00"), Refusal.NAME_MISSING),
        (("张三", TODAY, "9:00", "18:00"), Refusal.NOBODY_OF_THIS_NAME),
        (("王五", TODAY, "9:00", "18:00"), Refusal.SEVERAL_OF_THIS_NAME),
        (("李四", "周一", "9:00", "18:00"), Refusal.DAY_UNREADABLE),
        (("李四", "2026-03-01", "9:00", "18:00"), Refusal.DAY_IS_OVER),
        (("李四", TODAY, "9:00", ""), Refusal.HOURS_MISSING),
        (("李四", TODAY, "早", "18:00"), Refusal.HOURS_UNREADABLE),
        (("李四", TODAY, "24:00", "8:00"), Refusal.HOURS_UNREADABLE),
        (("李四", TODAY, "休", "18:00"), Refusal.OFF_WITH_HOURS),
    ],
)
def test_rows_that_are_refused(row: Sequence[Any], why: Refusal) -> None:
    """Each with the one reason that applies, and the rows beside it are taken."""
    other = ("欧阳小明", TODAY, "9:00", "18:00")
    assert sorted(fates(row, other)) == sorted([why.value, "taken"])


def test_rows_of_one_day_stand_or_fall_together() -> None:
    """Overlaps, a day off beside hours, an unreadable row: nothing of that day is taken; repeating harms nobody."""
    first = ("李四", TODAY, "9:00", "13:00")
    assert fates(first, ("李四", TODAY, "12:00", "18:00")) == ["hours_overlap"] * 2
    assert fates(first, ("李四", TODAY, "休", "休")) == ["off_with_hours"] * 2
    assert fates(first, ("李四", TODAY, "14:00", "晚")) == ["other_row_refused", "hours_unreadable"]
    assert fates(first, first) == ["taken", "repeated"]


def test_the_same_again_changes_nothing_even_for_days_that_are_over() -> None:
    """What stands already is unchanged; what would differ on a day that is over is refused."""
    past = date(2026, 3, 1)
    plans = {("1", past): DayPlan(((540, 1080),)), ("1", TODAY): DayPlan(((540, 1080),))}
    rows = [("李四", day, "9:00", "18:00") for day in (past, TODAY)]
    assert fates(*rows, roster=Roster([Shift("1", 1, 0, 60)], plans)) == ["unchanged", "unchanged"]
    assert fates(("李四", past, "9:00", "17:00"), roster=Roster([], plans)) == ["day_is_over"]


def test_titles_stand_above_the_header() -> None:
    """The header is looked for in the first twenty rows; without one, or with nothing below, there is no roster."""
    row = ("李四", TODAY, "9:00", "18:00")
    assert len(rows_of([["三月排班"], [], HEADER, (), row], STAFF)) == 1
    with pytest.raises(RosterHeaderMissing):
        rows_of([["x"]] * 20 + [HEADER, row], STAFF)
    with pytest.raises(RosterSheetEmpty):
        rows_of([HEADER, ("", None)], STAFF)
