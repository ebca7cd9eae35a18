"""A text as a sheet: cells between commas or tabs, in UTF-8 or GB18030."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from chassis.sheets.limits import Cells, Limits, NotASheet, SheetTooLarge

_FIRST_ROWS = 20
_BEGINNING = 100_000  # characters: fewer than a cell may have, so that reading them never fails
_PADDING = re.compile(r'((?:^|,)"?)\t+|\t+("?(?:,|\r|$))', re.MULTILINE)


@dataclass(frozen=True)
class Text:
    """The sheet that a text is."""

    content: bytes
    limits: Limits

    def __iter__(self) -> Iterator[Cells]:
        for number, cells in enumerate(_rows(_decoded(self.content)), start=1):
            if number > self.limits.rows or len(cells) > self.limits.columns:
                raise SheetTooLarge(self.limits)
            yield cells


def _rows(text: str) -> Iterator[list[str]]:
    delimiter = _delimiter(text[:_BEGINNING])
    padded = delimiter == "," and "\t" in text
    try:
        for cells in _split(text, delimiter):
            yield [cell.strip("\t") for cell in cells] if padded else cells
    except csv.Error as error:
        raise NotASheet from error


def _split(text: str, delimiter: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(beginning: str) -> str:
    """A tab or a comma: by which more of the first rows are split, and the first of these into more cells.

    A tab next to a comma or at a line's end is no delimiter: people put it before a number that Excel would round.
    """
    by_tab, by_comma = _rows_split(_PADDING.sub(r"\1\2", beginning), "\t"), _rows_split(beginning, ",")
    return "\t" if by_tab > by_comma else ","


def _rows_split(beginning: str, delimiter: str) -> tuple[int, int]:
    widths = [len(cells) for cells in islice(_split(beginning, delimiter), _FIRST_ROWS) if len(cells) > 1]
    return len(widths), widths[0] if widths else 0


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise NotASheet
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotASheet
