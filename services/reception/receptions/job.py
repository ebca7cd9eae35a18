"""Looking at a hall when a time is over."""

from chassis.identity import system
from chassis.jobs import Job, Task
from services.reception.receptions import actions
from services.reception.rotation.views import hall_of


def run(task: Task) -> None:
    """Pass on visitors whom nobody has greeted in time. Done twice it changes nothing more."""
    who = system(task.database.service, task.payload["branch_id"])
    with task.write() as tx:
        actions.pass_on(tx, who, hall_of(tx, who, task.payload["hall_id"], lock=True))


JOB = Job(actions.LIMITS, run)
