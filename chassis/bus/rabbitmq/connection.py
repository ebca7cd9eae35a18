"""What all connections to RabbitMQ have in common."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pika
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import AMQPError, AMQPHeartbeatTimeout

from chassis.bus import BusDown

DURABLE = pika.DeliveryMode.Persistent


@dataclass(frozen=True)
class Line:
    """Where the broker is, and how long it may be silent: `patience` when it owes an answer, `heartbeat` always."""

    url: str
    patience: float = 5.0
    heartbeat: int = 20

    def parameters(self) -> pika.URLParameters:
        parameters = pika.URLParameters(self.url)
        parameters.heartbeat = self.heartbeat
        parameters.socket_timeout = self.patience
        parameters.stack_timeout = self.patience
        return parameters


@contextmanager
def reaching() -> Iterator[None]:
    """What goes wrong with the connection is BusDown; pika has an error of another family for a silent handshake."""
    try:
        yield
    except (AMQPError, AMQPConnectorException, OSError) as error:
        raise BusDown(f"RabbitMQ: {type(error).__name__} {error}".strip()) from error


@contextmanager
def within(connection: pika.BlockingConnection, seconds: float) -> Iterator[None]:
    """Break the connection when the block takes longer: pika itself would wait for the heartbeat."""
    timer = connection._impl.ioloop.call_later(seconds, lambda: hang_up(connection._impl))
    try:
        yield
    finally:
        connection._impl.ioloop.remove_timeout(timer)


def hang_up(connection: Any) -> None:
    """End a connection, without a goodbye, in its own thread: the broker does not listen."""
    if not connection.is_closed:
        connection._terminate_stream(AMQPHeartbeatTimeout("no answer in time"))


def version_of(server_properties: Mapping[str, Any] | None) -> str:
    """The version that the broker gives itself."""
    version = (server_properties or {}).get("version", "0")
    return version.decode() if isinstance(version, bytes) else str(version)
