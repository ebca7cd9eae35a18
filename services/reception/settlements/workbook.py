"""A settlement as .xlsx: one sheet of people, one of penalties.

Memory stays flat. A text is written as text whatever it begins with: never as a formula, a number or a link.
"""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import IO, Any

from xlsxwriter import Workbook

_AMOUNTS = (
    ("fine", "罚款(元)", 10),
    ("points", "积分", 8),
    ("held", "超限待审(元)", 14),
    ("let_go", "超限免收(元)", 14),
    ("carried", "前期补收(元)", 14),
    ("due", "应收(元)", 10),
)
_PEOPLE = (("name", "姓名", 14), *_AMOUNTS)
_LINES = (
    ("name", "姓名", 14),
    ("cause", "事由", 14),
    ("article", "条款", 8),
    ("day", "日期", 12),
    ("fine", "罚款(元)", 10),
    ("points", "积分", 8),
    ("untaken", "其中超限(元)", 14),
    ("carried", "前期补收(元)", 14),
    ("penalty_id", "编号", 38),
)
_CAUSES = {
    "forfeits": "一周内多次自动放弃",
    "not_greeted": "未上前迎接",
    "quarrel": "吵闹、指责",
    "late": "迟到",
    "absent": "旷工",
}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

Row = Mapping[str, Any]
Columns = Sequence[tuple[str, str, int]]


def write_settlement(settlement: Row) -> IO[bytes]:
    """The finished file, open at its beginning; closing it removes it. `settlement` as views.settlement_of answers."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to who sends it
    workbook = Workbook(file, _OPTIONS)
    people = settlement["people"]
    title = f"奖惩结算 {settlement['month']}（{'已结算' if settlement['settled_at'] else '未结算'}）"
    _write(workbook, "汇总", title, _PEOPLE, [*people, {"name": "合计", **settlement["totals"]}])
    lines = [line | {"name": person["name"]} for person in people for line in person["lines"]]
    _write(workbook, "明细", title, _LINES, [line | {"cause": _CAUSES[line["cause"]]} for line in lines])
    workbook.close()
    file.seek(0)
    return file


def _write(workbook: Workbook, name: str, title: str, columns: Columns, rows: Iterable[Row]) -> None:
    """A sheet of the title, the headings, the rows; written from the top, for what is written is out of memory."""
    sheet, day = workbook.add_worksheet(name), workbook.add_format({"num_format": "yyyy/m/d"})
    bold = workbook.add_format({"bold": True})
    for column, (_, _, width) in enumerate(columns):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, bold)
    for column, (_, heading, _) in enumerate(columns):
        sheet.write_string(1, column, heading, bold)
    for number, row in enumerate(rows, start=2):
        for column, (field, _, _) in enumerate(columns):
            _cell(sheet, number, column, row[field], day)


def _cell(sheet: Any, row: int, column: int, value: str | int | date | None, day: Any) -> None:
    """One cell; what is not known, or not to be seen, stays empty."""
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time.min), day)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, value)
