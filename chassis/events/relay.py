"""Carries what stands in the outbox to the bus, and marks it when it is durable there.

Rows are chosen by "not yet published", never by "id greater than": transactions commit in another order than they
began. Two relays started by mistake do no harm: positions are given under a lock, and readers know each event's id.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, func, select, text, update

from chassis.bus import EventBus, Message
from chassis.clock import Clock, SystemClock
from chassis.database import Database, Transaction
from chassis.database.statements import insert_if_new
from chassis.events.tables import outbox, relay_lease
from chassis.ids import TimeOrderedIds

_LOCK = 0x0A7B0C5  # any number: the lock is this database's own
_TAKE_LOCK = select(func.pg_try_advisory_xact_lock(_LOCK))
_LEASE = timedelta(seconds=2)  # after a crash the next relay waits so long at most
_WAITING = (
    select(outbox.c.n, outbox.c.id, outbox.c.type, outbox.c.body)
    .where(outbox.c.position.is_(None), outbox.c.n > bindparam("after"))
    .order_by(outbox.c.n)
    .limit(bindparam("most"))
)
_MARK = {  # :rows is a JSON array of `n`; those that nobody has marked get the next positions, in its order
    "sqlite": text(
        "UPDATE outbox SET position = (SELECT coalesce(max(position), 0) + 1 FROM outbox) + fresh.at FROM ("
        " SELECT marked.value AS n, row_number() OVER (ORDER BY marked.key) - 1 AS at"
        " FROM json_each(:rows) AS marked CROSS JOIN outbox AS here ON here.n = marked.value"
        " WHERE +here.position IS NULL"  # the plus: by key, not over all that waits
        ") AS fresh WHERE outbox.n = fresh.n"
    ),
    "postgresql": text(
        "UPDATE outbox SET position = (SELECT coalesce(max(position), 0) FROM outbox) + marked.at"
        " FROM jsonb_array_elements(CAST(:rows AS jsonb)) WITH ORDINALITY AS marked(n, at)"
        " WHERE outbox.n = CAST(marked.n AS bigint) AND outbox.position IS NULL"
    ),
}

Rows = Sequence[Row[Any]]


@dataclass(frozen=True)
class Swept:
    """What one sweep did: how many events it published, and how many nobody took yet."""

    published: int = 0
    left: int = 0


class Relay(ABC):
    """Publishes one service's outbox. It belongs to one thread."""

    def __init__(self, database: Database, bus: EventBus, page: int = 500) -> None:
        self._database = database
        self._bus = bus
        self._page = page

    def sweep(self) -> Swept:
        """Publish everything that waits, once, oldest first; raises BusDown when the bus takes nothing.

        An event that nobody takes does not hold up those after it: it is offered again with the next sweep.
        """
        swept, after = Swept(), 0
        while True:
            rows, durable = self._carry(after)
            swept = Swept(swept.published + len(durable), swept.left + len(rows) - len(durable))
            if len(rows) < self._page:  # what was recorded meanwhile has rung for the next sweep
                return swept
            after = rows[-1].n

    @abstractmethod
    def _carry(self, after: int) -> tuple[Rows, Rows]:
        """One page: the rows that waited, and those of them that were made durable and marked."""

    def _waiting(self, tx: Transaction, after: int) -> Rows:
        return tx.execute(_WAITING, {"after": after, "most": self._page}).all()

    def _publish(self, rows: Rows) -> Rows:
        ids = self._bus.publish([Message(row.id, row.type, row.body) for row in rows])
        return [row for row in rows if row.id in ids]


class PostgresRelay(Relay):
    """One transaction holds the lock, publishes and marks; a relay that finds the lock held leaves the work to it."""

    def _carry(self, after: int) -> tuple[Rows, Rows]:
        with self._database.write() as tx:
            if not tx.execute(_TAKE_LOCK).scalar():
                return [], []
            rows = self._waiting(tx, after)
            durable = self._publish(rows) if rows else []
            if durable:
                _mark(tx, durable)
            return rows, durable


class SqliteRelay(Relay):
    """A lease instead of a lock: nothing may be held in this file for writing while the bus writes into others."""

    def __init__(self, database: Database, bus: EventBus, clock: Clock | None = None, page: int = 500) -> None:
        super().__init__(database, bus, page)
        self._clock = clock or SystemClock()
        self._holder = TimeOrderedIds().new()
        self._until: datetime | None = None

    def _carry(self, after: int) -> tuple[Rows, Rows]:
        with self._database.read() as tx:
            rows = self._waiting(tx, after)
        if not rows or not self._hold_lease():
            return [], []
        durable = self._publish(rows)
        if durable:
            with self._database.write() as tx:
                _mark(tx, durable)
        return rows, durable

    def _hold_lease(self) -> bool:
        """The lease is renewed when half of it is over, so that a busy relay commits once per page and not twice."""
        if self._until and self._clock.now() < self._until - _LEASE / 2:
            return True
        with self._database.write() as tx:
            now = self._clock.now()
            lease: dict[str, Any] = {"id": 1, "holder": self._holder, "until": now + _LEASE}
            held = insert_if_new(tx, relay_lease, lease, ["id"]) or self._take_over(tx, now, lease)
        self._until = lease["until"] if held else None
        return held

    def _take_over(self, tx: Transaction, now: datetime, lease: dict[str, Any]) -> bool:
        """A lease that ends later than one begun now was given before the machine's clock was set back: it is over."""
        over = (relay_lease.c.until <= now) | (relay_lease.c.until > lease["until"])
        free = (relay_lease.c.holder == self._holder) | over
        return tx.execute(update(relay_lease).where(free).values(lease)).rowcount == 1


def _mark(tx: Transaction, durable: Rows) -> None:
    """A row that another relay marked meanwhile keeps its position. With PostgreSQL's lock there is no such row."""
    tx.execute_later(_MARK[tx.connection.dialect.name], {"rows": json.dumps([row.n for row in durable])})


def relay_of(database: Database, bus: EventBus, clock: Clock | None = None) -> Relay:
    """The relay that fits the database."""
    if database.is_sqlite:
        return SqliteRelay(database, bus, clock)
    return PostgresRelay(database, bus)
