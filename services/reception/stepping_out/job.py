"""Looking at a step-out, and at a suspension, when the time is over."""

from chassis.identity import system
from chassis.jobs import Job, Task
from services.reception.forfeits.actions import SUSPENSIONS
from services.reception.policy.views import policy_of
from services.reception.rotation.views import hall_of
from services.reception.stepping_out import actions
from services.reception.stepping_out.leaving import LIMITS, overstay


def look_at_step_out(task: Task) -> None:
    """Whoever is not back in time loses the place. Done twice it changes nothing more."""
    who = system(task.database.service, task.payload["branch_id"])
    with task.write() as tx:
        hall = hall_of(tx, who, task.payload["hall_id"], lock=True)
        overstay(tx, who, hall, task.payload["step_out_id"], policy_of(tx, who, hall["branch_id"]))


def look_at_suspension(task: Task) -> None:
    """Whoever was suspended receives again. Done twice it changes nothing more."""
    who = system(task.database.service, task.payload["branch_id"])
    with task.write() as tx:
        actions.resume(tx, who, task.payload["suspension_id"])


JOBS = (Job(LIMITS, look_at_step_out), Job(SUSPENSIONS, look_at_suspension))
