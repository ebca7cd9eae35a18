"""The estimates of a service's database, kept as it grows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chassis.database.estimates import keep_estimates
from chassis.jobs.job import Job, Task


def _keep(task: Task) -> Mapping[str, Any]:
    with task.write() as tx:
        keep_estimates(tx)
    return {}


KEEP_ESTIMATES = Job("keep_estimates", _keep, every=timedelta(hours=1))
"""Every hour: a database that grows is soon of another kind than it was."""
