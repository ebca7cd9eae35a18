"""What a sheet's cells mean, what is worth a warning, and why a sheet or a row is refused."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

Cell = str | float | int | bool | date | datetime | None
Cells = Sequence[Cell]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("编号", "客户编号"),
    "name": ("姓名", "客户姓名", "客户名称"),
    "customer_type": ("客户类型",),
    "followup_date": ("跟进日期",),
    "method": ("跟进方式",),
    "progress": ("跟进进度",),
    "intent": ("客户意向",),
    "result": ("跟进结果",),
    "deal_date": ("成交日期",),
    "salesperson": ("业务员", "销售人员"),
}
HEADER_WITHIN = 20  # rows: what stands above is titles
MOST_ROWS = 100_000
MOST_COLUMNS = 60
MOST_BYTES = 10_000_000
CLOSED = "成交"

_LONGEST = {"code": 20, "name": 80, "customer_type": 40, "method": 40, "intent": 40, "result": 40, "salesperson": 80}
_DAY = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 100_000)  # 1927 to 2173: other numbers in a date's column are mistakes


class HeaderMissing(Exception):
    """No row among the first ones names the columns."""

    within = HEADER_WITHIN
    needed = "编号, 姓名"


class SheetEmpty(Exception):
    """There is no row below the header."""


class UnknownImport(Exception):
    """There is no such import, or not within the asker's reach."""


class RowRefused(Exception):
    """A row does not come in; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fate(StrEnum):
    """What became of a row: it brought a customer, belongs to a known one, to none, is refused, or was in already."""

    NEW_CUSTOMER = "new_customer"
    KNOWN_CUSTOMER = "known_customer"
    NO_CUSTOMER = "no_customer"
    REFUSED = "refused"
    SEEN_BEFORE = "seen_before"


@dataclass(frozen=True)
class Row:
    """One row as the sheet means it. `number` is the sheet's own, from 1; `progress` 0 to 100; blank cells are None."""

    number: int
    code: str | None
    name: str | None
    customer_type: str | None
    followup_date: date | None
    method: str | None
    progress: int | None
    intent: str | None
    result: str | None
    deal_date: date | None
    salesperson: str | None
    warnings: tuple[str, ...]
    too_long: tuple[str, ...] = ()


def rows_of(sheet: Iterable[Cells]) -> list[Row]:
    """The rows below the header, blank ones left out; raises HeaderMissing, SheetEmpty."""
    header: Mapping[str, int] | None = None
    rows: list[Row] = []
    for number, cells in enumerate(sheet, start=1):
        if header is not None and any(_text(cell) for cell in cells):
            rows.append(row_of(number, cells, header))
        elif header is None:
            header = header_of(cells)
            if header is None and number >= HEADER_WITHIN:
                break
    if header is None:
        raise HeaderMissing
    if not rows:
        raise SheetEmpty
    return rows


def header_of(cells: Cells) -> Mapping[str, int] | None:
    """Which column is where, if this row is the header: it names at least code and name."""
    titles = ["".join(_text(cell).split()) for cell in cells]
    found = {column: titles.index(title) for column, names in COLUMNS.items() for title in names if title in titles}
    return found if {"code", "name"} <= found.keys() else None


def row_of(number: int, cells: Cells, header: Mapping[str, int]) -> Row:
    """What one row means; what is missing or strange becomes a warning, never a guess."""
    at = {column: cells[place] if place < len(cells) else None for column, place in header.items()}
    texts: dict[str, Any] = {column: _text(at.get(column)) or None for column in _LONGEST}
    if texts["code"]:
        texts["code"] = unicodedata.normalize("NFKC", texts["code"]).upper()
    days: dict[str, Any] = {column: day_in(at.get(column)) for column in ("followup_date", "deal_date")}
    progress = percent_in(at.get("progress"))
    too_long = tuple(column for column, longest in _LONGEST.items() if len(texts[column] or "") > longest)
    warnings = tuple(_warnings(at, {**texts, **days, "progress": progress}))
    return Row(number=number, progress=progress, warnings=warnings, too_long=too_long, **texts, **days)


def _warnings(at: Mapping[str, Cell], meant: Mapping[str, object]) -> Iterator[str]:
    for column in COLUMNS:
        if column in at and not _text(at[column]) and column != "deal_date":
            yield f"{column}_missing"
        elif _text(at.get(column)) and meant[column] is None:
            yield f"{column}_unreadable"
    if meant["result"] == CLOSED and "deal_date" in at and not _text(at["deal_date"]):
        yield "deal_date_missing"
    if meant["result"] != CLOSED and meant["deal_date"] is not None:
        yield "deal_date_without_deal"


def day_in(cell: Cell) -> date | None:
    """The day in a cell: a date, Excel's number of a day, or text such as 2020/2/1, 2020年2月1日, 20200201."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return _day_of_number(cell)
    return _day_of_text(unicodedata.normalize("NFKC", cell).strip())


def _day_of_number(number: float) -> date | None:
    if int(number) in _EXCEL_DAYS:
        return _EXCEL_DAY_ZERO + timedelta(days=int(number))
    return _day_of_text(str(int(number))) if number == int(number) else None


def _day_of_text(text: str) -> date | None:
    if text.isdecimal() and int(text) in _EXCEL_DAYS:
        return _day_of_number(int(text))
    found = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def percent_in(cell: Cell) -> int | None:
    """The per cent in a cell: 0.45, 45, "45%" and "0.45" are all 45; nothing outside 0 to 100."""
    if isinstance(cell, bool | date) or cell is None:
        return None
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    try:
        number = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    share = number if text.endswith("%") or number > 1 else number * 100
    return int((share + Decimal("0.5")) // 1) if 0 <= share <= 100 else None


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are the same but for width and spaces."""
    return one is not None and other is not None and _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
