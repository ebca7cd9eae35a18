"""What a workbook's cells are, and how the program that opens it is started and ended."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest

from chassis.sheets import Limits, sheets_in
from chassis.sheets.workbook import sheets_of
from tests.chassis.sheets.packages import packed, parts, sheet, targets
from tests.processes import children_of

LIMITS = Limits(bytes=10_000_000, rows=1_000, columns=60)
_MOMENT = datetime(2020, 2, 29, 9, 30, 15)  # noqa: DTZ001 - a cell has no time zone


def test_a_cell_is_what_it_was() -> None:
    """Texts, numbers, yes and no, days, moments, times and durations come through as they are."""
    said = ["王<&>\n\u2028", 1.5, True, date(2020, 2, 29), _MOMENT, time(9, 30), timedelta(days=2, hours=1)]
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.active.append(said)
    book.active.append([None, 7])
    book.save(made)
    (cells,) = sheets_in(made.getvalue(), LIMITS)
    first, second = cells
    assert first == said
    assert [type(cell) for cell in first] == [type(cell) for cell in said]
    assert second == ["", 7, "", "", "", "", ""]
    assert list(cells) == [first, second]


def test_rows_and_columns_keep_their_places() -> None:
    """What is blank above and left of the first cell is there."""
    (cells,) = sheets_in(packed(parts('<row r="3"><c r="C3"><v>1</v></c></row>')), LIMITS)
    assert [list(row) for row in cells] == [["", "", ""], ["", "", ""], ["", "", 1]]


def test_a_sheet_is_opened_when_it_is_asked_for() -> None:
    """One that is too large harms nobody who has found what they sought before it."""
    far = sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    first, second = "worksheets/sheet1.xml", "worksheets/sheet2.xml"
    content = packed(parts("<row><c><v>1</v></c></row>") | targets(first, second) | {f"xl/{second}": far})
    assert list(next(sheets_in(content, LIMITS))) == [[1]]


def test_two_are_opened_at_once_and_others_wait() -> None:
    """Many files at once take no more memory than two: the next is opened when one of them is done with."""
    content = packed(parts("<row><c><v>1</v></c></row>"))
    first, second = sheets_in(content, LIMITS), sheets_in(content, LIMITS)
    assert [list(next(sheets)) for sheets in (first, second)] == [[[1]], [[1]]]
    with ThreadPoolExecutor(1) as pool:
        third = pool.submit(lambda: [list(cells) for cells in sheets_in(content, LIMITS)])
        with pytest.raises(TimeoutError):
            third.result(timeout=1)
        assert list(first) == []
        assert third.result(timeout=60) == [[[1]]]
    assert list(second) == []


def test_the_program_ends_with_who_asked() -> None:
    """Whoever has enough of the sheets leaves nothing running, also with rows that nobody has read."""
    before = set(children_of("self"))
    sheets = sheets_in(
        packed(parts("<row><c><v>1</v></c></row>" * 900) | targets(*["worksheets/sheet1.xml"] * 40)), LIMITS
    )
    next(sheets)
    assert set(children_of("self")) - before
    del sheets
    assert set(children_of("self")) <= before


def test_a_program_that_cannot_run_is_no_refusal() -> None:
    """That the program ends by itself, without a word, is our mistake and not the file's."""
    with pytest.raises(RuntimeError):
        list(sheets_of(packed(parts("")), LIMITS, seconds=2**70))
