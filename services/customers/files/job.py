"""Bringing the index to what a field of the company's own has become: searched from now on, or not any more."""

from chassis.identity import system
from chassis.jobs import Job, Task
from services.customers.fields.actions import INDEX_FIELD
from services.customers.files import actions
from services.customers.files.views import ids_with_field
from services.customers.people.views import branches_in_reach

_SOME = 50  # registrations of the branch wait for so many


def run(task: Task) -> None:
    """Go through all who have a value in it. Done twice it changes nothing more."""
    with task.database.read() as tx:
        branches = branches_in_reach(tx, system(task.database.service, task.payload["branch_id"]))
    for branch_id in branches:
        _index_branch(task, branch_id)


def _index_branch(task: Task, branch_id: str) -> None:
    who = system(task.database.service, branch_id)
    with task.database.read() as tx:
        ids = ids_with_field(tx, who, branch_id, task.payload["field_id"])
    for first in range(0, len(ids), _SOME):
        with task.write({"done": first, "of": len(ids)}) as tx:
            actions.index_field(tx, who, branch_id, ids[first : first + _SOME])


JOB = Job(INDEX_FIELD, run)
