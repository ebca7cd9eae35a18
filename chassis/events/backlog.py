"""What a service still has to do with events: for health, metrics and whoever waits until all is done."""

from dataclasses import asdict, dataclass

from sqlalchemy import func, select

from chassis.database import Database
from chassis.events import dead_letters
from chassis.events.tables import outbox, pending
from chassis.metrics import Metrics

_UNPUBLISHED = select(func.count().label("number"), func.min(outbox.c.recorded_at).label("oldest")).where(
    outbox.c.position.is_(None)
)
_PENDING = select(func.count()).select_from(pending)


@dataclass(frozen=True)
class Backlog:
    """Counts of events. `oldest_unpublished` is the age of the oldest unpublished one, in seconds.

    `pending` counts what lies in this database; what waits in a broker's queue is the broker's to count.
    """

    unpublished: int
    oldest_unpublished: float
    pending: int
    dead_letters: int

    @property
    def is_idle(self) -> bool:
        """Nothing here waits to be published or handled; dead letters wait for people."""
        return self.unpublished == 0 and self.pending == 0


def measure(database: Database) -> Backlog:
    """Count now, and show it in the process's metrics."""
    with database.read() as tx:
        waiting = tx.execute(_UNPUBLISHED).one()
        age = max(0.0, (tx.now() - waiting.oldest).total_seconds()) if waiting.oldest else 0.0
        backlog = Backlog(waiting.number, age, tx.execute(_PENDING).scalar_one(), dead_letters.count_parked(tx))
    for what, value in asdict(backlog).items():
        Metrics.of_process().backlog(database.service, what, value)
    return backlog
