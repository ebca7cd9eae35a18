"""Looking for who is missing: when a shift is over, and every hour for what was not looked at in time."""

from datetime import timedelta

from chassis.identity import system
from chassis.jobs import Job, Task
from services.reception.attendance import actions
from services.reception.rotation.views import open_halls


def run(task: Task) -> None:
    """Find who missed the shift that is over now. Done twice it changes nothing more."""
    who = system(task.database.service, task.payload["branch_id"])
    with task.write() as tx:
        actions.find_absent(tx, who, task.payload["hall_id"])


def look_at_all(task: Task) -> None:
    """In every hall: who is missing by now, and what is to be looked at next. A hall at a time."""
    with task.database.read() as tx:
        halls = open_halls(tx, system(task.database.service, None))
    for hall in halls:
        who = system(task.database.service, hall["branch_id"])
        with task.write() as tx:
            actions.find_absent(tx, who, hall["id"])
            actions.watch_shifts(tx, who, hall["id"])


SHIFT_ENDED = Job(actions.SHIFT_ENDED, run)
WATCH = Job("reception.watch_shifts", look_at_all, every=timedelta(hours=1))
