"""The export as a job: read a lot at a time, written row by row, so that memory stays flat."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chassis.identity import Who, system
from chassis.jobs import Job, Task
from chassis.workbooks import Cell, Column, write_table
from services.customers.exports import actions
from services.customers.exports.asked import Asked, rows_of
from services.customers.exports.rules import FIELDS
from services.customers.exports.views import export_row
from services.customers.fields.rules import Field, in_cell
from services.customers.fields.views import fields_in_reach
from services.customers.files.rules import masked
from services.customers.people.views import names_of_staff
from services.customers.searches.rules import read

_REPORT_EVERY = 5_000
_OWN_WIDTH = 14


def run(task: Task) -> Mapping[str, Any]:
    """Write the file of the export that the payload names."""
    who = system(task.database.service, task.payload["branch_id"])
    with task.database.read() as tx:
        export = export_row(tx, who, task.payload["export_id"])
        staff = names_of_staff(tx, who)
        own = {f"details.{field.field_id}": field for field in fields_in_reach(tx, who)}
    if export["rows"] is not None:  # it was finished, and then the process ended
        return {"rows": export["rows"]}
    columns = [
        Column(title, FIELDS.get(name, _OWN_WIDTH))
        for title, name in zip(export["titles"], export["fields"], strict=True)
    ]
    with tempfile.TemporaryFile() as file:
        rows = write_table(file, export["words"]["customers"], columns, _cells(task, export, staff, own))
        file.seek(0)
        content = file.read()
    with task.write({"done": rows, "of": export["total"]}) as tx:
        actions.finish_export(tx, who, export, content, rows)
    return {"rows": rows}


def forget(task: Task) -> Mapping[str, Any]:
    """Forget files that nobody will fetch any more."""
    with task.write() as tx:
        return {"exports": actions.forget_old(tx, system(task.database.service, None))}


def _cells(
    task: Task, export: Mapping[Any, Any], staff: Mapping[str, str], own: Mapping[str, Field]
) -> Iterator[Sequence[Cell]]:
    asker = Who(**{**export["asker"], "permissions": frozenset(export["asker"]["permissions"])})
    who = replace(asker, reach=task.payload.get("reach", asker.reach))  # asked for by an older version, the narrower
    asked = Asked(who, asker.reach, read(export["question"]))
    readers = [
        _of_own(own[field]) if field in own else _reader(field, export, asker, staff) for field in export["fields"]
    ]
    for done, row in enumerate(rows_of(task.database, asked, export["most_rows"])):
        if done and done % _REPORT_EVERY == 0:
            task.report({"done": done, "of": export["total"]})
        yield [one(row) for one in readers]


Read = Callable[[Mapping[Any, Any]], Cell]


def _reader(field: str, export: Mapping[Any, Any], asker: Who, staff: Mapping[str, str]) -> Read:
    """What takes the cell of a field out of a customer's row."""
    words: Mapping[str, str] = export["words"]
    special: Mapping[str, Read] = {
        "key_account": lambda row: words["yes" if row["key_account"] else "no"],
        "salesperson": lambda row: staff.get(row["owner_id"]),
        "registered_on": lambda row: row["local_day"],
        "source": lambda row: words[row["source"]],
    }
    if field == "phone" and not export["whole_phones"]:
        return lambda row: row["phone"] if row["owner_id"] == asker.actor_id else masked(row["phone"])
    if field in special:
        return special[field]
    part, _, key = field.partition(".")
    return (lambda row: row[part].get(key)) if key else (lambda row: row[field])


def _of_own(field: Field) -> Read:
    def read_own(row: Mapping[Any, Any]) -> Cell:
        value = row["details"].get(field.field_id)
        return None if value is None else in_cell(field, value)

    return read_own


JOBS = (Job(actions.JOB, run), Job("customers.export_forget", forget, every=timedelta(days=1)))
