"""From a file's bytes to the rows of a sheet of customers."""

from typing import Any

from chassis.sheets import Limits, sheets_in
from services.customers.spreadsheets import rules
from services.customers.spreadsheets.rules import HeaderMissing, Row, rows_of

LIMITS = Limits(rules.MOST_BYTES, rules.MOST_ROWS, rules.MOST_COLUMNS)


def read(content: bytes) -> list[Row]:
    """The rows of the first sheet that has a header.

    Raises SheetTooLarge, NotASheet, SheetEncrypted, HeaderMissing, SheetEmpty.
    """
    sheet: Any
    for sheet in sheets_in(content, LIMITS):
        try:
            return rows_of(sheet)
        except HeaderMissing:
            continue
    raise HeaderMissing
