"""Exchange, queues and bindings: declared in a step of its own, before there is traffic."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pika
from pika.exchange_type import ExchangeType

from chassis.bus import RETRY_DELAYS
from chassis.bus.rabbitmq.connection import Line, reaching, version_of

EXCHANGE = "events"
_QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}


def declare_topology(
    url: str, services: Mapping[str, Sequence[str]], delays: Sequence[timedelta] = RETRY_DELAYS
) -> None:
    """Declare the exchange, each service's queue bound to its types, and its retry queues; again is harmless.

    When it returns, a broker that crashes comes back with all of them. Raises BusDown when the broker cannot be
    reached or refuses, as it does when a queue stands there with other traits.
    """
    with reaching(), pika.BlockingConnection(Line(url).parameters()) as connection:
        limit = _no_delivery_limit(connection)
        channel = connection.channel()
        channel.exchange_declare(EXCHANGE, ExchangeType.topic, durable=True)
        for service, types in services.items():
            channel.queue_declare(service, durable=True, arguments=_QUORUM | limit)
            for event_type in types:
                channel.queue_bind(service, EXCHANGE, event_type)
            for delay in delays:
                channel.queue_declare(retry_queue(service, delay), durable=True, arguments=_waiting(service, delay))
            _seal(channel, f"{service}.seal")


def retry_queue(service: str, delay: timedelta) -> str:
    """Where what failed waits for its next attempt."""
    return f"{service}.retry.{_milliseconds(delay)}ms"


def _seal(channel: Any, name: str) -> None:
    """Declare one queue more and take it away, so that no queue of ours is the newest one.

    RabbitMQ 3.10 holds the name of the newest quorum queue in memory, up to a second, until the next is declared. A
    crash before that leaves the queue dead, with everything it had confirmed.
    """
    channel.queue_delete(name)  # one that a crash left behind would not be new
    channel.queue_declare(name, durable=True, arguments=_QUORUM)
    channel.queue_delete(name)


def _no_delivery_limit(connection: pika.BlockingConnection) -> dict[str, Any]:
    """Since 4.0 a quorum queue drops what came back twenty times; attempts are ours to count. 3.10 refuses -1."""
    version = version_of(connection._impl.server_properties)
    return {"x-delivery-limit": -1} if int(version.split(".")[0]) >= 4 else {}


def _waiting(service: str, delay: timedelta) -> dict[str, Any]:
    """A retry queue keeps everything for its delay, then hands it back to the service, losing nothing on the way."""
    return _QUORUM | {
        "x-message-ttl": _milliseconds(delay),
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": service,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _milliseconds(delay: timedelta) -> int:
    return delay // timedelta(milliseconds=1)
