"""A mailbox that lies in the reader's own database: the `pending` table.

The local bus delivers into it, and with either bus a dead letter that is to be tried again goes through it. Being done
is noted in the transaction that handled the events, so it costs no commit of its own.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy import bindparam, func, select, text, update

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
_POSTPONE = update(pending).where(pending.c.n == bindparam("tag"))
_SETTLE = {  # :tags is a JSON array of `n`
    "sqlite": text("DELETE FROM pending WHERE n IN (SELECT value FROM json_each(:tags))"),
    "postgresql": text(
        "DELETE FROM pending WHERE n IN"
        " (SELECT CAST(tag AS bigint) FROM jsonb_array_elements_text(CAST(:tags AS jsonb)) AS tag)"
    ),
}


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
        self._seen_all = False  # what has come since the last look has rung then
        self._next_due: datetime | None = None  # of those that wait for their time, as far as is known

    def take(self, most: int, patience: float) -> list[Delivery]:
        found = [] if self._seen_all and patience > 0 else self._look(most)
        if not found and patience > 0:
            self._arrived.wait(self._until_next(patience))
            found = self._look(most)
        return found

    def settle(self, tx: Transaction, deliveries: Sequence[Delivery]) -> None:
        tags = json.dumps([delivery.tag for delivery in deliveries])
        tx.execute(_SETTLE[tx.connection.dialect.name], {"tags": tags})

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Nothing to do: `settle` did it."""

    def postpone(self, delivery: Delivery) -> bool:
        if delivery.attempts >= len(self._delays):
            return False
        due = self._clock.now() + self._delays[delivery.attempts]
        with self._database.write() as tx:
            tx.execute(_POSTPONE, {"tag": delivery.tag, "attempts": delivery.attempts + 1, "due_at": due})
        self._next_due = due if self._next_due is None else min(due, self._next_due)
        return True

    def rest(self, seconds: float) -> None:
        self._seen_all = False
        self._arrived.clear()
        self._arrived.wait(seconds)

    def wake(self) -> None:
        self._arrived.set()

    def close(self) -> None:
        """Nothing is held: what was not settled is still in the table."""

    def _look(self, most: int) -> list[Delivery]:
        self._seen_all = False
        self._arrived.clear()  # before looking: what arrives after the look sets it again
        with self._database.read() as tx:
            rows = tx.execute(_DUE, {"now": self._clock.now(), "most": most}).all()
            if not rows:
                self._next_due = tx.execute(_NEXT).scalar()
        self._seen_all = len(rows) < most
        return [Delivery(row.body, row.attempts, row.n) for row in rows]

    def _until_next(self, patience: float) -> float:
        if self._next_due is None:
            return patience
        return min(patience, max(0.0, (self._next_due - self._clock.now()).total_seconds()))
