"""What cells mean."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from services.customers.spreadsheets.reader import of_cells, understood
from services.customers.spreadsheets.rules import Cell, HeaderMissing, Row, SheetEmpty
from services.customers.spreadsheets.values import day_in, lacks_year, percent_in, same_name


def rows_of(cells: Sequence[Sequence[Cell]]) -> list[Row]:
    return understood(of_cells(cells))


HEADER = ["编号", "姓名", "客户类型", "跟进日期", "跟进方式", "跟进进度", "客户意向", "跟进结果", "成交日期", "业务员"]
FULL: list[Cell] = [
    "A001",
    "客户1",
    "一般客户",
    "2020/2/1",
    "微信",
    "45%",
    "确定购买意向",
    "成交",
    "2020/2/2",
    "业务员1",
]
DAY = date(2020, 2, 1)
MORNING = datetime(2020, 2, 1, 9, 30)  # noqa: DTZ001 - a cell has no time zone


@pytest.mark.parametrize(
    "cell",
    [DAY, MORNING, 43862.0, 43862, "43862", "2020/2/1", "2020-02-01", "2020.2.1", "2020年2月1日"]
    + ["20200201", 20200201.0, " 2020/02/01 ", "2020/2/1 09:30", "２０２０/2/1"],
)
def test_a_day_is_read_in_every_usual_form(cell: Cell) -> None:
    """Dates, Excel's serial numbers, and text as people type it."""
    assert day_in(cell) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        "2020 年 2 月 1 日",
        "2020年2月1日 星期六",
        "2020年2月1日（周六）",
        "2020年2月1日(星期六) 9:30",
        "星期六 2020年2月1日",
    ]
    + [
        "２０２０　年２月　１　日",
        "2020/2/1 礼拜六",
        "2020-02-01（周六）09:30",
        "20年2月1日",
        "20 年 02 月 01 号 周六",
    ],
)
def test_a_day_is_read_with_what_people_put_into_it(cell: str) -> None:
    """Spaces around 年, 月 and 日, the weekday, and a year of two digits that can be of this century only."""
    assert day_in(cell) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        "2020年2月1日 星期五",
        "2020年2月1日 周六 周六",
        "2020年2月1日（周六",
        "星期六",
        "50年2月1日",
        "98年2月1日",
        "20/2/1",
    ]
    + ["20/2/1", "2020年2月3 0日", "2020 2 1", "20年2月30日", "0年2月1日", "120年2月1日"],
)
def test_what_could_be_two_days_is_none(cell: str) -> None:
    """A weekday that is another day's, a year of either century, digits that stand apart: nobody guesses."""
    assert day_in(cell) is None
    assert day_in(cell, 2020) is None


def test_a_day_of_the_sheets_year_may_have_its_weekday() -> None:
    """2月1日 周六 is that day in 2020, none in 2021, and without the sheet's year it lacks one."""
    assert day_in("2 月 1 日（周六）", 2020) == DAY
    assert day_in("2月1日 周六", 2021) is None
    assert lacks_year("2 月 1 日 周六")


@pytest.mark.parametrize(
    "cell", ["2020/2/30", "soon", "1", 1.0, 0.45, True, None, "", "2/1/2020", 1e12, float("9e300")]
)
def test_what_is_no_day_is_none(cell: Cell) -> None:
    """A mistake is not guessed at."""
    assert day_in(cell) is None


@pytest.mark.parametrize(
    ("cell", "percent"),
    [(0.45, 45), ("45%", 45), (45, 45), ("45", 45), ("0.45", 45), (1.0, 100), ("100%", 100), (0, 0), ("0%", 0)]
    + [(0.455, 46), ("４５％", 45), (0.005, 1), ("1%", 1)],
)
def test_progress_is_a_percentage(cell: Cell, percent: int) -> None:
    """0.45, 45 and 45% are 45; halves are rounded up."""
    assert percent_in(cell) == percent


@pytest.mark.parametrize("cell", [101, "101%", -0.1, "half", None, "", True, "nan", "inf", DAY])
def test_what_is_no_percentage_is_none(cell: Cell) -> None:
    """Nothing outside 0 to 100, and no guess."""
    assert percent_in(cell) is None


def test_a_full_row_has_no_warning() -> None:
    """Titles above the header are passed over, blank rows left out, numbers are the sheet's own."""
    (row,) = rows_of([["客户跟进记录统计表"], [], HEADER, ["", " ", None], FULL])
    assert (row.number, row.code, row.progress, row.followup_date, row.warnings) == (5, "A001", 45, DAY, ())


@pytest.mark.parametrize(
    ("column", "cell", "warning"),
    [
        (0, "", "code_missing"),
        (1, None, "name_missing"),
        (3, "", "followup_date_missing"),
        (3, "soon", "followup_date_unreadable"),
        (5, "lots", "progress_unreadable"),
        (7, "", "result_missing"),
        (8, "", "deal_date_missing"),
        (8, "soon", "deal_date_unreadable"),
        (9, "", "salesperson_missing"),
    ],
)
def test_what_is_missing_or_strange_is_a_warning(column: int, cell: Cell, warning: str) -> None:
    """A row comes in as it stands, and says what it lacks."""
    (row,) = rows_of([HEADER, [*FULL[:column], cell, *FULL[column + 1 :]]])
    assert warning in row.warnings


def test_a_deal_date_closes_nothing() -> None:
    """A row counts as closed by its result: a deal date without one is a warning."""
    (row,) = rows_of([HEADER, [*FULL[:7], "未成交", "2020/2/2", "业务员1"]])
    assert (row.result, row.warnings) == ("未成交", ("deal_date_without_deal",))


def test_columns_may_stand_anywhere_and_be_absent() -> None:
    """The header says where a column is; what a sheet does not have is no warning."""
    (row,) = rows_of([["业务员", " 姓 名 ", "编号", "备注"], ["业务员1", "客户1", "ａ００１", "x"]])
    assert (row.code, row.name, row.salesperson, row.warnings) == ("A001", "客户1", "业务员1", ())


def test_without_header_or_rows_nothing_comes_in() -> None:
    """A sheet without the columns, or without a row below them, is refused as a whole."""
    with pytest.raises(HeaderMissing):
        rows_of([["a", "b"]] * 30 + [HEADER, FULL])
    with pytest.raises(SheetEmpty):
        rows_of([HEADER, ["", ""]])


def test_names_are_compared_without_width_and_spaces() -> None:
    """王 小明 is 王小明; nobody is the same as nobody."""
    assert same_name("王 小明", "王小明")
    assert same_name("ＡＢ", "AB")
    assert not same_name(None, None)
