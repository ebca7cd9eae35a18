"""From a file's bytes to cells: .xlsx (values only, never formulas), .csv in UTF-8 or GB18030."""

from chassis.sheets.files import sheets_in
from chassis.sheets.limits import Cell, Cells, Limits, NotASheet, OldWorkbook, SheetEncrypted, SheetTooLarge

__all__ = [
    "Cell",
    "Cells",
    "Limits",
    "NotASheet",
    "OldWorkbook",
    "SheetEncrypted",
    "SheetTooLarge",
    "sheets_in",
]
