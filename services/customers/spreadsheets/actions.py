"""Taking a sheet in: noting the wish, then row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row as TableRow

from chassis import jobs
from chassis.audit import note
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import SheetRowImported
from services.customers.files import codes
from services.customers.people.rules import Salesperson, named
from services.customers.people.views import branch_meant, staff_by_name
from services.customers.spreadsheets.customer_of_row import Place, customer_of
from services.customers.spreadsheets.rules import Fate, Row, RowRefused
from services.customers.spreadsheets.tables import import_rows, imports, sheet_rows

JOB = "customers.import"


@dataclass(frozen=True)
class Upload:
    """A file that can be read: its name as given, its bytes, their SHA-256, and how many rows it has."""

    file_name: str
    content: bytes
    sha256: str
    total: int


@dataclass(frozen=True)
class Importing:
    """What all rows of one import have in common. `greatest_code` is the greatest number among the sheet's codes."""

    import_id: str
    branch_id: str
    sha256: str
    greatest_code: int

    def key_of(self, row: Row) -> str:
        return f"{self.sha256}:{row.number}"


@dataclass(frozen=True)
class Decided:
    """What became of a row."""

    fate: Fate
    customer_id: str | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


def request_import(tx: Transaction, who: Who, upload: Upload, branch: str | None) -> str:
    """Have a sheet imported once this transaction has committed; answers the import's id.

    Raises BranchNeeded, UnknownBranch.
    """
    branch_id = branch_meant(tx, who, branch).branch_id
    import_id = tx.new_id()
    values = {
        "import_id": import_id,
        "branch_id": branch_id,
        "job_id": jobs.enqueue(tx, JOB, {"import_id": import_id, "branch_id": branch_id}, import_id),
        "file_name": upload.file_name,
        "sha256": upload.sha256,
        "content": upload.content,
        "total": upload.total,
        "requested_by": who.actor_id,
        "requested_at": tx.now(),
    }
    tx.execute(scoped(imports, who).insert(values))
    note(tx, who, "sheet.import_requested", f"import/{import_id}", branch_id, rows=upload.total, sha256=upload.sha256)
    return import_id


def import_some(tx: Transaction, who: Who, importing: Importing, rows: Sequence[Row]) -> None:
    """Take these rows in; those whose fate was decided before the job was cut off are left alone."""
    codes.lock_branch(tx, who, importing.branch_id)
    decided = _decided_before(tx, who, importing, rows)
    known = _seen_before(tx, who, importing, rows)
    staff = staff_by_name(tx, who, importing.branch_id)
    for row in rows:
        if row.number not in decided:
            seen = known.get(importing.key_of(row))
            fate = Decided(Fate.SEEN_BEFORE, seen.customer_id) if seen else _import(tx, who, importing, row, staff)
            _write_fate(tx, who, importing, row, fate)


def forget_file(tx: Transaction, who: Who, import_id: str) -> None:
    """The file of a finished import is no longer needed."""
    tx.execute(scoped(imports, who).update().where(imports.c.import_id == import_id).values(content=None))


def _import(tx: Transaction, who: Who, importing: Importing, row: Row, staff: Mapping[str, Sequence[str]]) -> Decided:
    salesperson = named(row.salesperson, staff) if row.salesperson else Salesperson(None, None)
    at = Place(importing.branch_id, importing.key_of(row), salesperson.staff_id, importing.greatest_code)
    try:
        found = customer_of(tx, who, row, at)
    except RowRefused as refusal:
        return Decided(Fate.REFUSED, reason=refusal.reason, warnings=row.warnings)
    more = tuple(warning for warning in (found.warning, salesperson.warning) if warning)
    done = Decided(found.fate, found.customer_id, warnings=(*row.warnings, *more))
    _record(tx, who, importing, row, salesperson, done)
    return done


def _record(tx: Transaction, who: Who, importing: Importing, row: Row, salesperson: Salesperson, done: Decided) -> None:
    key, branch_id = importing.key_of(row), importing.branch_id
    values = {"branch_id": branch_id, "row_key": key, "customer_id": done.customer_id, "imported_at": tx.now()}
    tx.execute(*scoped(sheet_rows, who).new(values))
    fact = SheetRowImported(
        row_key=key,
        row_number=row.number,
        branch_id=branch_id,
        customer_id=done.customer_id,
        followup_date=row.followup_date,
        method=row.method,
        progress=row.progress,
        intent=row.intent,
        result=row.result,
        deal_date=row.deal_date,
        salesperson_id=salesperson.staff_id,
        salesperson_name=None if salesperson.staff_id else row.salesperson,
        warnings=list(done.warnings),
    )
    # The same file in two branches is two things that happened: the branch is part of what the fact is about.
    record(tx, fact, about("sheet_row", f"{key}@{branch_id}", 1, branch_id))


def _write_fate(tx: Transaction, who: Who, importing: Importing, row: Row, done: Decided) -> None:
    values = {
        "import_id": importing.import_id,
        "row_number": row.number,
        "branch_id": importing.branch_id,
        "fate": done.fate.value,
        "reason": done.reason,
        "warnings": list(done.warnings),
        "customer_id": done.customer_id,
    }
    tx.execute(*scoped(import_rows, who).new(values))


def _decided_before(tx: Transaction, who: Who, importing: Importing, rows: Sequence[Row]) -> set[int]:
    mine = import_rows.c.import_id == importing.import_id, import_rows.c.row_number.in_([row.number for row in rows])
    return set(tx.execute(scoped(import_rows, who).select(import_rows.c.row_number).where(*mine)).scalars())


def _seen_before(tx: Transaction, who: Who, importing: Importing, rows: Sequence[Row]) -> dict[str, TableRow[Any]]:
    keys = [importing.key_of(row) for row in rows]
    here = sheet_rows.c.branch_id == importing.branch_id, sheet_rows.c.row_key.in_(keys)
    return {row.row_key: row for row in tx.execute(scoped(sheet_rows, who).select().where(*here))}
