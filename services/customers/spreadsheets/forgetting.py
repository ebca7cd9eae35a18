"""Forgetting somebody in the sheets of a branch: what is kept of them is there to be worked with for a time only."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, Update, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.spreadsheets.columns import Field, guessed
from services.customers.spreadsheets.rules import KEPT_DAYS, SheetUnderWay
from services.customers.spreadsheets.rules_of_naming import Somebody
from services.customers.spreadsheets.tables import import_rows, imports
from services.customers.spreadsheets.views import fields_offered, is_taking_in

_OF_AN_IMPORT = (imports.c.import_id, imports.c.file_name, imports.c.titles, imports.c.fields, imports.c.requested_at)


def forget(tx: Transaction, who: Who, branch_id: str, somebody: Somebody) -> list[str]:
    """Forget somebody in the sheets of this branch: the refused rows and rows of titles that are about them, file names
    that name them, and the files that are kept, which may hold anybody. Answers the imports whose rows somebody may
    have been shown of late.

    Raises SheetUnderWay when one is being taken in: its rows to come could bring them back.
    """
    if is_taking_in(tx, who, branch_id):
        raise SheetUnderWay
    found = tx.execute(*_imports(who, branch=branch_id)).mappings().all()
    tx.execute(scoped(imports, who).update().where(imports.c.branch_id == branch_id).values(content=None, samples=[]))
    _forget_cells(tx, who, branch_id, somebody, {row["import_id"]: row["fields"] for row in found})
    usual = fields_offered(tx, who, branch_id)
    for row in found:
        _forget_names(tx, who, row, somebody, usual)
    since = tx.now() - timedelta(days=KEPT_DAYS)
    return [row["import_id"] for row in found if row["requested_at"] >= since]


def _forget_cells(
    tx: Transaction, who: Who, branch_id: str, somebody: Somebody, fields: Mapping[str, Sequence[str | None]]
) -> None:
    for row in tx.execute(*_refused(who, branch=branch_id)).all():
        if somebody.is_meant_by(row.cells, fields[row.import_id]):
            tx.execute_later(*_forgotten(who, of=row.import_id, number=row.row_number))


def _forget_names(tx: Transaction, who: Who, row: RowMapping, somebody: Somebody, usual: Collection[Field]) -> None:
    """What the file is called, and its titles: those of a sheet without any are its first row."""
    changes: dict[str, Any] = {"file_name": ""} if somebody.is_told_in(row["file_name"]) else {}
    if somebody.is_meant_by(row["titles"], row["fields"]):
        changes["titles"] = _titles_left(row["titles"], somebody, usual)
        gone = set(row["titles"]) - set(changes["titles"])
        of_these = import_rows.c.import_id == row["import_id"], import_rows.c.reason_column.in_(gone)
        tx.execute(scoped(import_rows, who).update().where(*of_these).values(reason_column=None))
    if changes:
        tx.execute(scoped(imports, who).update().where(imports.c.import_id == row["import_id"]).values(**changes))


def _titles_left(titles: Sequence[str], somebody: Somebody, usual: Collection[Field]) -> list[str]:
    """The titles that columns usually have."""
    read_as = guessed(titles, usual).fields
    return [
        title if field and not somebody.is_told_in(title) else "" for title, field in zip(titles, read_as, strict=True)
    ]


@prepared
def _imports(who: Who) -> Select[Any]:
    return scoped(imports, who).select(*_OF_AN_IMPORT).where(imports.c.branch_id == bindparam("branch"))


@prepared
def _refused(who: Who) -> Select[Any]:
    kept = import_rows.c.branch_id == bindparam("branch"), import_rows.c.cells.is_not(None)
    shown = scoped(import_rows, who).select(import_rows.c.import_id, import_rows.c.row_number, import_rows.c.cells)
    return shown.where(*kept)


@prepared
def _forgotten(who: Who) -> Update:
    one = import_rows.c.import_id == bindparam("of"), import_rows.c.row_number == bindparam("number")
    return scoped(import_rows, who).update().where(*one).values(cells=None)
