"""Texts of cells: what stands between them, and what was put around them."""

import pytest

from chassis.sheets import Limits, SheetTooLarge, sheets_in

LIMITS = Limits(bytes=1_000_000, rows=100, columns=10)


def cells_of(text: str) -> list[list[object]]:
    (sheet,) = sheets_in(text.encode(), LIMITS)
    return [list(cells) for cells in sheet]


@pytest.mark.parametrize(
    "text",
    [
        "姓名,电话\n王小明,\t13800138000\n",
        "姓名,电话\r\n王小明,13800138000\t\r\n",
        '姓名,电话\n王小明,"\t13800138000"\n',
        '"姓名\t","\t电话"\n"王小明\t","\t13800138000"\n',
        "\t姓名\t,\t电话\t\n\t王小明\t,\t13800138000\t\n",
        "姓名\t电话\n王小明\t13800138000\n",
        '"姓名"\t"电话"\n"王小明"\t"13800138000"\n',
    ],
)
def test_tabs_around_a_cell_are_no_delimiters(text: str) -> None:
    """A tab before a number keeps Excel from rounding it: it is not of the cell, and splits nothing."""
    assert cells_of(text) == [["姓名", "电话"], ["王小明", "13800138000"]]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("客户登记表,2020\n姓名\t电话\n王\t1\n李\t2\n", ["客户登记表,2020"], ["李", "2"]),
        ("姓名\t地址\n王\t上海,浦东\n李\t北京,海淀\n", ["姓名", "地址"], ["李", "北京,海淀"]),
        ("姓名\t地址(省,市)\t电话\n王\t上海,浦东\t1\n", ["姓名", "地址(省,市)", "电话"], ["王", "上海,浦东", "1"]),
        ("姓名,备注\n王,早\t晚\n李,\n", ["姓名", "备注"], ["李", ""]),
        ('姓名,备注\n王,"早,\t\n晚"\n', ["姓名", "备注"], ["王", "早,\t\n晚"]),
        ("姓名\t电话\n\t1\n", ["姓名", "电话"], ["", "1"]),
        ("客户\n王\n", ["客户"], ["王"]),
    ],
)
def test_the_first_rows_say_what_stands_between_cells(text: str, first: list[str], last: list[str]) -> None:
    """What splits the header and most rows does; the other sign is part of what somebody wrote."""
    cells = cells_of(text)
    assert (cells[0], cells[-1]) == (first, last)


def test_a_text_has_limits() -> None:
    """As many rows and columns as are read, and no more."""
    assert len(cells_of("a,b\n" * 100)) == 100
    for text in ("a,b\n" * 101, "," * 10):
        with pytest.raises(SheetTooLarge):
            cells_of(text)
