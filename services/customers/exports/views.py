"""What roles may export, and how an export stands."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, Select, select

from chassis import jobs
from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.exports.rules import (
    FROM_THE_BEGINNING,
    ExportForgotten,
    ExportNotReady,
    Right,
    UnknownExport,
    UnknownRole,
)
from services.customers.exports.tables import export_rights, exports

_SHOWN = [column for column in exports.c if column is not exports.c.content]
_BY_ID = (exports.c.export_id,)  # ids made later sort later


def rights(tx: Transaction) -> list[Right]:
    """What each role may, in the order of the roles."""
    changed = {row["role"]: Right(**row) for row in tx.execute(select(export_rights)).mappings()}
    return [changed.get(role, right) for role, right in FROM_THE_BEGINNING.items()]


def right_of(tx: Transaction, role: str, *, locked: bool = False) -> Right:
    """What this role may; raises UnknownRole."""
    if role not in FROM_THE_BEGINNING:
        raise UnknownRole
    found = select(export_rights).where(export_rights.c.role == role)
    row = tx.execute(found.with_for_update() if locked else found).mappings().one_or_none()
    return Right(**row) if row else FROM_THE_BEGINNING[role]


def export_of(tx: Transaction, who: Who, export_id: str) -> Mapping[str, Any]:
    """An export of one's own; raises UnknownExport."""
    return _told(tx, _one(tx, _own(who, *_SHOWN), export_id))


def exports_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """One's own exports, the latest first."""
    rows = paginate(tx, _own(who, *_SHOWN), _BY_ID, page, descending=True)
    return Page([_told(tx, row) for row in rows.items], rows.next_after)


def file_of(tx: Transaction, who: Who, export_id: str) -> bytes:
    """The finished file; raises UnknownExport, ExportNotReady, ExportForgotten."""
    row = _one(tx, _own(who), export_id)
    if row["rows"] is None:
        raise ExportNotReady
    if row["content"] is None:
        raise ExportForgotten
    content: bytes = row["content"]
    return content


def export_row(tx: Transaction, who: Who, export_id: str) -> RowMapping:
    """An export for who makes its file; raises UnknownExport."""
    return _one(tx, scoped(exports, who).select(*_SHOWN), export_id)


def _own(who: Who, *columns: Any) -> Select[Any]:
    return scoped(exports, who).select(*columns).where(exports.c.asked_by == who.actor_id)


def _one(tx: Transaction, found: Select[Any], export_id: str) -> RowMapping:
    row = tx.execute(found.where(exports.c.export_id == export_id)).mappings().one_or_none()
    if row is None:
        raise UnknownExport
    return row


def _told(tx: Transaction, row: Mapping[Any, Any]) -> dict[str, Any]:
    job = jobs.state_of(tx, row["job_id"])
    return {**row, "state": job.state if job else "done", "progress": job.progress if job else None}
