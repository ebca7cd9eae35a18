"""Taking a sheet in: noting the wish, saying what its columns mean, trying it, then some rows at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_

from chassis import jobs
from chassis.audit import note
from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.customers.people.views import branch_meant
from services.customers.spreadsheets.columns import as_asked, guessed
from services.customers.spreadsheets.rules import (
    KEPT_DAYS,
    ColumnFieldRetired,
    FileForgotten,
    HeaderMissing,
    ImportBegun,
)
from services.customers.spreadsheets.tables import import_rows, imports
from services.customers.spreadsheets.views import columns_of, fields_offered, import_row, is_under_way

JOB = "customers.import"
TRIAL = "customers.import_trial"


@dataclass(frozen=True)
class Upload:
    """A file that can be read: its name as given, its bytes, their SHA-256, how many rows it has, and its columns.

    `fields` are guessed, by place; `samples` are the first rows as text.
    """

    file_name: str
    content: bytes
    sha256: str
    total: int
    titles: Sequence[str]
    fields: Sequence[str | None]
    samples: Sequence[Sequence[str]]


def request_import(tx: Transaction, who: Who, upload: Upload, branch: str | None, *, hold: bool = False) -> str:
    """Have a sheet imported once this transaction has committed, or with `hold` once it is begun; answers its id.

    Raises BranchNeeded, UnknownBranch; HeaderMissing when it is to begin at once and no column is the name.
    """
    if not hold and "name" not in upload.fields:
        raise HeaderMissing
    branch_id = branch_meant(tx, who, branch).branch_id
    import_id = tx.new_id()
    columns = guessed(upload.titles, fields_offered(tx, who, branch_id))  # now that the branch's own are known
    values = {
        **vars(upload),
        "fields": columns.by_place,
        "import_id": import_id,
        "branch_id": branch_id,
        "job_id": None if hold else _enqueue(tx, JOB, import_id, branch_id, import_id),
        "requested_by": who.actor_id,
        "requested_at": tx.now(),
        "version": 0,
    }
    tx.execute(scoped(imports, who).insert(values))
    about = {"rows": upload.total, "sha256": upload.sha256, "held": hold}
    note(tx, who, "sheet.import_requested", f"import/{import_id}", branch_id, **about)
    return import_id


def set_columns(tx: Transaction, who: Who, import_id: str, fields: Sequence[str | None]) -> None:
    """Say what the columns are read as, by their places; what a trial found before is void.

    Raises UnknownImport, ImportBegun, FileForgotten, FieldNotOffered, FieldTwice, NameNotMapped.
    """
    wish = _not_begun(tx, who, import_id)
    columns = as_asked(wish["titles"], fields, fields_offered(tx, who, wish["branch_id"]))
    _change(tx, who, import_id, {"fields": columns.by_place, "trial_id": None})
    forget_fates(tx, who, import_id)


def try_import(tx: Transaction, who: Who, import_id: str) -> None:
    """Have it found out what would become of each row, without taking any in.

    Raises UnknownImport, ImportBegun, FileForgotten, NameNotMapped, ColumnFieldRetired.
    """
    wish = _not_begun(tx, who, import_id)
    _check_columns(tx, who, wish)
    forget_fates(tx, who, import_id)
    _change(tx, who, import_id, {"trial_id": _enqueue(tx, TRIAL, import_id, wish["branch_id"], tx.new_id())})


def begin_import(tx: Transaction, who: Who, import_id: str) -> None:
    """Have the rows taken in.

    Raises UnknownImport, ImportBegun, FileForgotten, NameNotMapped, ColumnFieldRetired.
    """
    wish = _not_begun(tx, who, import_id)
    _check_columns(tx, who, wish)
    forget_fates(tx, who, import_id)
    _change(tx, who, import_id, {"job_id": _enqueue(tx, JOB, import_id, wish["branch_id"], import_id)})
    note(tx, who, "sheet.import_begun", f"import/{import_id}", wish["branch_id"], rows=wish["total"])


def finish_import(tx: Transaction, who: Who, import_id: str) -> None:
    """The file of a finished import is no longer needed."""
    _change(tx, who, import_id, {"content": None, "samples": []})


def forget_fates(tx: Transaction, who: Who, import_id: str) -> None:
    """What a trial has found is void."""
    tx.execute(scoped(import_rows, who).delete().where(import_rows.c.import_id == import_id))


def forget_old(tx: Transaction, who: Who) -> int:
    """Forget files that were held and never begun or whose import failed, and the cells of refused rows, after
    KEPT_DAYS; answers of how many imports it forgot the files.
    """
    kept_since = tx.now() - timedelta(days=KEPT_DAYS)
    old = scoped(imports, who).select(imports.c.import_id).where(imports.c.requested_at < kept_since)
    cells = scoped(import_rows, who).update().where(import_rows.c.import_id.in_(old), import_rows.c.cells.is_not(None))
    tx.execute(cells.values(cells=None))
    kept = imports.c.requested_at < kept_since, imports.c.content.is_not(None)
    begun = scoped(imports, who).select(imports.c.job_id).where(*kept, imports.c.job_id.is_not(None))
    over = [job_id for job_id in tx.execute(begun).scalars().all() if not is_under_way(tx, job_id)]
    left = or_(imports.c.job_id.is_(None), imports.c.job_id.in_(over))
    return tx.execute(scoped(imports, who).update().where(*kept, left).values(content=None, samples=[])).rowcount


def _not_begun(tx: Transaction, who: Who, import_id: str) -> Mapping[Any, Any]:
    wish = import_row(tx, who, import_id, locked=True)
    if wish["job_id"] is not None:
        raise ImportBegun
    if wish["content"] is None:
        raise FileForgotten
    return wish


def _check_columns(tx: Transaction, who: Who, wish: Mapping[Any, Any]) -> None:
    columns = columns_of(tx, who, wish)
    if columns.retired:
        raise ColumnFieldRetired([columns.titles[place] or str(place + 1) for place in columns.retired])


def _enqueue(tx: Transaction, job: str, import_id: str, branch_id: str, key: str) -> str:
    return jobs.enqueue(tx, job, {"import_id": import_id, "branch_id": branch_id}, key)


def _change(tx: Transaction, who: Who, import_id: str, values: Mapping[str, Any]) -> None:
    tx.execute(scoped(imports, who).update().where(imports.c.import_id == import_id).values(**values))
