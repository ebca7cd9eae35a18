"""The bus over RabbitMQ: one topic exchange, one quorum queue per service, one retry queue per service and delay.

The topology is declared in a step of its own before traffic: a quorum queue declared just before a crash of
RabbitMQ 3.10 lost confirmed messages. One thread owns each connection. Who gets BusDown rests a while and asks again:
asking is what connects.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import takewhile
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

import pika
from pika.exceptions import AMQPError
from pika.exchange_type import ExchangeType

from chassis.bus import RETRY_DELAYS, BusDown, Delivery, Message
from chassis.database import Database, Transaction

EXCHANGE = "events"
_ATTEMPTS = "x-attempts"
_WINDOW = 500  # unconfirmed at once: waiting for each confirm is thirteen times slower
_PREFETCH = 500
_PATIENCE = 30.0  # seconds for confirms, and for a broker that has blocked us
_DURABLE = pika.DeliveryMode.Persistent


def declare_topology(
    url: str, services: Mapping[str, Sequence[str]], delays: Sequence[timedelta] = RETRY_DELAYS
) -> None:
    """Declare the exchange, each service's queue bound to its types, and its retry queues; again is harmless.

    Raises BusDown when the broker cannot be reached or refuses, as it does when a queue stands there with other traits.
    """
    with _reaching(), pika.BlockingConnection(_parameters(url)) as connection:
        limit = _no_delivery_limit(connection)
        channel = connection.channel()
        channel.exchange_declare(EXCHANGE, ExchangeType.topic, durable=True)
        for service, types in services.items():
            channel.queue_declare(service, durable=True, arguments={"x-queue-type": "quorum"} | limit)
            for event_type in types:
                channel.queue_bind(service, EXCHANGE, event_type)
            for delay in delays:
                channel.queue_declare(_retry_queue(service, delay), durable=True, arguments=_waiting(service, delay))


def _no_delivery_limit(connection: pika.BlockingConnection) -> dict[str, Any]:
    """Since 4.0 a quorum queue drops what came back twenty times; attempts are ours to count. 3.10 refuses -1."""
    version = _version(connection._impl.server_properties)
    return {"x-delivery-limit": -1} if int(version.split(".")[0]) >= 4 else {}


def _waiting(service: str, delay: timedelta) -> dict[str, Any]:
    """A retry queue keeps everything for its delay, then hands it back to the service, losing nothing on the way."""
    return {
        "x-queue-type": "quorum",
        "x-message-ttl": _milliseconds(delay),
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": service,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _retry_queue(service: str, delay: timedelta) -> str:
    return f"{service}.retry.{_milliseconds(delay)}ms"


def _milliseconds(delay: timedelta) -> int:
    return delay // timedelta(milliseconds=1)


def _parameters(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 20
    parameters.blocked_connection_timeout = _PATIENCE
    return parameters


def _version(server_properties: Mapping[str, Any] | None) -> str:
    version = (server_properties or {}).get("version", "0")
    return version.decode() if isinstance(version, bytes) else str(version)


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (AMQPError, OSError) as error:
        raise BusDown(f"RabbitMQ: {type(error).__name__} {error}".strip()) from error


class RabbitBus:
    """Keeps chassis.bus.EventBus over a broker whose topology is declared. Nothing connects before the first use."""

    def __init__(self, url: str, delays: Sequence[timedelta] = RETRY_DELAYS) -> None:
        self._url = url
        self._delays = delays
        self._lock = Lock()
        self._publisher: _Publisher | None = None
        self._description = "RabbitMQ, not reached yet"

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        with self._lock:
            return self._connected().publish(messages)

    def subscribe(self, service: str, types: Sequence[str], database: Database) -> "RabbitMailbox":
        """The queue and its bindings are declare_topology's: here nothing is declared."""
        return RabbitMailbox(self._url, service, self._delays)

    def describe(self) -> str:
        return self._description

    def close(self) -> None:
        with self._lock:
            if self._publisher:
                self._publisher.close()
            self._publisher = None

    def _connected(self) -> "_Publisher":
        if self._publisher is None or not self._publisher.is_alive:
            self._publisher = _Publisher(self._url)
            self._description = f"RabbitMQ {self._publisher.version}"
        return self._publisher


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


class _Publisher:
    """One SelectConnection with its thread; when it is lost, a new one is made. Raises BusDown."""

    def __init__(self, url: str) -> None:
        self._ready = Event()
        self._batch = _Batch(())
        self._channel: Any = None
        with _reaching():
            self._connection = pika.SelectConnection(
                _parameters(url), self._on_open, lambda _connection, _error: self._end(), lambda *_: self._end()
            )
        self._thread = Thread(target=self._run, name="rabbitmq-publisher", daemon=True)
        self._thread.start()
        if not self._ready.wait(_PATIENCE) or not self.is_alive:
            self.close()
            raise BusDown("RabbitMQ cannot be reached")
        self.version = _version(self._connection.server_properties)

    @property
    def is_alive(self) -> bool:
        return self._channel is not None and bool(self._channel.is_open)

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        batch = _Batch(messages)
        self._on_thread(lambda: self._begin(batch))
        if not batch.finished.wait(_PATIENCE):
            self.close()
        if messages and not batch.durable and not batch.returned:
            raise BusDown("RabbitMQ confirmed nothing")
        return frozenset(batch.durable)

    def close(self) -> None:
        self._on_thread(self._close)
        self._thread.join(_PATIENCE)

    def _close(self) -> None:
        if self._connection.is_open:
            self._connection.close()
        elif not self._connection.is_closing:
            self._end()

    def _on_thread(self, do: Any) -> None:
        self._connection.ioloop.add_callback_threadsafe(do)

    def _run(self) -> None:
        try:
            self._connection.ioloop.start()
        finally:
            self._end()

    def _end(self) -> None:
        self._channel = None
        self._batch.finished.set()
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

    def _begin(self, batch: _Batch) -> None:
        self._batch = batch
        if self.is_alive:
            self._send()
        else:
            batch.finished.set()

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
        content_type="application/cloudevents+json", message_id=message.id, delivery_mode=_DURABLE
    )


class RabbitMailbox:
    """Keeps chassis.bus.Mailbox over one service's queue. Its connection is opened by the thread that takes."""

    def __init__(self, url: str, service: str, delays: Sequence[timedelta]) -> None:
        self._url = url
        self._service = service
        self._delays = delays
        self._connection: pika.BlockingConnection | None = None
        self._arrived: deque[Delivery] = deque()
        self._woken = Event()

    def take(self, most: int, patience: float) -> list[Delivery]:
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
            with self._holding():
                self._channel.basic_ack(deliveries[-1].tag, multiple=True)

    def postpone(self, delivery: Delivery) -> bool:
        if delivery.attempts >= len(self._delays):
            return False
        queue = _retry_queue(self._service, self._delays[delivery.attempts])
        traits = pika.BasicProperties(delivery_mode=_DURABLE, headers={_ATTEMPTS: delivery.attempts + 1})
        with self._holding():
            self._retries.basic_publish("", queue, delivery.body.encode(), traits, mandatory=True)
            self._channel.basic_ack(delivery.tag)
        return True

    def rest(self, seconds: float) -> None:
        until = monotonic() + seconds
        self._woken.clear()
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
        self._arrived.clear()
        if connection and connection.is_open:
            with suppress(AMQPError):
                connection.close()

    @contextmanager
    def _holding(self) -> Iterator[pika.BlockingConnection]:
        """The connection, opened if need be; when it fails it is dropped, and the broker brings everything again."""
        try:
            with _reaching():
                yield self._connection or self._open()
        except BusDown:
            self.close()
            raise

    def _open(self) -> pika.BlockingConnection:
        self._connection = connection = pika.BlockingConnection(_parameters(self._url))
        self._retries = connection.channel()
        self._retries.confirm_delivery()
        self._channel = connection.channel()
        self._channel.basic_qos(prefetch_count=_PREFETCH)
        self._channel.basic_consume(self._service, self._on_message)
        return connection

    def _more_came(self, connection: pika.BlockingConnection) -> bool:
        before = len(self._arrived)
        connection.process_data_events(0)
        return len(self._arrived) > before

    def _on_message(self, _channel: Any, method: Any, traits: Any, body: bytes) -> None:
        attempts = (traits.headers or {}).get(_ATTEMPTS, 0)
        text = body.decode(errors="backslashreplace")  # what is no UTF-8 is then no JSON either, and can be read
        self._arrived.append(Delivery(text, attempts if isinstance(attempts, int) else 0, method.delivery_tag))
