"""What works behind a service's web, with an address of its own for health and metrics."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from socketserver import TCPServer
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from chassis.bus import EventBus
from chassis.bus.rabbitmq import RabbitBus
from chassis.database import Database
from chassis.runtime import Worker
from chassis.service import Service
from chassis.settings import BUS_URL, DATABASE_POOL_SIZE, DATABASE_URL, LISTEN, Setting, Values
from chassis.web import Check, create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SETTINGS: tuple[Setting[Any], ...] = (DATABASE_URL, DATABASE_POOL_SIZE, BUS_URL, LISTEN)


def work(service: Service, values: Values) -> None:
    """Relay, consume and do jobs until SIGTERM or SIGINT; what is at hand is finished first."""
    ended = Event()
    _end_on_signal(ended)
    database = Database(values[DATABASE_URL], service.name, pool_size=values[DATABASE_POOL_SIZE])
    bus = RabbitBus(values[BUS_URL])
    worker = Worker(service, database, bus)
    with _answering(health_of(service, database, bus, worker), values[LISTEN]):
        worker.start()
        while not ended.wait(1):
            pass  # a signal in the instant before a wait begins is noticed when that wait ends
        worker.stop()
    bus.close()
    database.close()


def health_of(service: Service, database: Database, bus: EventBus, worker: Worker) -> "WSGIApplication":
    """`/health/…` and `/metrics` of a worker: its threads, the bus, and how much waits."""
    checks = (
        Check("threads", lambda: _stopped(worker)),
        Check("bus", bus.trouble, tells=bus.describe),
        Check("events", lambda: None, tells=lambda: _backlog(worker)),
    )
    silent = replace(service, blueprints=())
    return create_app(silent, database, lambda _request: None, checks=checks)


def _stopped(worker: Worker) -> str | None:
    return f"stopped: {', '.join(worker.stopped())}" if worker.stopped() else None


def _backlog(worker: Worker) -> str:
    return ", ".join(f"{what} {value:g}" for what, value in asdict(worker.backlog()).items())


@contextmanager
def _answering(application: "WSGIApplication", listen: str) -> Iterator[None]:
    host, _, port = listen.rpartition(":")
    server = make_server(host, int(port), application, _Server, _Silent)
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(WSGIServer):
    request_queue_size = 16

    def server_bind(self) -> None:
        """Without asking the name service who we are: it may be slow, and nobody needs the answer."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.socket.getsockname()[:2]
        self.setup_environ()


class _Silent(WSGIRequestHandler):
    timeout = 5  # one asks at a time: who says nothing must not keep the others waiting

    def log_message(self, format: str, *arguments: Any) -> None:
        """The application logs its requests itself."""


def _end_on_signal(ended: Event) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
