"""What a cell means, whatever a spreadsheet made of it; what could mean two things means nothing."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from services.customers.spreadsheets.rules import Cell

_TIME = r"(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})[日号]?{_TIME}")
_DAY_OF_SHORT_YEAR = re.compile(rf"([0-2]\d)年(\d{{1,2}})月(\d{{1,2}})[日号]?{_TIME}")  # 30年 could be 1930
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_OF_SOME_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_WEEKDAY = re.compile(r"\s*(\()?(?:星期|礼拜|周)([一二三四五六日天])(?(1)\))\s*")
_WEEKDAYS = "一二三四五六日"
_UNIT = re.compile(r"\s*([年月日号])\s*")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 100_000)  # 1927 to 2173: other numbers in a date's column are mistakes
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_YES = frozenset("是 有 对 y yes true 1 √ ✓ ✔ v".split())
_NO = frozenset("否 无 不是 非 n no false 0 × x".split())
_GRADE = re.compile(r"([ABC])(?:级|类|级客户|类客户)?")


class Unreadable(Exception):
    """A cell does not mean what its column holds; `code` says how."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text_in(cell: Cell) -> str:
    """A cell as text, without what cannot be stored: 13800000000.0 is 13800000000; a blank one is empty."""
    if type(cell) is str:
        return cell.strip() if cell.isprintable() else _UNWRITABLE.sub("", cell).strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    return str(cell).strip()


def plain(text: str) -> str:
    """In one width."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def day_in(cell: Cell, year: int | None = None) -> date | None:
    """The day in a cell: a date, Excel's number of a day, or text such as 2020/2/1, 2020 年 2 月 1 日, 20200201,
    20年2月1日; its weekday may stand with it (周六).

    `year`: the one that the sheet is of, for 2月1日. Anything else (2/1/2020, 20/2/1, 50年2月1日, another weekday than
    the day's) could be another day: None.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool | time | timedelta) or cell is None:
        return None
    if isinstance(cell, int | float):
        return _day_of_number(cell)
    return _day_of_text(plain(cell.strip()), year)


def year_of(texts: Iterable[str]) -> int | None:
    """The year that these titles name, if they name one only."""
    years = {int(found) for text in texts for found in _YEAR.findall(plain(text))}
    return years.pop() if len(years) == 1 else None


def lacks_year(text: str) -> bool:
    """Whether a text is a day of some year."""
    return _DAY_OF_SOME_YEAR.fullmatch(_apart_from_weekday(plain(text))[0]) is not None


def percent_in(cell: Cell) -> int | None:
    """The per cent in a cell: 0.45, 45, "45%" and "0.45" are all 45; nothing outside 0 to 100."""
    if isinstance(cell, bool | date | time | timedelta) or cell is None:
        return None
    text = plain(str(cell)).strip()
    number = _number(text.removesuffix("%").strip())
    if number is None:
        return None
    share = number if text.endswith("%") or number > 1 else number * 100
    return int((share + Decimal("0.5")) // 1) if 0 <= share <= 100 else None


def number_in(text: str) -> int | float:
    """A number; raises Unreadable."""
    number = _number(plain(text).replace(",", ""))
    if number is None or abs(number) >= 2**53:
        raise Unreadable("number_unreadable")
    return int(number) if number == number.to_integral_value() else float(number)


def yes_or_no_in(text: str) -> bool:
    """是 or 否 in the usual ways of writing it; raises Unreadable."""
    said = plain(text).casefold()
    if said not in _YES | _NO:
        raise Unreadable("yes_or_no_unreadable")
    return said in _YES


def grade_in(text: str) -> str:
    """A, B or C; raises Unreadable."""
    found = _GRADE.fullmatch(plain(text).upper())
    if found is None:
        raise Unreadable("grade_unreadable")
    return found[1]


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are the same but for width and spaces."""
    return one is not None and other is not None and _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return "".join(plain(name).split())


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _day_of_number(number: float) -> date | None:
    if int(number) in _EXCEL_DAYS:
        return _EXCEL_DAY_ZERO + timedelta(days=int(number))
    return _day_of_text(str(int(number)), None) if number == int(number) else None


def _day_of_text(text: str, year: int | None) -> date | None:
    said, weekday = _apart_from_weekday(text)
    day = _day_said(said, year)
    return day if day is None or weekday in (None, day.weekday()) else None


def _apart_from_weekday(text: str) -> tuple[str, int | None]:
    """A day as it is written in one piece, and the weekday that stands with it, from 0."""
    found = _WEEKDAY.search(text)
    said = _UNIT.sub(r"\1", _WEEKDAY.sub(" ", text, count=1).strip())
    return said, _WEEKDAYS.index(found[2].replace("天", "日")) if found else None


def _day_said(text: str, year: int | None) -> date | None:
    if text.isdecimal() and int(text) in _EXCEL_DAYS:
        return _day_of_number(int(text))
    parts = _parts_of_day(text, year)
    try:
        return date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        return None


def _parts_of_day(text: str, year: int | None) -> tuple[str | int, ...]:
    if found := _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text):
        return found.groups()
    if found := _DAY_OF_SHORT_YEAR.fullmatch(text):
        return (f"20{found[1]}", found[2], found[3])
    found = _DAY_OF_SOME_YEAR.fullmatch(text)
    return (year, *found.groups()) if found and year else ()
