"""What the web edge of every service has done for it now and then."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chassis.jobs import Job, Task
from chassis.web.idempotency import purge_kept_answers


def _forget(task: Task) -> Mapping[str, Any]:
    with task.write() as tx:
        return {"forgotten": purge_kept_answers(tx, task.wall_clock.now())}


FORGET_KEPT_ANSWERS = Job("forget_kept_answers", _forget, every=timedelta(hours=1))
"""Forgets the answers to idempotent requests that are older than a day."""
