"""Looking every hour for customers with whom nobody has been in contact for long."""

from datetime import timedelta

from chassis.identity import Who, system
from chassis.jobs import Job, Task
from services.customers.people.views import branch_of, open_branches
from services.customers.policy.views import policy_of
from services.customers.returns import actions
from services.customers.returns.rules import latest_idle
from services.customers.returns.views import to_look_at

_SOME = 100


def run(task: Task) -> None:
    """Look at every branch, some customers per transaction. Done twice it changes nothing more."""
    with task.database.read() as tx:
        branches = open_branches(tx, system(task.database.service, None))
    for branch_id in branches:
        _look_at_branch(task, system(task.database.service, branch_id), branch_id)


def _look_at_branch(task: Task, who: Who, branch_id: str) -> None:
    with task.database.read() as tx:
        branch = branch_of(tx, who, branch_id)
        today = branch.day(tx.now())
        ids = to_look_at(tx, who, branch_id, latest_idle(today, policy_of(tx, branch)), today)
    for first in range(0, len(ids), _SOME):
        with task.write() as tx:
            actions.look_at(tx, who, branch_id, ids[first : first + _SOME])


JOB = Job("customers.watch_idle", run, every=timedelta(hours=1))
