"""The receiving end: one service's queue."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

import pika
from pika.exceptions import AMQPError

from chassis.bus import BusDown, Delivery
from chassis.bus.pending import put_aside
from chassis.bus.rabbitmq.connection import DURABLE, Line, reaching, within
from chassis.bus.rabbitmq.topology import retry_queue
from chassis.clock import SystemClock
from chassis.database import Database, Transaction

_ATTEMPTS = "x-attempts"
_PREFETCH = 500
_GOODBYE = 1.0  # seconds


class RabbitMailbox:
    """Keeps chassis.bus.Mailbox over one service's queue. Its connections are opened by the thread that takes.

    Retries are published on a connection of their own: a broker that is full listens to nothing more from who
    publishes, and it gets room only if what it holds is taken and acknowledged. Then a retry waits in the database.
    """

    def __init__(self, line: Line, service: str, delays: Sequence[timedelta], database: Database) -> None:
        self.away = False
        """Whether the broker could not be reached when it was last asked."""
        self._line = line
        self._service = service
        self._delays = delays
        self._database = database
        self._connection: pika.BlockingConnection | None = None
        self._retrying: pika.BlockingConnection | None = None
        self._arrived: deque[Delivery] = deque()
        self._woken = Event()

    def take(self, most: int, patience: float) -> list[Delivery]:
        self._tend_retrying()
        with self._holding() as connection:
            if not self._arrived:
                connection.process_data_events(patience)
            while len(self._arrived) < most and self._more_came(connection):
                pass
        return [self._arrived.popleft() for _ in range(min(most, len(self._arrived)))]

    def settle(self, tx: Transaction, deliveries: Sequence[Delivery]) -> None:
        """Nothing to note: the broker keeps what is done."""

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            with self._holding() as connection, within(connection, self._line.patience):
                self._channel.basic_ack(deliveries[-1].tag, multiple=True)

    def postpone(self, delivery: Delivery) -> bool:
        if delivery.attempts >= len(self._delays):
            return False
        delay = self._delays[delivery.attempts]
        try:
            self._publish_later(delivery, delay)
        except BusDown:
            put_aside(self._database, delivery, delay, SystemClock())
        with self._holding() as connection, within(connection, self._line.patience):
            self._channel.basic_ack(delivery.tag)
        return True

    def rest(self, seconds: float) -> None:
        """Without a connection none is opened: who lost it waits before it comes again."""
        until = monotonic() + seconds
        self._woken.clear()
        if self._connection is None:
            self._woken.wait(seconds)
            return
        with self._holding() as connection:
            while not self._woken.is_set() and (left := until - monotonic()) > 0:
                connection.process_data_events(left)

    def wake(self) -> None:
        self._woken.set()
        connection = self._connection
        if connection:
            with suppress(AMQPError):  # closed meanwhile: then nobody waits on it
                connection.add_callback_threadsafe(lambda: None)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        self.away = False
        self._arrived.clear()
        _let_go(connection)
        self._stop_retrying()

    @contextmanager
    def _holding(self) -> Iterator[pika.BlockingConnection]:
        """The connection, opened if need be; when it fails it is dropped, and the broker brings everything again."""
        try:
            with reaching():
                yield self._connection or self._open()
        except BusDown:
            self.close()
            self.away = True
            raise
        self.away = False

    def _open(self) -> pika.BlockingConnection:
        self._connection = connection = pika.BlockingConnection(self._line.parameters())
        with within(connection, self._line.patience):
            self._channel = connection.channel()
            self._channel.basic_qos(prefetch_count=_PREFETCH)
            self._channel.basic_consume(self._service, self._on_message)
        return connection

    def _publish_later(self, delivery: Delivery, delay: timedelta) -> None:
        """When it returns, the retry queue has confirmed it; raises BusDown."""
        queue = retry_queue(self._service, delay)
        traits = pika.BasicProperties(delivery_mode=DURABLE, headers={_ATTEMPTS: delivery.attempts + 1})
        try:
            with reaching():
                connection = self._retrying or self._open_retrying()
                with within(connection, self._line.patience):
                    self._retries.basic_publish("", queue, delivery.body.encode(), traits, mandatory=True)
        except BusDown:
            self._stop_retrying()
            raise

    def _open_retrying(self) -> pika.BlockingConnection:
        self._retrying = connection = pika.BlockingConnection(self._line.parameters())
        with within(connection, self._line.patience):
            self._retries = connection.channel()
            self._retries.confirm_delivery()
        return connection

    def _tend_retrying(self) -> None:
        """Answer the broker's heartbeat there too."""
        if self._retrying:
            try:
                with reaching():
                    self._retrying.process_data_events(0)
            except BusDown:
                self._stop_retrying()

    def _stop_retrying(self) -> None:
        connection, self._retrying = self._retrying, None
        _let_go(connection)

    def _more_came(self, connection: pika.BlockingConnection) -> bool:
        before = len(self._arrived)
        connection.process_data_events(0)
        return len(self._arrived) > before

    def _on_message(self, _channel: Any, method: Any, traits: Any, body: bytes) -> None:
        attempts = (traits.headers or {}).get(_ATTEMPTS, 0)
        text = body.decode(errors="backslashreplace")  # what is no UTF-8 is then no JSON either, and can be read
        self._arrived.append(Delivery(text, attempts if isinstance(attempts, int) else 0, method.delivery_tag))


def _let_go(connection: pika.BlockingConnection | None) -> None:
    if connection and connection.is_open:
        with suppress(AMQPError), within(connection, _GOODBYE):
            connection.close()
