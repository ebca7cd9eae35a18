"""The import as a job: some rows per transaction, so that nobody waits for long and a crash costs little."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.identity import system
from chassis.jobs import Job, Task
from services.customers.files.rules import number_of
from services.customers.spreadsheets import actions, reader
from services.customers.spreadsheets.actions import Importing
from services.customers.spreadsheets.rules import Row
from services.customers.spreadsheets.views import import_row

_SOME = 100


def run(task: Task) -> Mapping[str, Any]:
    """Import the sheet that the payload names. Done twice it adds nothing."""
    who = system(task.database.service, task.payload["branch_id"])
    with task.database.read() as tx:
        wish = import_row(tx, who, task.payload["import_id"])
    if wish["content"] is None:  # it was finished, and then the process ended
        return {"rows": wish["total"]}
    rows = reader.read(wish["content"])
    importing = Importing(wish["import_id"], wish["branch_id"], wish["sha256"], greatest_code(rows))
    for first in range(0, len(rows), _SOME):
        with task.write() as tx:
            actions.import_some(tx, who, importing, rows[first : first + _SOME])
        task.report({"done": min(first + _SOME, len(rows)), "of": len(rows)})
    with task.write() as tx:
        actions.forget_file(tx, who, importing.import_id)
    return {"rows": len(rows)}


def greatest_code(rows: Sequence[Row]) -> int:
    """The greatest number among codes of our own form; 0 when there are none."""
    return max((number_of(row.code) for row in rows if row.code), default=0)


JOB = Job(actions.JOB, run)
