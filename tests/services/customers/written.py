"""The same customers in workbooks of several programs: below a cover sheet, with styles down to empty cells."""

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.styles import PatternFill

TITLES = ["姓名", "电话", "重点客户", "跟进日期", "公司", "预算", "面积", "备注"]
_SAID: list[list[Any]] = [
    [" 王小明 ", 13800138000, True, date(2020, 2, 29), "A&B <北京>", 1234567.5, 120, "第一行\n第二行"],
    ["李四", "013900139000", False, datetime(2020, 12, 1, 9, 30), None, 200, None, None],  # noqa: DTZ001
]
_DAY = 'yyyy"年"m"月"d"日"'


def _openpyxl() -> bytes:
    made, book = io.BytesIO(), openpyxl.Workbook()
    book.active["A1"] = "怎样填写"
    page = book.create_sheet("客户")
    for row in (TITLES, *_SAID):
        page.append(row)
    for place in ("D2", "D3"):
        page[place].number_format = _DAY
    for row_number in range(1, 60):
        page.cell(row_number, 200).fill = PatternFill("solid", fgColor="FFFF00")
    page.merge_cells("H2:H3")
    book.save(made)
    return made.getvalue()


def _openpyxl_in_little_memory() -> bytes:
    made, book = io.BytesIO(), openpyxl.Workbook(write_only=True)
    page = book.create_sheet("客户")
    for row in (TITLES, *_SAID):
        page.append(row)
    book.save(made)
    return made.getvalue()


def _xlsxwriter(*, little_memory: bool) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": little_memory, "default_date_format": _DAY})
    if not little_memory:
        book.add_chartsheet("图表")
    book.add_worksheet("说明").write("A1", "怎样填写")
    page, bold = book.add_worksheet("客户"), book.add_format({"bold": True})
    for row_number, row in enumerate((TITLES, *_SAID)):
        page.write_row(row_number, 0, row)
        page.write_blank(row_number, 16_383, None, bold)
        if row[0] == _SAID[0][0]:
            page.write_rich_string(row_number, 4, "A&", bold, "B <北京>")
            page.write_formula(row_number, 6, "=60*2", None, 120)
    if not little_memory:
        page.add_table(0, 0, 2, len(TITLES) - 1, {"columns": [{"header": title} for title in TITLES]})
    book.close()
    return made.getvalue()


BY: Mapping[str, Callable[[], bytes]] = {
    "openpyxl": _openpyxl,
    "openpyxl in little memory": _openpyxl_in_little_memory,
    "XlsxWriter": lambda: _xlsxwriter(little_memory=False),
    "XlsxWriter in little memory": lambda: _xlsxwriter(little_memory=True),
    # LibreOffice 7.4.7 made it of a workbook like openpyxl's above, with 120 as =60*2.
    "LibreOffice": Path(__file__).with_name("written-by-libreoffice.xlsx").read_bytes,
}
