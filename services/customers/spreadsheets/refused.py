"""The rows that did not come in, as a workbook to correct and hand in again: each as it stood, and why."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from chassis.web import say
from chassis.workbooks import Column, write_table
from services.customers.spreadsheets.schemas import reason_text

_REASON_WIDTH = 50


def write_refused(titles: Sequence[str], rows: Iterable[Mapping[Any, Any]]) -> IO[bytes]:
    """The finished file, open at its beginning; closing it removes it. Rows as in `import_rows`."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - handed to who sends it
    reason = say("sheets.reason")
    columns = [*map(Column, titles), Column(reason, _REASON_WIDTH)]
    write_table(file, say("sheets.refused"), columns, (_line(len(titles), row) for row in rows))
    file.seek(0)
    return file


def _line(width: int, row: Mapping[Any, Any]) -> list[str | None]:
    cells = [cell or None for cell in row["cells"] or ()][:width]
    return [*cells, *[None] * (width - len(cells)), reason_text(row)]
