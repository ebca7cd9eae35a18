"""What a job is, and what it holds while it runs."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from chassis.clock import Clock
from chassis.database import Database, Transaction
from chassis.jobs.tables import jobs


class LeaseLost(Exception):
    """Another replica has taken this job over: stop, and leave the rest to it."""


@dataclass(frozen=True)
class Job:
    """A kind of work.

    `run(task)` answers a JSON object (or None) as the job's result. It may be called again after a crash at any point,
    so what it does must bear being done twice. `every`: due at each multiple of this time, by the business clock; only
    the latest missed moment is made up for. After `attempts` failures it stays `failed`. `lease` is how long a run may
    stay silent (no `task.write`, no `task.report`) before another replica takes over.
    """

    name: str
    run: "Callable[[Task], Mapping[str, Any] | None]"
    every: timedelta | None = None
    attempts: int = 5
    lease: timedelta = timedelta(minutes=2)


@dataclass(frozen=True)
class Task:
    """One run of a job: its payload, its database, and the lease that both hang on."""

    id: str
    key: str
    payload: Mapping[str, Any]
    attempt: int
    database: Database
    holder: str
    lease: timedelta
    wall_clock: Clock

    @contextmanager
    def write(self, progress: Mapping[str, Any] | None = None) -> Iterator[Transaction]:
        """One transaction that commits only while the job is ours; prolongs the lease. Raises LeaseLost.

        With `progress`, that is how far it will be.
        """
        with self.database.write() as tx:
            self._prolong(tx, {} if progress is None else {"progress": dict(progress)})
            yield tx

    def report(self, progress: Mapping[str, Any]) -> None:
        """Show how far it is (a JSON object, e.g. `{"done": 120, "of": 300}`); prolongs the lease. Raises LeaseLost."""
        with self.database.write() as tx:
            self._prolong(tx, {"progress": dict(progress)})

    def _prolong(self, tx: Transaction, values: dict[str, Any]) -> None:
        until = self.wall_clock.now() + self.lease
        ours = (jobs.c.id == self.id) & (jobs.c.holder == self.holder) & (jobs.c.state == "running")
        if tx.execute(update(jobs).where(ours).values(lease_until=until, **values)).rowcount != 1:
            raise LeaseLost(self.id)
