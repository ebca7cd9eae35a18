"""Plain tables as .xlsx: a row of titles, then rows as they come, so that memory stays flat.

A text is written as text whatever it begins with: never as a formula, a number or a link.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | None

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576 - 1
"""What Excel can hold, below the titles."""

_LONGEST_TEXT = 32_767
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
_OPTIONS = {"constant_memory": True, "default_date_format": "yyyy/m/d"}


@dataclass(frozen=True)
class Column:
    """A column's title, and its width in characters."""

    title: str
    width: int = 14


def write_table(file: IO[bytes], name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a workbook of one page into `file`; answers how many rows it has below the titles.

    Rows have a cell for each column; None stays empty. `name` is the page's, at most 31 characters.
    """
    written = 0
    with Workbook(file, _OPTIONS) as book:
        page, title = book.add_worksheet(name), book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width)
            page.write_string(0, at, column.title, title)
        for written, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                _write(page, written, at, value)
    return written


def _write(page: Worksheet, row: int, at: int, value: Cell) -> None:
    if type(value) is str:
        page.write_string(row, at, value[:_LONGEST_TEXT])
    elif isinstance(value, date) and value >= _FIRST_DAY:
        page.write_datetime(row, at, value)
    elif isinstance(value, int | float):
        page.write_number(row, at, value)
    elif value is not None:
        page.write_string(row, at, str(value)[:_LONGEST_TEXT])
