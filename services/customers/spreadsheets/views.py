"""How an import stands, and what became of each row."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, func

from chassis import jobs
from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.spreadsheets.rules import Fate, UnknownImport
from services.customers.spreadsheets.tables import import_rows, imports


def import_row(tx: Transaction, who: Who, import_id: str) -> RowMapping:
    """The import as it was asked for, its file included; raises UnknownImport."""
    row = tx.execute(scoped(imports, who).select().where(imports.c.import_id == import_id)).mappings().one_or_none()
    if row is None:
        raise UnknownImport
    return row


def import_of(tx: Transaction, who: Who, import_id: str, page: Mapping[str, Any]) -> Mapping[str, Any]:
    """An import with a page of its rows; raises UnknownImport."""
    row = import_row(tx, who, import_id)
    job = jobs.state_of(tx, row["job_id"])
    counts = _counts(tx, who, import_id)
    rows = _rows(tx, who, import_id, page)
    return {
        **row,
        "state": job.state if job else "done",
        "progress": {"done": sum(counts.values()), "of": row["total"]},
        "counts": counts,
        "rows": rows.items,
        "next_after": rows.next_after,
    }


def _counts(tx: Transaction, who: Who, import_id: str) -> dict[str, int]:
    mine = scoped(import_rows, who).select(import_rows.c.fate, func.count().label("rows"))
    found = tx.execute(mine.where(import_rows.c.import_id == import_id).group_by(import_rows.c.fate))
    return {fate.value: 0 for fate in Fate} | {row.fate: row.rows for row in found}


def _rows(tx: Transaction, who: Who, import_id: str, page: Mapping[str, Any]) -> Page:
    mine = scoped(import_rows, who).select().where(import_rows.c.import_id == import_id)
    return paginate(tx, mine, [import_rows.c.row_number], page)
