"""From a file's bytes to the rows of a sheet, a row at a time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chassis.sheets import Limits, sheets_in
from services.customers.spreadsheets import rules
from services.customers.spreadsheets.columns import FIELDS, Columns, Field, find_header
from services.customers.spreadsheets.rows import row_of
from services.customers.spreadsheets.rules import Cell, Cells, HeaderMissing, Row, SheetEmpty
from services.customers.spreadsheets.values import text_in, year_of

LIMITS = Limits(rules.MOST_BYTES, rules.MOST_ROWS, rules.MOST_COLUMNS)


@dataclass(frozen=True)
class Sheet:
    """A sheet whose header is known: what stands above it, its number, and its columns as they are guessed."""

    cells: Iterable[Sequence[Cell]]
    header: int
    columns: Columns
    above: tuple[str, ...] = ()

    def filled(self) -> Iterator[tuple[int, Cells]]:
        """The rows below the header that are not blank, with their numbers in the sheet."""
        for number, cells in enumerate(self.cells, start=1):
            if number > self.header and any(cell not in ("", None) and text_in(cell) for cell in cells):
                yield number, cells

    def rows(self, columns: Columns) -> Iterator[Row]:
        """What they mean."""
        year = year_of(self.above)
        return (row_of(number, cells, columns, year) for number, cells in self.filled())


def opened(content: bytes, offered: Sequence[Field] = FIELDS) -> Sheet:
    """The first sheet of a file that names its columns, else the first that could be made to.

    Raises SheetTooLarge, NotASheet, SheetEncrypted, HeaderMissing.
    """
    likely: Sheet | None = None
    for cells in sheets_in(content, LIMITS):
        try:
            sheet = of_cells(cells, offered)
        except HeaderMissing:
            continue
        if "name" in sheet.columns.names and len(sheet.columns.names) > 1:
            return sheet
        likely = likely or sheet
    if likely is None:
        raise HeaderMissing
    return likely


def of_cells(cells: Iterable[Sequence[Cell]], offered: Sequence[Field] = FIELDS) -> Sheet:
    """A sheet of these rows; raises HeaderMissing."""
    header, columns = find_header(enumerate(cells, start=1), offered)
    above = (text_in(cell) for row, _ in zip(cells, range(header - 1), strict=False) for cell in row)
    return Sheet(cells, header, columns, tuple(filter(None, above)))


def read(content: bytes) -> list[Row]:
    """The rows as their columns' titles are understood.

    Raises SheetTooLarge, NotASheet, SheetEncrypted, HeaderMissing, SheetEmpty.
    """
    return understood(opened(content))


def understood(sheet: Sheet) -> list[Row]:
    """The rows, as guessed; raises HeaderMissing when no column is the name, and SheetEmpty."""
    if "name" not in sheet.columns.names:
        raise HeaderMissing
    rows = list(sheet.rows(sheet.columns))
    if not rows:
        raise SheetEmpty
    return rows
