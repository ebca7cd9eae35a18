"""Tables written as .xlsx: what is written is what is read, by us and by others."""

import io
from datetime import date

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as some

from chassis.sheets import Limits, sheets_in
from chassis.workbooks import Column, write_table

_LIMITS = Limits(10_000_000, 100_000, 60)
_SIGNS = some.characters(exclude_categories=("Cs",), exclude_characters="\r\ufffe\uffff")
_TEXTS = some.text(_SIGNS, min_size=1, max_size=40)
_FLOATS = some.floats(-1e9, 1e9, allow_nan=False).map(lambda number: float(f"{number:.15g}"))  # what Excel keeps of it
_NUMBERS = some.integers(-(10**9), 10**9) | _FLOATS
_DAYS = some.dates(date(1900, 3, 1), date(9999, 12, 31))
_ROWS = some.lists(some.tuples(_TEXTS, some.none() | _NUMBERS, some.none() | _DAYS), min_size=1, max_size=6)


def written(titles: list[str], rows: list[tuple[object, ...]]) -> bytes:
    made = io.BytesIO()
    assert write_table(made, "客户", [Column(title) for title in titles], rows) == len(rows)  # type: ignore[arg-type]
    return made.getvalue()


@settings(max_examples=60, deadline=None)
@given(rows=_ROWS)
def test_what_is_written_is_read(rows: list[tuple[object, ...]]) -> None:
    """Texts with whatever is in them, numbers and days come back the same; what is not there is blank."""
    (sheet,) = sheets_in(written(["甲", "乙", "丙"], rows), _LIMITS)
    titles, *read = sheet
    assert titles == ["甲", "乙", "丙"]
    assert [tuple(cell if cell != "" else None for cell in row) for row in read] == rows


def test_a_text_is_never_a_formula() -> None:
    """What begins like a formula, a link or a number is text, for other programs too; days are days."""
    texts = ["=1+1", "+86", "-1", "@x", "http://a", "007", "<b>&amp;</b>", " x\n"]
    book = openpyxl.load_workbook(io.BytesIO(written(["x"] * 9, [(*texts, date(2020, 2, 29))])))
    cells = book.active[2]
    assert [cell.value for cell in cells[:8]] == texts
    assert {cell.data_type for cell in cells[:8]} == {"s"} or {cell.data_type for cell in cells[:8]} == {"inlineStr"}
    assert cells[8].value.date() == date(2020, 2, 29)


def test_titles_stand_though_two_are_the_same_or_no_row_follows() -> None:
    """A column is known by its place: two of one title are two, and a table without rows has its titles."""
    (twice,) = sheets_in(written(["甲", "甲"], [(1, None), ("b", 2)]), _LIMITS)
    assert list(twice) == [["甲", "甲"], [1, ""], ["b", 2]]
    (empty,) = sheets_in(written(["甲", "乙"], []), _LIMITS)
    assert list(empty) == [["甲", "乙"]]


def test_a_text_longer_than_a_cell_is_cut() -> None:
    """A cell holds 32,767 characters; what is longer would make the file unreadable."""
    (sheet,) = sheets_in(written(["x"], [("长" * 40_000,)]), _LIMITS)
    assert len(list(sheet)[1][0]) == 32_767  # type: ignore[arg-type]
