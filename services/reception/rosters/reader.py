"""From a file's bytes to the rows of a month's roster."""

from collections.abc import Mapping

from chassis.sheets import Limits, sheets_in
from services.reception.rosters.rules_of_sheet import RosterHeaderMissing, Row, rows_of

LIMITS = Limits(bytes=2_000_000, rows=5_000, columns=60)


def read(content: bytes, staff: Mapping[str, str]) -> list[Row]:
    """The rows of the first sheet that has a header; `staff` are names by id.

    Raises SheetTooLarge, NotASheet, SheetEncrypted, RosterHeaderMissing, RosterSheetEmpty.
    """
    for sheet in sheets_in(content, LIMITS):
        try:
            return rows_of(sheet, staff)
        except RosterHeaderMissing:
            continue
    raise RosterHeaderMissing
