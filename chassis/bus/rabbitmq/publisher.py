"""The publishing end: one SelectConnection with a window of unconfirmed messages."""

from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from threading import Event, Thread
from typing import Any

import pika

from chassis.bus import BusDown, Message
from chassis.bus.rabbitmq.connection import DURABLE, Line, hang_up, reaching, version_of
from chassis.bus.rabbitmq.topology import EXCHANGE

_WINDOW = 500  # unconfirmed at once: waiting for each confirm is thirteen times slower
_GOODBYE = 1.0  # seconds


class _Batch:
    """Messages on their way to the broker; only the connection's thread changes it."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.to_send = deque(messages)
        self.unconfirmed: dict[int, str] = {}  # by delivery tag, which rises
        self.returned: set[str] = set()
        self.durable: set[str] = set()
        self.finished = Event()

    def confirm(self, tag: int, multiple: bool, acked: bool) -> None:
        """A message that no queue took was returned just before it is acked: that ack means nothing."""
        tags = list(takewhile(lambda known: known <= tag, self.unconfirmed)) if multiple else [tag]
        ids = {self.unconfirmed.pop(known) for known in tags if known in self.unconfirmed}
        if acked:
            self.durable |= ids - self.returned

    def give_up(self) -> None:
        """Send nothing more and wait for nothing more."""
        self.to_send.clear()
        self.finished.set()


class Publisher:
    """One SelectConnection with its thread; when it is lost, make a new one. Raises BusDown.

    A broker that is out of memory or disk blocks who publishes: then nothing is sent, and BusDown comes at once, until
    the broker says that it takes messages again. The connection stays as it is meanwhile.
    """

    def __init__(self, line: Line) -> None:
        self.blocked = False
        self._patience = line.patience
        self._ready = Event()
        self._batch = _Batch(())
        self._channel: Any = None
        with reaching():
            self._connection = pika.SelectConnection(
                line.parameters(), self._on_open, lambda _connection, _error: self._end(), lambda *_: self._end()
            )
        self._connection.add_on_connection_blocked_callback(lambda *_: self._on_blocked())
        self._connection.add_on_connection_unblocked_callback(lambda *_: self._on_unblocked())
        self._thread = Thread(target=self._run, name="rabbitmq-publisher", daemon=True)
        self._thread.start()
        if not self._ready.wait(self._patience) or not self.is_alive:
            self.close()
            raise BusDown("RabbitMQ cannot be reached")
        self.version = version_of(self._connection.server_properties)

    @property
    def is_alive(self) -> bool:
        return self._channel is not None and bool(self._channel.is_open)

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        batch = _Batch(messages)
        self._on_thread(lambda: self._begin(batch))
        self._wait_for(batch)
        if messages and not batch.durable and not batch.returned:
            raise BusDown("RabbitMQ is blocked" if self.blocked else "RabbitMQ confirmed nothing")
        return frozenset(batch.durable)

    def close(self) -> None:
        """Say goodbye, or hang up on a broker that does not answer to it."""
        self._on_thread(self._close)
        self._thread.join(_GOODBYE)
        self._on_thread(lambda: hang_up(self._connection))
        self._thread.join(_GOODBYE)

    def _wait_for(self, batch: _Batch) -> None:
        """As long as it takes, while confirms keep coming."""
        known = 0
        while not batch.finished.wait(self._patience):
            if len(batch.durable) == known:
                self.close()
                return
            known = len(batch.durable)

    def _close(self) -> None:
        if self._connection.is_open:
            self._connection.close()
        elif not self._connection.is_closing:
            hang_up(self._connection)

    def _on_thread(self, do: Any) -> None:
        self._connection.ioloop.add_callback_threadsafe(do)

    def _run(self) -> None:
        try:
            self._connection.ioloop.start()
        finally:
            self._end()
            self._connection.ioloop.close()

    def _end(self) -> None:
        self._channel = None
        self.blocked = False
        self._batch.give_up()
        self._ready.set()
        self._connection.ioloop.stop()

    def _on_open(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        channel.add_on_close_callback(lambda *_: self._close())
        channel.add_on_return_callback(lambda _channel, _method, of, _body: self._batch.returned.add(of.message_id))
        channel.confirm_delivery(self._on_confirm, lambda _frame: self._ready.set())
        self._channel = channel
        self._sent = 0

    def _on_blocked(self) -> None:
        self.blocked = True
        self._batch.give_up()

    def _on_unblocked(self) -> None:
        self.blocked = False

    def _begin(self, batch: _Batch) -> None:
        self._batch = batch
        if self.is_alive and not self.blocked:
            self._send()
        else:
            batch.give_up()

    def _send(self) -> None:
        batch = self._batch
        while batch.to_send and len(batch.unconfirmed) < _WINDOW:
            message = batch.to_send.popleft()
            self._sent += 1
            batch.unconfirmed[self._sent] = message.id
            self._channel.basic_publish(EXCHANGE, message.type, message.body.encode(), _traits(message), mandatory=True)
        if not batch.unconfirmed:
            batch.finished.set()

    def _on_confirm(self, frame: Any) -> None:
        confirmed = frame.method
        self._batch.confirm(confirmed.delivery_tag, confirmed.multiple, isinstance(confirmed, pika.spec.Basic.Ack))
        self._send()


def _traits(message: Message) -> pika.BasicProperties:
    return pika.BasicProperties(
        content_type="application/cloudevents+json", message_id=message.id, delivery_mode=DURABLE
    )
