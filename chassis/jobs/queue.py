"""Asking for a job in the transaction that needs it, and seeing how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from chassis.database import Transaction, insert_if_new
from chassis.jobs.tables import jobs


@dataclass(frozen=True)
class JobState:
    """How a job stands; `progress` and `result` are JSON objects, `error` is for those who operate the system."""

    id: str
    state: Literal["waiting", "running", "done", "failed"]
    attempts: int
    progress: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    error: str | None


def enqueue(
    tx: Transaction, name: str, payload: Mapping[str, Any], key: str, not_before: datetime | None = None
) -> str:
    """Have the job `name` done once `tx` has committed, or at `not_before`; answers its id.

    The same `key` again is the same job: nothing is added, the id of the first is answered.
    """
    values = {
        "id": tx.new_id(),
        "name": name,
        "key": key,
        "payload": dict(payload),
        "state": "waiting",
        "attempts": 0,
        "not_before": not_before,
        "created_at": tx.now(),
    }
    if insert_if_new(tx, jobs, values, keys=("name", "key")):
        tx.after_commit(tx.wake_jobs)
        return str(values["id"])
    known = select(jobs.c.id).where(jobs.c.name == name, jobs.c.key == key)
    return str(tx.execute(known).scalar_one())


def state_of(tx: Transaction, job_id: str) -> JobState | None:
    """How the job stands; None when there is none with this id."""
    columns = (jobs.c.id, jobs.c.state, jobs.c.attempts, jobs.c.progress, jobs.c.result, jobs.c.error)
    row = tx.execute(select(*columns).where(jobs.c.id == job_id)).one_or_none()
    return None if row is None else JobState(*row)
