"""Handles what arrives: many events in one transaction, one by one when that fails, and each of them once.

What one event causes and its id in the inbox are committed together; only then the bus is told. An event that fails
comes again after a delay, some times; then, or at once when it cannot be read, it is parked and blocks no other. When
the database does not answer, consuming pauses, and that counts as nobody's attempt.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from chassis.bus import BusDown, Delivery, Mailbox
from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.events import dead_letters, failures, inbox
from chassis.events.consumers import Consumers
from chassis.events.envelope import BrokenEvent, Envelope
from chassis.metrics import Metrics

_log = structlog.get_logger()


class DatabaseAway(Exception):
    """The database does not answer; what was taken is kept, and nothing was counted against it."""


@dataclass(frozen=True)
class _Read:
    """A delivery whose event can be read."""

    delivery: Delivery
    envelope: Envelope


class Consuming:
    """One service's consumer of one mailbox. It belongs to one thread."""

    def __init__(
        self, consumers: Consumers, database: Database, mailbox: Mailbox, clock: Clock | None = None, most: int = 200
    ) -> None:
        self._consumers = consumers
        self._database = database
        self._mailbox = mailbox
        self._clock = clock or SystemClock()
        self._most = most
        self._kept: list[Delivery] = []

    def step(self, patience: float) -> int:
        """Handle what is there, and answer how many events that was; wait up to `patience` seconds for the first.

        Raises DatabaseAway, and then keeps what it took: rest, and call `step` again. Raises BusDown, and then has
        nothing: what it took comes again by itself.
        """
        with self._letting_go():
            if not self._kept:
                self._kept = self._mailbox.take(self._most, patience)
            taken = len(self._kept)
            if taken and not self._together():
                self._one_by_one()
            self._kept = []
        return taken

    def rest(self, seconds: float) -> None:
        """Wait without losing what was taken; raises BusDown."""
        with self._letting_go():
            self._mailbox.rest(seconds)

    @contextmanager
    def _letting_go(self) -> Iterator[None]:
        try:
            yield
        except BusDown:
            self._kept = []
            raise

    def _together(self) -> bool:
        """All in one transaction; False, with nothing done, when one of them fails."""
        try:
            reads = [_read(delivery) for delivery in self._kept]
            handled = self._commit(reads)
        except Exception as error:
            self._pause_if_away(error)
            return False
        self._mailbox.acknowledge(self._kept)
        self._count("handled", handled)
        self._count("repeated", len(self._kept) - handled)
        return True

    def _one_by_one(self) -> None:
        while self._kept:
            delivery = self._kept[0]
            self._alone(delivery)
            del self._kept[0]

    def _alone(self, delivery: Delivery) -> None:
        try:
            handled = self._commit([_read(delivery)])
        except Exception as error:
            self._pause_if_away(error)
            self._fail(delivery, error)
        else:
            self._mailbox.acknowledge([delivery])
            self._count("handled" if handled else "repeated", 1)

    def _commit(self, reads: Sequence[_Read]) -> int:
        with self._database.write() as tx:
            new = inbox.enter(tx, [read.envelope for read in reads], self._clock.now())
            for envelope in self._consumers.arranged(new):
                tx.traceparent = envelope.traceparent
                self._consumers.handle(tx, envelope)
            self._mailbox.settle(tx, [read.delivery for read in reads])
        return len(new)

    def _fail(self, delivery: Delivery, error: Exception) -> None:
        text = failures.describe(error)
        _log.warning("event.failed", service=self._database.service, error=text, attempts=delivery.attempts + 1)
        if not isinstance(error, BrokenEvent) and self._asking(lambda: self._mailbox.postpone(delivery)):
            self._count("postponed", 1)
            return
        self._asking(lambda: self._park(delivery, text))
        self._mailbox.acknowledge([delivery])
        self._count("parked", 1)

    def _park(self, delivery: Delivery, error: str) -> bool:
        with self._database.write() as tx:
            dead_letters.park(tx, delivery.body, error, delivery.attempts + 1)
            self._mailbox.settle(tx, [delivery])
        return True

    def _asking(self, do: Callable[[], bool]) -> bool:
        try:
            return do()
        except Exception as error:
            self._pause_if_away(error)
            raise

    def _pause_if_away(self, error: Exception) -> None:
        if failures.is_the_databases(error):
            raise DatabaseAway(failures.describe(error)) from error

    def _count(self, outcome: str, events: int) -> None:
        Metrics.of_process().received(self._database.service, outcome, events)


def _read(delivery: Delivery) -> _Read:
    return _Read(delivery, Envelope.from_json(delivery.body))
