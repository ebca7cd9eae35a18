"""Answering requests: gunicorn with threads. Connections and threads are made after the fork, in each process anew."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from prometheus_client.multiprocess import mark_process_dead

from chassis.memory import return_large_blocks
from chassis.metrics import Metrics
from chassis.service import Service
from chassis.settings import (
    BODY_LIMIT,
    DATABASE_POOL_SIZE,
    DATABASE_URL,
    IDENTITY_PUBLIC_KEY,
    LISTEN,
    WEB_PROCESSES,
    WEB_THREADS,
    Setting,
    Values,
)
from chassis.web import IdentityVerifier, bearer, create_app, open_database

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SERVING: tuple[Setting[Any], ...] = (LISTEN, WEB_PROCESSES, WEB_THREADS)
OF_A_SERVICE: tuple[Setting[Any], ...] = (DATABASE_URL, DATABASE_POOL_SIZE, IDENTITY_PUBLIC_KEY, BODY_LIMIT, *SERVING)

_PATIENCE = 20  # seconds for the requests at hand when it ends
_KEPT = 75  # seconds a silent connection is kept: longer than those in front keep theirs, so that they close first
_READ_OUT, _PIECE = 16 * 1024 * 1024, 64 * 1024  # bytes of a refused body


def application(service: Service, values: Values) -> "WSGIApplication":
    """A service's web application on its own database."""
    database = open_database(values[DATABASE_URL], service.name, values[DATABASE_POOL_SIZE])
    verifier = IdentityVerifier(values[IDENTITY_PUBLIC_KEY])
    return create_app(service, database, bearer(verifier), body_limit=values[BODY_LIMIT])


def serve(make: Callable[[], "WSGIApplication"], values: Values) -> None:
    """Answer at LISTEN until SIGTERM. `make` runs once, before the fork, so that the processes share its memory."""
    return_large_blocks()
    Metrics.begin_together()
    _Gunicorn(make, _options(values)).run()


def _options(values: Values) -> Mapping[str, Any]:
    return {
        "bind": values[LISTEN],
        "workers": values[WEB_PROCESSES],
        "threads": values[WEB_THREADS],
        "worker_class": "gthread",
        "preload_app": True,
        "control_socket_disable": True,
        "worker_tmp_dir": "/dev/shm",  # noqa: S108 - a heartbeat file: on a disk that stalls it would kill the worker
        "graceful_timeout": _PATIENCE,
        "keepalive": _KEPT,
        "loglevel": "warning",
        "child_exit": lambda _server, worker: mark_process_dead(worker.pid),  # type: ignore[no-untyped-call]
    }


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """gunicorn, told by us alone: neither its command line nor its environment variable is read."""

    def __init__(self, make: Callable[[], "WSGIApplication"], options: Mapping[str, Any]) -> None:
        self._make = make
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        return ReadingOut(self._make())


class ReadingOut:
    """An application whose requests are read to their end, also when it refuses them by their headers alone.

    gunicorn closes a connection on which more than 64 KB were left unread, and whoever stands in front then sees it
    broken instead of the refusal.
    """

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = self._application(environ, start_response)
        left = _READ_OUT
        while left > 0 and (piece := environ["wsgi.input"].read(min(left, _PIECE))):
            left -= len(piece)
        return answer
