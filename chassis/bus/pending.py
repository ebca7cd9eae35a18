"""A mailbox that lies in the reader's own database: the `pending` table.

The local bus delivers into it, and with either bus a dead letter that is to be tried again goes through it. Being done
is noted in the transaction that handled the events, so it costs no commit of its own.
"""

from collections.abc import Sequence
from datetime import timedelta
from threading import Event

from sqlalchemy import bindparam, delete, func, select, update

from chassis.bus import RETRY_DELAYS, Delivery
from chassis.clock import Clock
from chassis.database import Database, Transaction, insert_if_new
from chassis.events.envelope import Envelope
from chassis.events.tables import pending

_DUE = (
    select(pending.c.n, pending.c.body, pending.c.attempts)
    .where(pending.c.due_at <= bindparam("now"))
    .order_by(pending.c.due_at, pending.c.n)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(pending.c.due_at))


def put_aside(database: Database, delivery: Delivery, delay: timedelta, clock: Clock) -> None:
    """Have the event come from the table after the delay, with one attempt more. It must be one that can be read."""
    name, due = Envelope.from_json(delivery.body).id, clock.now() + delay
    values = {"event_id": name, "body": delivery.body, "attempts": delivery.attempts + 1, "due_at": due}
    with database.write() as tx:
        insert_if_new(tx, pending, values, ["event_id"])


class PendingMailbox:
    """Keeps chassis.bus.Mailbox. `clock` is the machine's, so that a business clock that stands stalls no retry."""

    def __init__(self, database: Database, clock: Clock, delays: Sequence[timedelta] = RETRY_DELAYS) -> None:
        self._database = database
        self._clock = clock
        self._delays = delays
        self._arrived = Event()

    def take(self, most: int, patience: float) -> list[Delivery]:
        self._arrived.clear()  # before looking: what arrives after the look sets it again
        found = self._due(most)
        if not found and patience > 0:
            self._arrived.wait(self._until_next(patience))
            found = self._due(most)
        return found

    def settle(self, tx: Transaction, deliveries: Sequence[Delivery]) -> None:
        tx.execute(delete(pending).where(pending.c.n.in_([delivery.tag for delivery in deliveries])))

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Nothing to do: `settle` did it."""

    def postpone(self, delivery: Delivery) -> bool:
        if delivery.attempts >= len(self._delays):
            return False
        due = self._clock.now() + self._delays[delivery.attempts]
        later = update(pending).where(pending.c.n == delivery.tag)
        with self._database.write() as tx:
            tx.execute(later.values(attempts=delivery.attempts + 1, due_at=due))
        return True

    def rest(self, seconds: float) -> None:
        self._arrived.clear()
        self._arrived.wait(seconds)

    def wake(self) -> None:
        self._arrived.set()

    def close(self) -> None:
        """Nothing is held: what was not settled is still in the table."""

    def _due(self, most: int) -> list[Delivery]:
        with self._database.read() as tx:
            rows = tx.execute(_DUE, {"now": self._clock.now(), "most": most}).all()
        return [Delivery(row.body, row.attempts, row.n) for row in rows]

    def _until_next(self, patience: float) -> float:
        with self._database.read() as tx:
            due = tx.execute(_NEXT).scalar()
        if due is None:
            return patience
        left: float = (due - self._clock.now()).total_seconds()
        return min(patience, max(0.0, left))
