"""What a file takes at most, whether it is read or refused."""

from collections.abc import Callable

import pytest

from chassis.sheets import SheetTooLarge
from tests.chassis.sheets.apart import LIMITS, Took
from tests.chassis.sheets.packages import packed, parts

pytestmark = pytest.mark.slow
_MOST = 350  # MB, of the process and of the program that it starts, together
_TEXT = '<c t="str"><v>王小明的公司</v></c>'


def _rows_of(filled: int, blank: int = 0) -> bytes:
    """A workbook as long as is read: cells with a text, and blank ones left of a last that is not."""
    row = f"<row>{_TEXT * filled}{'<c/>' * blank}{_TEXT}</row>"
    return packed(parts(row * LIMITS.rows))


def _million_in_a_workbook() -> bytes:
    return packed(parts(f"<row>{_TEXT}<c><v>138</v></c></row>" * 1_000_000))


@pytest.mark.parametrize("make", [_million_in_a_workbook, lambda: "姓名,电话\n".encode() + b"a,13800\n" * 1_000_000])
def test_a_million_rows_are_refused(taking: Callable[[bytes], Took], make: Callable[[], bytes]) -> None:
    """In a workbook as in a text: by the number of rows, and with as little memory as a file that is read."""
    content = make()
    assert len(content) < LIMITS.bytes
    took = taking(content)
    assert took.read is SheetTooLarge
    assert took.memory < _MOST


@pytest.mark.parametrize(("filled", "blank"), [(17, 0), (4, 35), (1, 58)])
def test_the_largest_sheets_are_read_in_little_memory(taking: Callable[[bytes], Took], filled: int, blank: int) -> None:
    """Long and full, or long and wide: all rows are there, and what was started is bounded with what started it."""
    took = taking(_rows_of(filled, blank))
    assert isinstance(took.read, list)
    assert took.rows == LIMITS.rows
    assert took.memory < _MOST


def test_a_sheet_that_takes_more_memory_is_refused(taking: Callable[[bytes], Took]) -> None:
    """Within the limits of rows and columns, but full of texts: it is too large, and took no more than others."""
    took = taking(_rows_of(30))
    assert took.read is SheetTooLarge
    assert took.memory < _MOST
