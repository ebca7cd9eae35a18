"""Workbooks as the programs write them that people have."""

from datetime import date

import pytest

from chassis.database import Database
from services.customers.files.tables import customers
from services.customers.spreadsheets.reader import read
from tests.services.asking import Ask
from tests.services.customers.house import imported
from tests.services.customers.libreoffice import as_libreoffice_writes
from tests.services.customers.written import BY

_Cell = str | float | bool | date | None


@pytest.mark.parametrize("program", BY)
def test_what_other_programs_write_is_read(program: str) -> None:
    """Shared, inline and coloured texts, phones as numbers, days in a Chinese format, formulas by what they came to."""
    first, second = read(BY[program]())
    assert (first.name, first.phone, first.followup_date) == ("王小明", "+8613800138000", date(2020, 2, 29))
    assert first.file == {
        "key_account": True,
        "company": "A&B <北京>",
        "demand": {"budget": "1234567.5", "area": "120"},
        "remarks": "第一行\n第二行",
    }
    assert (second.name, second.phone, second.followup_date) == ("李四", "+8613900139000", date(2020, 12, 1))
    assert second.file == {"key_account": False, "demand": {"budget": "200"}}


@pytest.mark.parametrize("program", BY)
def test_what_other_programs_write_comes_in(quick_ask: Ask, quick_database: Database, program: str) -> None:
    """Handed in and taken in, each row is a customer with a code, name and phone."""
    report = imported(quick_ask, quick_database, BY[program]())
    assert [(row["row_number"], row["fate"]) for row in report["rows"]] == [(2, "new_customer"), (3, "new_customer")]
    with quick_database.read() as tx:
        found = tx.execute(customers.select().order_by(customers.c.code)).mappings().all()
    assert [(row["code"], row["name"], row["phone"]) for row in found] == [
        ("A001", "王小明", "+8613800138000"),
        ("A002", "李四", "+8613900139000"),
    ]


def test_the_last_row_of_all_may_have_a_style() -> None:
    """Empty cells with a style, and the last row that a sheet can have, are no rows."""
    titles: list[_Cell] = ["姓名", "电话", "重点客户", "跟进日期", "公司"]
    said: list[_Cell] = [" 王小明 ", 13800138000, True, date(2020, 2, 29), "A&B <北京>"]
    rows: list[list[_Cell]] = [titles, said, ["李四", None, False, None, None]]
    first, second = read(as_libreoffice_writes(rows))
    assert (first.name, first.phone, first.followup_date) == ("王小明", "+8613800138000", date(2020, 2, 29))
    assert first.file == {"key_account": True, "company": "A&B <北京>"}
    assert (second.number, second.name, second.phone, second.file) == (3, "李四", None, {"key_account": False})
