"""Booking the deals of a version that kept no credit: those from before, and those of while it is being replaced."""

from collections.abc import Mapping
from datetime import timedelta

from chassis.identity import system
from chassis.jobs import Job, Task
from services.followups.records.actions import book_unbooked

_SOME = 100


def run(task: Task) -> Mapping[str, int]:
    """Book what is not booked, some deals per transaction. Done twice it books nothing."""
    who, booked = system(task.database.service, None), 0
    while True:
        with task.write() as tx:
            some = book_unbooked(tx, who, _SOME)
        booked += some
        if some < _SOME:
            return {"booked": booked}


BOOK_UNBOOKED = Job("book_unbooked_deals", run, every=timedelta(days=1))
