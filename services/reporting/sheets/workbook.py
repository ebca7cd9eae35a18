"""The follow-up sheet as .xlsx, cell for cell in the layout of the source's 客户跟进记录统计表.

Memory stays flat however many rows there are. A text is written as text whatever it begins with: never as a formula,
a number or a link.
"""

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import IO, Any

from xlsxwriter import Workbook

from services.reporting.sheets.rules import Period, SheetTooLong

MOST_ROWS = 1_048_576 - 4
"""What Excel can hold, below the heading."""

_TITLE = "客户跟进记录统计表"
_ERASED = "已删除的客户"
_COLUMNS = (  # field, heading, width
    ("code", "编号", 10),
    ("name", "姓名", 12),
    ("customer_type", "客户类型", 14),
    ("followup_date", "跟进日期", 12),
    ("method", "跟进方式", 12),
    ("progress", "跟进进度", 10),
    ("intent", "客户意向", 18),
    ("result", "跟进结果", 10),
    ("deal_date", "成交日期", 12),
    ("salesperson", "业务员", 12),
)
_LAST = len(_COLUMNS) - 1
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_LONGEST_TEXT = 32_767
_FIRST_YEAR = 1900  # Excel knows no day before


def write_sheet(period: Period, closed_deals: int, rows: Iterable[Mapping[Any, Any]]) -> IO[bytes]:
    """The finished file, open at its beginning; closing it removes it. Raises SheetTooLong past MOST_ROWS."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to who sends it
    workbook = Workbook(file, _OPTIONS)
    page = _Page(workbook)
    page.heading(period, closed_deals)
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            raise SheetTooLong(MOST_ROWS)
        page.row(number + 4, row)
    workbook.close()
    file.seek(0)
    return file


class _Page:
    """The one page of the file. Rows are written in order: earlier ones are out of memory already."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheet = workbook.add_worksheet(_TITLE)
        self._day = workbook.add_format({"num_format": "yyyy/m/d"})
        self._percent = workbook.add_format({"num_format": "0%"})
        self._title = workbook.add_format({"bold": True, "font_size": 16, "align": "center"})
        self._band = workbook.add_format({"bold": True, "align": "center"})
        for column, (_, _, width) in enumerate(_COLUMNS):
            self._sheet.set_column(column, column, width)

    def heading(self, period: Period, closed_deals: int) -> None:
        """Title, what was asked, the number of closed deals, and the names of the columns: rows 1 to 4."""
        self._sheet.merge_range(0, 0, 0, _LAST, _TITLE, self._title)
        self._sheet.write_string(1, 0, "查询日期(起)")
        self._write(1, 1, period.first)
        self._sheet.write_string(1, 3, "查询日期(止)")
        self._write(1, 4, period.last)
        self._sheet.write_string(1, 6, "成交户数统计")
        self._sheet.write_number(1, 7, closed_deals)
        self._sheet.merge_range(2, 0, 2, _LAST, "跟 进 情 况 记 录", self._band)
        for column, (_, heading, _) in enumerate(_COLUMNS):
            self._sheet.write_string(3, column, heading, self._band)

    def row(self, number: int, row: Mapping[Any, Any]) -> None:
        """One follow-up; what is not known stays an empty cell, and who was erased is called so."""
        shown = {**row, "name": _ERASED} if row["erased"] else row
        for column, (name, _, _) in enumerate(_COLUMNS):
            if shown[name] is not None:
                self._write(number, column, shown[name])

    def _write(self, row: int, column: int, value: str | int | date) -> None:
        if isinstance(value, int):
            self._sheet.write_number(row, column, value / 100, self._percent)
        elif isinstance(value, date) and value.year >= _FIRST_YEAR:
            self._sheet.write_datetime(row, column, datetime.combine(value, time.min), self._day)
        else:
            self._sheet.write_string(row, column, str(value)[:_LONGEST_TEXT])
