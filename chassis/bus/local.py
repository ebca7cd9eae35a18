"""The bus within one process: publishing is a commit into each subscriber's own `pending` table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import structlog
from sqlalchemy.dialects import postgresql, sqlite

from chassis.bus import RETRY_DELAYS, BusDown, Message
from chassis.bus.pending import PendingMailbox
from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.events.tables import pending

_log = structlog.get_logger()
_INSERT_IF_NEW = {
    "sqlite": sqlite.insert(pending).on_conflict_do_nothing(index_elements=["event_id"]),
    "postgresql": postgresql.insert(pending).on_conflict_do_nothing(index_elements=["event_id"]),
}


@dataclass(frozen=True)
class _Subscriber:
    database: Database
    types: frozenset[str]
    mailbox: PendingMailbox

    def wants(self, message: Message) -> bool:
        return message.type in self.types or "#" in self.types


class LocalBus:
    """Keeps chassis.bus.EventBus for services that share one process.

    Each subscriber's file is written in a transaction of its own while no other file is held for writing: crosswise
    writes would dead-lock for the whole busy timeout. Subscribe every service before the first is started: what is
    published earlier does not reach a later subscriber.
    """

    def __init__(self, clock: Clock | None = None, delays: Sequence[timedelta] = RETRY_DELAYS) -> None:
        self._clock = clock or SystemClock()
        self._delays = delays
        self._lock = Lock()
        self._subscribers: dict[str, _Subscriber] = {}
        self._unreachable: set[str] = set()

    def subscribe(self, service: str, types: Sequence[str], database: Database) -> PendingMailbox:
        mailbox = PendingMailbox(database, self._clock, self._delays)
        with self._lock:
            self._subscribers = {**self._subscribers, service: _Subscriber(database, frozenset(types), mailbox)}
        return mailbox

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        arrived: set[str] = set()
        missed: set[str] = set()
        for name, subscriber in self._subscribers.items():
            wanted = [message for message in messages if subscriber.wants(message)]
            if wanted:
                (arrived if self._deliver(name, subscriber, wanted) else missed).update(m.id for m in wanted)
        if missed and not arrived - missed:
            raise BusDown("no subscriber's database could be written")
        return frozenset(arrived - missed)

    def describe(self) -> str:
        return "in process"

    def trouble(self) -> str | None:
        return "subscriber_away" if self._unreachable else None

    def close(self) -> None:
        """Nothing to let go of: the databases belong to those who handed them in."""

    def _deliver(self, name: str, subscriber: _Subscriber, messages: Sequence[Message]) -> bool:
        """One commit into one file. A subscriber that cannot take its copy now keeps nobody else from theirs."""
        now = self._clock.now()
        try:
            with subscriber.database.write() as tx:
                tx.execute(_INSERT_IF_NEW[tx.connection.dialect.name], [_row(message, now) for message in messages])
        except Exception as error:  # whatever it is, these are not durable there, and the relay must learn just that
            _log.warning("bus.subscriber_unreachable", subscriber=name, error=type(error).__name__)
            self._unreachable.add(name)
            return False
        self._unreachable.discard(name)
        subscriber.mailbox.wake()
        return True


def _row(message: Message, now: datetime) -> dict[str, Any]:
    return {"event_id": message.id, "body": message.body, "attempts": 0, "due_at": now}
