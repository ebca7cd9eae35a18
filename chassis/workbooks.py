"""Plain tables as .xlsx: a row of titles, then rows as they come, so that memory stays flat.

A text is written as text whatever it begins with: never as a formula, a number or a link.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, BinaryIO, cast

from rustpy_xlsxwriter import write_worksheet

Cell = str | int | float | date | None

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576 - 1
"""What Excel can hold, below the titles."""

_LONGEST_TEXT = 32_767
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was


@dataclass(frozen=True)
class Column:
    """A column's title, and its width in characters."""

    title: str
    width: int = 14


def write_table(file: IO[bytes], name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a workbook of one page into `file`; answers how many rows it has below the titles.

    Rows have a cell for each column; None stays empty. The numbers of a column are shown as days once it has held one:
    a column holds either. `name` is the page's, at most 31 characters.
    """
    table = _Table(columns, rows)
    write_worksheet(
        iter(table),
        cast(BinaryIO, file),
        name,
        freeze_row=1,
        bold_headers=True,
        column_widths=[float(column.width) for column in columns],
        datetime_format="yyyy/m/d",
    )
    return table.written


class _Title(str):
    """A title that is no other one, though both read the same."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


class _Table:
    """Rows as the library takes them, by title: it learns the titles from the first row, of none from an empty one."""

    def __init__(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        self.written = 0
        self._titles = [_Title(column.title[:_LONGEST_TEXT]) for column in columns]
        self._rows = rows

    def __iter__(self) -> Iterator[dict[_Title, Cell]]:
        for row in self._rows:
            self.written += 1
            yield dict(zip(self._titles, map(_written, row), strict=True))
        if not self.written:
            yield dict.fromkeys(self._titles)


def _written(value: Cell) -> Cell:
    if isinstance(value, str):
        return value[:_LONGEST_TEXT]
    if isinstance(value, date) and value < _FIRST_DAY:
        return str(value)
    return value
