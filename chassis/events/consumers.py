"""Which facts arrive at a service, and what each triggers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from chassis.database.transaction import Transaction
from chassis.events.envelope import BrokenEvent, Envelope
from chassis.events.shapes import from_data

D = TypeVar("D")


@dataclass(frozen=True)
class Received(Generic[D]):
    """A fact as one consumer reads it: `data` holds the fields that the consumer declared and no others."""

    id: str
    source: str
    type: str
    subject: str
    sequence: int
    time: datetime
    branch: str | None
    data: D


Handler = Callable[[Transaction, Received[Any]], None]


class Consumers:
    """The handlers of one service, by event type.

    consumers = Consumers()

    @consumers.on("reception.completed.v1", CompletedReception)
    def write_the_record(tx: Transaction, event: Received[CompletedReception]) -> None: ...
    """

    def __init__(self) -> None:
        self._handlers: dict[str, tuple[type[Any], Handler]] = {}
        self._followed_by: tuple[Consumers, ...] = ()
        self._every: Callable[[Transaction, Envelope], None] | None = None

    def on(
        self, event_type: str, shape: type[D]
    ) -> Callable[[Callable[[Transaction, Received[D]], None]], Callable[[Transaction, Received[D]], None]]:
        """Handle events of one type; `shape` is a frozen dataclass of the fields that are used."""

        def register(
            handler: Callable[[Transaction, Received[D]], None],
        ) -> Callable[[Transaction, Received[D]], None]:
            if event_type in self._handlers:
                raise ValueError(f"{event_type} has a handler already")
            self._handlers[event_type] = (shape, handler)
            return handler

        return register

    def on_every(self, handler: Callable[[Transaction, Envelope], None]) -> Callable[[Transaction, Envelope], None]:
        """Handle every event of every service, as it is: for the event log alone."""
        self._every = handler
        return handler

    def followed_by(self, others: "Consumers") -> "Consumers":
        """These and the others: what both handle is handled by these first."""
        both = Consumers()
        both._handlers, both._every = self._handlers, self._every
        both._followed_by = (*self._followed_by, others)
        return both

    @property
    def types(self) -> tuple[str, ...]:
        """The event types to subscribe to; `("#",)` for all."""
        own = set(self._handlers).union(*(others.types for others in self._followed_by))
        return ("#",) if self._every else tuple(sorted(own))

    @property
    def shapes(self) -> dict[str, type[Any]]:
        """What each handler of its own reads, for contract tests."""
        return {event_type: shape for event_type, (shape, _handler) in self._handlers.items()}

    def arranged(self, envelopes: Sequence[Envelope]) -> Sequence[Envelope]:
        """The order in which a batch is handled: by subject and sequence; for who handles every event, as they came.

        Workers that share a queue then lock the rows of their subjects in one order: they wait for each other, where
        otherwise one of two batches would end in a deadlock.
        """
        if self._every:
            return envelopes
        return sorted(envelopes, key=lambda envelope: (envelope.source, envelope.subject, envelope.sequence))

    def handle(self, tx: Transaction, envelope: Envelope) -> None:
        """Run the handler of this event; raises BrokenEvent for what cannot be read."""
        if self._every:
            self._every(tx, envelope)
            return
        handlers = [part._handlers[envelope.type] for part in self._parts if envelope.type in part._handlers]
        if not handlers:
            raise BrokenEvent(f"no handler for {envelope.type}")
        for shape, handler in handlers:
            data = from_data(envelope.data, shape)
            e = envelope
            handler(tx, Received(e.id, e.source, e.type, e.subject, e.sequence, e.time, e.branch, data))

    @property
    def _parts(self) -> "tuple[Consumers, ...]":
        return (self, *self._followed_by)
