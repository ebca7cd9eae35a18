"""Seeing to it that every branch's next draw is promised before anybody asks for it."""

from datetime import timedelta

from chassis.identity import system
from chassis.jobs import Job, Task
from services.customers.people.views import open_branches
from services.customers.pool import actions


def run(task: Task) -> None:
    """Promise what is not promised, a branch at a time. Done twice it changes nothing more."""
    with task.database.read() as tx:
        branches = open_branches(tx, system(task.database.service, None))
    for branch_id in branches:
        with task.write() as tx:
            actions.promise(tx, system(task.database.service, branch_id), branch_id)


JOB = Job("customers.promise_draws", run, every=timedelta(hours=1))
