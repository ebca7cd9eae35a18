"""The bus over RabbitMQ: one topic exchange, one quorum queue per service, one retry queue per service and delay.

The topology is declared in a step of its own before traffic. One thread owns each connection. Who gets BusDown rests a
while and asks again: asking is what connects.
"""

from collections.abc import Sequence
from datetime import timedelta
from threading import Lock

from chassis.bus import RETRY_DELAYS, BusDown, Message
from chassis.bus.rabbitmq.connection import Line
from chassis.bus.rabbitmq.mailbox import RabbitMailbox
from chassis.bus.rabbitmq.publisher import Publisher
from chassis.bus.rabbitmq.topology import EXCHANGE, declare_topology
from chassis.database import Database

__all__ = ("EXCHANGE", "RabbitBus", "declare_topology")


class RabbitBus:
    """Keeps chassis.bus.EventBus over a broker whose topology is declared. Nothing connects before the first use.

    A broker that answers nothing for `patience` seconds is given up and connected to anew. One that is gone without a
    word is found by the heartbeat, within `heartbeat` seconds and five.
    """

    def __init__(
        self,
        url: str,
        delays: Sequence[timedelta] = RETRY_DELAYS,
        *,
        patience: float = 5.0,
        heartbeat: int = 20,
    ) -> None:
        self._line = Line(url, patience, heartbeat)
        self._delays = delays
        self._lock = Lock()
        self._publisher: Publisher | None = None
        self._mailboxes: list[RabbitMailbox] = []
        self._description = "RabbitMQ, not reached yet"
        self._away = False

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        with self._lock:
            try:
                durable = self._connected().publish(messages)
            except BusDown:
                self._away = not self._is_blocked
                raise
            self._away = False
            return durable

    def subscribe(self, service: str, types: Sequence[str], database: Database) -> RabbitMailbox:
        """The queue and its bindings are declare_topology's: here nothing is declared."""
        mailbox = RabbitMailbox(self._line, service, self._delays, database)
        self._mailboxes.append(mailbox)
        return mailbox

    def describe(self) -> str:
        return self._description

    def trouble(self) -> str | None:
        if self._is_blocked:
            return "broker_blocked"
        return "broker_away" if self._away or any(mailbox.away for mailbox in self._mailboxes) else None

    def close(self) -> None:
        with self._lock:
            if self._publisher:
                self._publisher.close()
            self._publisher = None

    @property
    def _is_blocked(self) -> bool:
        return self._publisher is not None and self._publisher.blocked

    def _connected(self) -> Publisher:
        if self._publisher is None or not self._publisher.is_alive:
            self._publisher = Publisher(self._line)
            self._description = f"RabbitMQ {self._publisher.version}"
        return self._publisher
