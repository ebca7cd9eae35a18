"""Purging every hour whose time in the recycle bin is over."""

from datetime import timedelta

from chassis.identity import Who, system
from chassis.jobs import Job, Task
from services.customers.recycle_bin import actions
from services.customers.recycle_bin.views import branches_with_a_bin, due_to_be_purged


def run(task: Task) -> None:
    """Purge a customer at a time: each takes as long as it has left traces. Done twice it changes nothing more."""
    with task.database.read() as tx:
        branches = branches_with_a_bin(tx, system(task.database.service, None))
    for branch_id in branches:
        _purge_branch(task, system(task.database.service, branch_id), branch_id)


def _purge_branch(task: Task, who: Who, branch_id: str) -> None:
    with task.database.read() as tx:
        due = due_to_be_purged(tx, who, branch_id)
    for customer_id in due:
        with task.write() as tx:
            actions.purge_due(tx, who, branch_id, customer_id)


JOB = Job("customers.purge_bin", run, every=timedelta(hours=1))
