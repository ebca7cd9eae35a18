"""The loop that does the jobs of one service. Any number of replicas may run it against one database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.events.failures import describe
from chassis.jobs.job import Job, LeaseLost, Task
from chassis.jobs.queue import enqueue
from chassis.jobs.tables import jobs

_LOG = structlog.get_logger(__name__)
_DELAYS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))


class JobLoop:
    """Takes due jobs one after the other. `run` is for a thread of its own; `run_due` for tests.

    It wakes when this process commits an `enqueue`, else looks every `look_every` seconds.
    """

    def __init__(
        self, database: Database, kinds: Sequence[Job], wall_clock: Clock | None = None, look_every: float = 1.0
    ) -> None:
        self._database = database
        self._kinds = {kind.name: kind for kind in kinds}
        self._wall_clock = wall_clock or SystemClock()
        self._look_every = look_every
        self._woken = Event()
        self._stopping = Event()
        self._holder = database.ids.new()
        database.wake_jobs = self.wake

    def run(self) -> None:
        """Work until `stop`; a database that does not answer is waited for."""
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self.run_due()
            except Exception as error:
                _LOG.warning("jobs_wait", service=self._database.service, error=type(error).__name__)
            self._woken.wait(self._look_every)

    def wake(self) -> None:
        """Look for due jobs now."""
        self._woken.set()

    def stop(self) -> None:
        """End after the job at hand."""
        self._stopping.set()
        self._woken.set()

    def run_due(self) -> int:
        """Do every job that is due now; answers how many were run."""
        self._enqueue_periodic()
        count = 0
        while not self._stopping.is_set() and (task := self._take()) is not None:
            self._do(*task)
            count += 1
        return count

    def _enqueue_periodic(self) -> None:
        periodic = [kind for kind in self._kinds.values() if kind.every]
        if not periodic:
            return
        keys = {kind.name: _latest_moment(self._database.clock.now(), kind.every) for kind in periodic if kind.every}
        with self._database.read() as tx:
            known = set(tx.execute(select(jobs.c.name, jobs.c.key).where(_any_of(keys))))
        if missing := set(keys.items()) - known:
            with self._database.write() as tx:
                for name, key in sorted(missing):
                    enqueue(tx, name, {}, key)

    def _take(self) -> tuple[Job, Task] | None:
        if not self._anything_due():  # looking costs no turn to write
            return None
        with self._database.write() as tx:
            row = tx.execute(self._due().limit(1).with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            kind = self._kinds[row.name]
            task = self._task(kind, row)
            values = {"state": "running", "holder": task.holder, "attempts": task.attempt}
            until = self._wall_clock.now() + kind.lease
            tx.execute(update(jobs).where(jobs.c.id == row.id).values(lease_until=until, **values))
        return kind, task

    def _anything_due(self) -> bool:
        with self._database.read() as tx:
            return tx.execute(self._due().limit(1)).first() is not None

    def _due(self) -> Any:
        now = self._wall_clock.now()
        ready = and_(jobs.c.state == "waiting", or_(jobs.c.not_before.is_(None), jobs.c.not_before <= now))
        abandoned = and_(jobs.c.state == "running", jobs.c.lease_until < now)
        ours = jobs.c.name.in_(self._kinds)
        return select(jobs).where(ours, or_(ready, abandoned)).order_by(jobs.c.id)

    def _task(self, kind: Job, row: Row[Any]) -> Task:
        attempt, holder = row.attempts + 1, self._database.ids.new()
        return Task(row.id, row.key, row.payload, attempt, self._database, holder, kind.lease, self._wall_clock)

    def _do(self, kind: Job, task: Task) -> None:
        if task.attempt > kind.attempts:  # it took its process with it each time
            self._finish(task, {"state": "failed", "error": "did not come back", "attempts": kind.attempts})
            return
        try:
            result = kind.run(task)
        except LeaseLost:
            _LOG.warning("job_lease_lost", job=kind.name, id=task.id)
        except Exception as error:
            _LOG.warning("job_failed", job=kind.name, id=task.id, attempt=task.attempt, error=type(error).__name__)
            self._finish(task, self._after_failure(kind, task, error))
        else:
            self._finish(task, {"state": "done", "result": None if result is None else dict(result), "error": None})

    def _after_failure(self, kind: Job, task: Task, error: Exception) -> dict[str, Any]:
        values: dict[str, Any] = {"error": describe(error)}
        if task.attempt >= kind.attempts:
            return values | {"state": "failed"}
        delay = _DELAYS[min(task.attempt, len(_DELAYS)) - 1]
        return values | {"state": "waiting", "not_before": self._wall_clock.now() + delay}

    def _finish(self, task: Task, values: dict[str, Any]) -> None:
        ended = {"finished_at": self._database.clock.now()} if values["state"] in {"done", "failed"} else {}
        ours = (jobs.c.id == task.id) & (jobs.c.holder == task.holder)
        with self._database.write() as tx:
            tx.execute(update(jobs).where(ours).values(holder=None, lease_until=None, **values, **ended))


def _latest_moment(now: datetime, every: timedelta) -> str:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return (epoch + (now - epoch) // every * every).isoformat()


def _any_of(keys: dict[str, str]) -> ColumnElement[bool]:
    return or_(*(and_(jobs.c.name == name, jobs.c.key == key) for name, key in keys.items()))
