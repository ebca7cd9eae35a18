"""Saying what roles may export, and having customers exported."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, or_, update

from chassis import jobs
from chassis.audit import note
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who, system
from chassis.web import if_match
from services.customers.events_of_sheets import CustomersExported
from services.customers.exports.asked import Asked, how_many
from services.customers.exports.rules import (
    FROM_THE_BEGINNING,
    KEPT_DAYS,
    ExportNotAllowed,
    ExportOutdated,
    ExportTooLarge,
    Right,
    narrower,
    titles_of_own,
)
from services.customers.exports.tables import export_rights, exports
from services.customers.exports.views import right_of
from services.customers.fields.views import fields_in_reach
from services.customers.people.views import names_of_branches
from services.customers.searches.rules import written

JOB = "customers.export"
_KEPT = or_(exports.c.question.is_not(None), exports.c.content.is_not(None))


@dataclass(frozen=True)
class Language:
    """The words in which an export is written: the columns' titles by field, and what values are called."""

    titles: Mapping[str, str]
    is_chinese: bool
    words: Mapping[str, str]


def change_right(tx: Transaction, who: Who, role: str, changes: Mapping[str, Any]) -> Right:
    """Say what a role may export from now on; raises UnknownRole, StaleVersion, VersionRequired."""
    before = right_of(tx, role, locked=True)
    if_match(before.version)
    after = replace(before, **changes, version=before.version + 1)
    if before.version:
        tx.execute(update(export_rights).where(export_rights.c.role == role).values(**vars(after)))
    else:
        tx.execute(insert(export_rights).values(**vars(after)))
    told = {name: list(value) if name == "fields" else value for name, value in vars(after).items() if name != "role"}
    note(tx, who, "export.right_changed", f"export_right/{role}", None, **told)
    return after


def request_export(tx: Transaction, who: Who, question: Mapping[str, Any], language: Language) -> str:
    """Have the customers that the question finds written into a file; answers the export's id.

    Raises ExportNotAllowed, ExportTooLarge, UnknownField, RetiredField, ConditionNotPossible.
    """
    if who.role not in FROM_THE_BEGINNING or not (right := right_of(tx, who.role)).allowed:
        raise ExportNotAllowed
    asker = replace(who, reach=narrower(who.reach, right.scope))
    total = how_many(tx, Asked(who, asker.reach, question), right.most_rows)
    if total > right.most_rows:
        raise ExportTooLarge(right.most_rows)
    titles = _titles(tx, asker, right, language)
    export_id = tx.new_id()
    payload = {"export_id": export_id, "branch_id": who.branch_id, "reach": who.reach}
    values = {
        "export_id": export_id,
        "branch_id": who.branch_id,
        "job_id": jobs.enqueue(tx, JOB, payload, export_id),
        "asked_by": who.actor_id,
        "asker": {**vars(asker), "permissions": sorted(asker.permissions)},
        "asked_at": tx.now(),
        "question": written(question),
        "fields": list(titles),
        "whole_phones": right.whole_phones,
        "most_rows": right.most_rows,
        "titles": list(titles.values()),
        "words": dict(language.words),
        "total": total,
        "version": 1,
    }
    tx.execute(*scoped(exports, who).new(values))
    told = {"rows": total, "fields": list(right.fields), "scope": asker.reach, "whole_phones": right.whole_phones}
    note(tx, who, "customers.export_requested", f"export/{export_id}", who.branch_id, **told)
    return export_id


def _titles(tx: Transaction, asker: Who, right: Right, language: Language) -> dict[str, str]:
    """The titles of the columns by field; each of the own fields within the export's scope is a column."""
    titles: dict[str, str] = {}
    for name in right.fields:
        if name == "details":
            own, branches = fields_in_reach(tx, asker), names_of_branches(tx, asker)
            titles |= titles_of_own(own, branches, is_chinese=language.is_chinese)
        else:
            titles[name] = language.titles[name]
    return titles


def finish_export(tx: Transaction, who: Who, export: Mapping[Any, Any], content: bytes, rows: int) -> None:
    """Keep the file, and announce what has gone out; raises ExportOutdated when somebody was erased meanwhile."""
    version = export["version"] + 1
    mine = exports.c.export_id == export["export_id"], exports.c.version == export["version"]
    question = export["question"] if export["version"] == 1 else None  # it may name who was erased meanwhile
    kept = {"content": content, "rows": rows, "version": version, "question": question}
    if not tx.execute(scoped(exports, who).update().where(*mine).values(kept)).rowcount:
        raise ExportOutdated
    fact = CustomersExported(
        export_id=export["export_id"],
        branch_id=export["branch_id"],
        staff_id=export["asked_by"],
        role=export["asker"]["role"],
        scope=export["asker"]["reach"],
        fields=list(export["fields"]),
        whole_phones=export["whole_phones"],
        rows=rows,
        asked_at=export["asked_at"],
    )
    record(tx, fact, about("export", export["export_id"], version, export["branch_id"]))


def forget_files(tx: Transaction, branch_id: str) -> None:
    """Forget every file in which customers of this branch may stand, and every question, which may name somebody.

    What is being written is written anew. Nobody looks into the files for one person: each is made again in a minute.
    """
    who = system(tx.service, None)
    theirs = or_(exports.c.branch_id == branch_id, exports.c.branch_id.is_(None))
    going_on = scoped(exports, who).update().where(theirs, exports.c.rows.is_(None))
    tx.execute(going_on.values(version=exports.c.version + 1))  # first: what is finished meanwhile is done below
    done = scoped(exports, who).update().where(theirs, _KEPT, exports.c.rows.is_not(None))
    tx.execute(done.values(content=None, question=None))
    begun = scoped(exports, who).select(exports.c.export_id, exports.c.job_id).where(theirs, _KEPT)
    states = {row.export_id: jobs.state_of(tx, row.job_id) for row in tx.execute(begun).all()}
    failed = [export_id for export_id, job in states.items() if job is not None and job.state == "failed"]
    tx.execute(scoped(exports, who).update().where(exports.c.export_id.in_(failed)).values(question=None))


def forget_old(tx: Transaction, who: Who) -> int:
    """Forget files and questions of exports older than KEPT_DAYS; answers of how many."""
    kept_since = tx.now() - timedelta(days=KEPT_DAYS)
    old = scoped(exports, who).update().where(exports.c.asked_at < kept_since, _KEPT)
    return tx.execute(old.values(content=None, question=None)).rowcount
