"""Clearing away what SQLite keeps in its index of words taken out of it; PostgreSQL does so itself (autovacuum)."""

from collections.abc import Mapping
from typing import Any

from chassis.database.write_back import write_back
from chassis.jobs import Job, Task
from services.customers.erasure.actions import TIDY
from services.customers.finding.index import merge_some


def run(task: Task) -> Mapping[str, Any]:
    """Merge the index, some at a time: what was taken back is in it until then. Done twice it finds nothing to do."""
    steps = 1
    with task.write() as tx:
        goes_on = merge_some(tx, from_the_start=True)
    while goes_on:
        with task.write({"done": steps}) as tx:
            goes_on = merge_some(tx)
        steps += 1
    write_back(task.database)
    return {"steps": steps}


JOB = Job(TIDY, run)
