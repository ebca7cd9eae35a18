"""What a month's roster in a sheet means, row by row, and which rows are taken.

Rows of one person and day are that day's shifts: they stand or fall together. Nothing is guessed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from services.reception.rosters.rules import BadTime, Hours, HoursOverlap, Roster, minutes, of_one_day

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "业务员", "销售人员"),
    "staff_id": ("工号", "编号"),
    "day": ("日期",),
    "starts": ("上班", "上班时间"),
    "ends": ("下班", "下班时间"),
    "shift": ("班次",),
}
NEEDED = frozenset({"name", "day", "starts", "ends"})
OFF = frozenset({"休", "休息", "休假", "轮休", "off"})
HEADER_WITHIN = 20  # rows: what stands above is titles

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 0{1,2}:00(?::00)?)?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 100_000)  # 1927 to 2173: other numbers in a date's column are mistakes


class Fate(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a row is not taken."""

    NAME_MISSING = "name_missing"
    NOBODY_OF_THIS_NAME = "nobody_of_this_name"
    SEVERAL_OF_THIS_NAME = "several_of_this_name"
    DAY_UNREADABLE = "day_unreadable"
    DAY_IS_OVER = "day_is_over"
    HOURS_MISSING = "hours_missing"
    HOURS_UNREADABLE = "hours_unreadable"
    HOURS_OVERLAP = "hours_overlap"
    OFF_WITH_HOURS = "off_with_hours"
    REPEATED = "repeated"
    OTHER_ROW_REFUSED = "other_row_refused"


class RosterHeaderMissing(Exception):
    """No row among the first ones names the columns."""

    within = HEADER_WITHIN
    needed = "姓名, 日期, 上班, 下班"


class RosterSheetEmpty(Exception):
    """There is no row below the header."""


@dataclass(frozen=True)
class Row:
    """One row as the sheet means it. `number` is the sheet's own, from 1; `hours` None is a day off."""

    number: int
    staff_id: str | None = None
    day: date | None = None
    hours: Hours | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Decided:
    """What becomes of a row, and what its day is to be if it is taken."""

    row: Row
    fate: Fate
    refusal: Refusal | None = None


def rows_of(sheet: Iterable[Sequence[Any]], staff: Mapping[str, str]) -> list[Row]:
    """The rows below the header, blank ones left out; `staff` are names by id.

    Raises RosterHeaderMissing or RosterSheetEmpty.
    """
    header: Mapping[str, int] | None = None
    rows: list[Row] = []
    for number, cells in enumerate(sheet, start=1):
        if header is not None and any(_text(cell) for cell in cells):
            rows.append(_row(number, {at: cells[n] for at, n in header.items() if n < len(cells)}, staff))
        elif header is None and (header := _header(cells)) is None and number >= HEADER_WITHIN:
            break
    if header is None:
        raise RosterHeaderMissing
    if not rows:
        raise RosterSheetEmpty
    return rows


def decide(rows: Sequence[Row], roster: Roster, today: date) -> list[Decided]:
    """The fate of each row: the same hours again change nothing, and a day that is over stays as it was."""
    by_day: dict[tuple[str | None, date | None], list[Row]] = {}
    for row in _checked(rows):
        by_day.setdefault((row.staff_id, row.day) if row.refusal is None else (None, None), []).append(row)
    decided = [_refused(row) for row in by_day.pop((None, None), [])]
    lost = {(one.row.staff_id, one.row.day) for one in decided if one.refusal is not Refusal.REPEATED}
    for (staff_id, day), together in by_day.items():
        assert staff_id is not None and day is not None  # what is not read was refused
        decided += _fate(together, roster, today, broken=(staff_id, day) in lost)
    return sorted(decided, key=lambda one: one.row.number)


def plans_of(decided: Sequence[Decided]) -> dict[tuple[str, date], tuple[Hours, ...]]:
    """What is to hold on which day for whom: the rows taken, laid together."""
    plans: dict[tuple[str, date], tuple[Hours, ...]] = {}
    for row in (one.row for one in decided if one.fate is Fate.TAKEN):
        if row.staff_id is not None and row.day is not None:
            others = plans.get((row.staff_id, row.day), ())
            plans[row.staff_id, row.day] = of_one_day([*others, *([row.hours] if row.hours else [])])
    return plans


def day_in(cell: Any) -> date | None:
    """The day in a cell: a date, Excel's number of a day, or text such as 2020/2/1 or 2020年2月1日."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _EXCEL_DAY_ZERO + timedelta(days=int(cell)) if int(cell) in _EXCEL_DAYS and cell == int(cell) else None
    found = _DAY.fullmatch(_text(cell))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def minute_in(cell: Any) -> int | None:
    """The minute of the day in a cell: a time, a share of the day, or text such as 9:00; 1440 is 24:00."""
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, time):
        return None if cell.second or cell.microsecond else cell.hour * 60 + cell.minute
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        minute = round(cell * 1440)
        return minute if 0 <= minute <= 1440 and abs(cell * 1440 - minute) < 0.01 else None
    found = _TIME.fullmatch(_text(cell))
    try:
        return minutes(f"{int(found[1]):02d}:{found[2]}") if found else None
    except BadTime:
        return None


def _header(cells: Sequence[Any]) -> Mapping[str, int] | None:
    titles = ["".join(_text(cell).split()) for cell in cells]
    found = {column: titles.index(title) for column, names in COLUMNS.items() for title in names if title in titles}
    return found if found.keys() >= NEEDED else None


def _row(number: int, at: Mapping[str, Any], staff: Mapping[str, str]) -> Row:
    staff_id = _whose(_text(at.get("staff_id")), _text(at.get("name")), staff)
    if isinstance(staff_id, Refusal):
        return Row(number, refusal=staff_id)
    day = day_in(at.get("day"))
    if day is None:
        return Row(number, staff_id, refusal=Refusal.DAY_UNREADABLE)
    hours = _hours(at)
    return (
        Row(number, staff_id, day, refusal=hours) if isinstance(hours, Refusal) else Row(number, staff_id, day, hours)
    )


def _whose(staff_id: str, name: str, staff: Mapping[str, str]) -> str | Refusal:
    if staff_id:
        return staff_id if staff_id in staff else Refusal.NOBODY_OF_THIS_NAME
    if not name:
        return Refusal.NAME_MISSING
    found = [one for one, called in staff.items() if _plain(called) == _plain(name)]
    if len(found) == 1:
        return found[0]
    return Refusal.SEVERAL_OF_THIS_NAME if found else Refusal.NOBODY_OF_THIS_NAME


def _hours(at: Mapping[str, Any]) -> Hours | Refusal | None:
    texts = {column: _text(at.get(column)).lower() for column in ("starts", "ends", "shift")}
    said_off = {column for column, text in texts.items() if text in OFF}
    said = [column for column in ("starts", "ends") if texts[column] and column not in said_off]
    if said_off:
        return Refusal.OFF_WITH_HOURS if said else None
    if len(said) < 2:
        return Refusal.HOURS_MISSING
    starts, ends = minute_in(at.get("starts")), minute_in(at.get("ends"))
    if starts is None or ends is None or starts == 1440:
        return Refusal.HOURS_UNREADABLE
    return starts, ends


def _checked(rows: Sequence[Row]) -> list[Row]:
    """A row that says again what one before it said is refused, and so is a day off beside hours."""
    seen: set[tuple[str | None, date | None, Hours | None]] = set()
    offs = Counter((row.staff_id, row.day, row.hours is None) for row in rows if row.refusal is None)
    checked = []
    for row in rows:
        key = row.staff_id, row.day, row.hours
        if row.refusal is None and key in seen:
            checked.append(replace(row, refusal=Refusal.REPEATED))
        elif row.refusal is None and offs[row.staff_id, row.day, row.hours is not None]:
            checked.append(replace(row, refusal=Refusal.OFF_WITH_HOURS))
        else:
            checked.append(row)
        seen.add(key)
    return checked


def _fate(together: Sequence[Row], roster: Roster, today: date, *, broken: bool) -> list[Decided]:
    staff_id, day = together[0].staff_id, together[0].day
    try:
        hours = of_one_day([row.hours for row in together if row.hours is not None])
    except HoursOverlap:
        return [_refused(row, Refusal.HOURS_OVERLAP) for row in together]
    if broken:
        return [_refused(row, Refusal.OTHER_ROW_REFUSED) for row in together]
    plan = roster.days.get((str(staff_id), day or today))
    if plan is not None and plan.hours == hours:
        return [Decided(row, Fate.UNCHANGED) for row in together]
    if day is None or day < today:
        return [_refused(row, Refusal.DAY_IS_OVER) for row in together]
    return [Decided(row, Fate.TAKEN) for row in together]


def _refused(row: Row, refusal: Refusal | None = None) -> Decided:
    return Decided(row, Fate.REFUSED, refusal or row.refusal)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()
