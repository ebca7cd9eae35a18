"""What a sheet is read as, how large it may be, and why a file is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Cells = Sequence[Cell]


@dataclass(frozen=True)
class Limits:
    """The largest sheet that is read: bytes of the file, rows, columns."""

    bytes: int
    rows: int
    columns: int


class SheetTooLarge(Exception):
    """The file, or what is packed in it, is larger than is read."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.megabytes, self.rows = limits.bytes // 1_000_000, limits.rows


class NotASheet(Exception):
    """The file is neither an .xlsx workbook nor text of a sheet."""


class OldWorkbook(NotASheet):
    """The file is an .xls workbook, of before 2007."""


class SheetEncrypted(Exception):
    """The workbook opens with a password only."""
