"""How an import stands, what its columns are taken for, and what became of each row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, bindparam, func

from chassis import jobs
from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.fields.views import fields_of, types_of
from services.customers.spreadsheets.columns import Columns, Field, as_chosen, of_own, with_types
from services.customers.spreadsheets.rules import Fate, UnknownImport
from services.customers.spreadsheets.tables import import_rows, imports, sheet_rows

_AT_ONCE = 1000
_KEPT = imports.c.content.is_not(None).label("kept")
_SHOWN = [*(column for column in imports.c if column is not imports.c.content), _KEPT]
_IN_LISTS = [column for column in _SHOWN if column.name not in ("titles", "fields", "samples")]
_NEWEST = (imports.c.requested_at, imports.c.import_id)


def fields_offered(tx: Transaction, who: Who, branch_id: str) -> Sequence[Field]:
    """Everything that a column of a sheet of this branch can be read as."""
    own = (of_own(field) for field in fields_of(tx, who, branch_id) if not field.retired)
    return (*with_types(types_of(tx, who, branch_id)["names"]), *own)


def import_row(tx: Transaction, who: Who, import_id: str, *, locked: bool = False) -> RowMapping:
    """The import as it was asked for, its file included; `locked` until the end. Raises UnknownImport."""
    wanted = scoped(imports, who).select()
    return _one(tx, wanted.with_for_update() if locked else wanted, import_id)


def import_of(tx: Transaction, who: Who, import_id: str, page: Mapping[str, Any]) -> Mapping[str, Any]:
    """An import with a page of its rows; raises UnknownImport."""
    row = _one(tx, scoped(imports, who).select(*_SHOWN), import_id)
    counts = _counts(tx, who, [import_id])[import_id]
    rows = _rows(tx, who, import_id, page)
    return {
        **_brief(tx, row, counts),
        "columns": _columns(row),
        "offered": fields_offered(tx, who, row["branch_id"]),
        "rows": rows.items,
        "next_after": rows.next_after,
    }


def imports_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """The imports of the asker's branch or branches, the newest first, without their columns and rows."""
    found = paginate(tx, scoped(imports, who).select(*_IN_LISTS), _NEWEST, page, descending=True)
    counts = _counts(tx, who, [row["import_id"] for row in found.items])
    return Page([_brief(tx, row, counts[row["import_id"]]) for row in found.items], found.next_after)


def is_taking_in(tx: Transaction, who: Who, branch_id: str) -> bool:
    """Whether a sheet of the branch is begun and not in yet. The sheets that are kept are locked until the end: none is
    begun or tried meanwhile.
    """
    kept = imports.c.branch_id == branch_id, imports.c.content.is_not(None)
    locked = scoped(imports, who).select(imports.c.job_id).where(*kept).with_for_update()
    return any(is_under_way(tx, job_id) for job_id in tx.execute(locked).scalars().all() if job_id)


def is_under_way(tx: Transaction, job_id: str) -> bool:
    """Whether a job is still to do something; one that failed for good is not."""
    job = jobs.state_of(tx, job_id)
    return job is not None and job.state in ("waiting", "running")


def columns_of(tx: Transaction, who: Who, wish: Mapping[Any, Any]) -> Columns:
    """What the columns of an import are read as now."""
    return as_chosen(wish["titles"], wish["fields"], fields_offered(tx, who, wish["branch_id"]))


def refused_rows(tx: Transaction, who: Who, import_id: str) -> Iterator[RowMapping]:
    """The rows that do not come in, in the sheet's order, with their cells as far as they are kept."""
    after = 0
    while some := tx.execute(*_refused(who, of=import_id, after=after)).mappings().all():
        yield from some
        after = some[-1]["row_number"]


def decided_before(tx: Transaction, who: Who, import_id: str, numbers: Sequence[int]) -> set[int]:
    """Those of the rows whose fate is known."""
    mine = import_rows.c.import_id == import_id, import_rows.c.row_number.in_(numbers)
    return set(tx.execute(scoped(import_rows, who).select(import_rows.c.row_number).where(*mine)).scalars())


def seen_before(tx: Transaction, who: Who, branch_id: str, keys: Sequence[str]) -> Mapping[str, str | None]:
    """Those of the rows that have come in, by any import, and whose they are."""
    here: Sequence[ColumnElement[bool]] = (sheet_rows.c.branch_id == branch_id, sheet_rows.c.row_key.in_(keys))
    wanted = scoped(sheet_rows, who).select(sheet_rows.c.row_key, sheet_rows.c.customer_id).where(*here)
    return {row.row_key: row.customer_id for row in tx.execute(wanted)}


def _one(tx: Transaction, wanted: Select[Any], import_id: str) -> RowMapping:
    row = tx.execute(wanted.where(imports.c.import_id == import_id)).mappings().one_or_none()
    if row is None:
        raise UnknownImport
    return row


def _state(tx: Transaction, row: Mapping[Any, Any]) -> str:
    """Until it is begun, whether it is kept, and whether it was tried."""
    if row["job_id"] is None and not row["kept"]:
        return "forgotten"
    if row["job_id"] is None and row["trial_id"] is None:
        return "held"
    job = jobs.state_of(tx, row["job_id"] or row["trial_id"])
    state = job.state if job else "done"
    if row["job_id"] or state == "failed":
        return state
    return "tried" if state == "done" else "trying"


def _columns(row: Mapping[Any, Any]) -> list[dict[str, Any]]:
    every = zip(row["titles"], row["fields"], strict=True)
    return [
        {"title": title, "field": name, "samples": [sample[place] for sample in row["samples"]]}
        for place, (title, name) in enumerate(every)
    ]


def _brief(tx: Transaction, row: Mapping[Any, Any], counts: Mapping[str, int]) -> dict[str, Any]:
    progress = {"done": sum(counts.values()), "of": row["total"]}
    return {**row, "state": _state(tx, row), "progress": progress, "counts": counts}


def _counts(tx: Transaction, who: Who, ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """How many rows of each import have which fate."""
    of, fate = import_rows.c.import_id, import_rows.c.fate
    mine = scoped(import_rows, who).select(of, fate, func.count().label("rows"))
    counts = {one: {fate.value: 0 for fate in Fate} for one in ids}
    for row in tx.execute(mine.where(of.in_(ids)).group_by(of, fate)):
        counts[row.import_id][row.fate] = row.rows
    return counts


def _rows(tx: Transaction, who: Who, import_id: str, page: Mapping[str, Any]) -> Page:
    mine = scoped(import_rows, who).select().where(import_rows.c.import_id == import_id)
    only = [import_rows.c.fate == page["fate"]] if page.get("fate") else []
    return paginate(tx, mine.where(*only), [import_rows.c.row_number], page)


@prepared
def _refused(who: Who) -> Select[Any]:
    mine = import_rows.c.import_id == bindparam("of"), import_rows.c.row_number > bindparam("after")
    refused = scoped(import_rows, who).select().where(*mine, import_rows.c.fate == Fate.REFUSED.value)
    return refused.order_by(import_rows.c.row_number).limit(_AT_ONCE)
