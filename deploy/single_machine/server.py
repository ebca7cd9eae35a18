"""The HTTP server of the single machine: one process, a pool of threads."""

from typing import TYPE_CHECKING, Any

from cheroot import wsgi

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STREAMS = 240  # live boards: a branch's tablets and phones, each of which keeps a thread
THREADS = STREAMS + 64  # and room for requests beside them; a thread that waits costs 15 KB


class PortInUse(Exception):
    """Something else listens on the port."""


def listening(application: "WSGIApplication", host: str, port: int) -> Any:
    """A server that holds the port already but does not answer until `serve()`; raises PortInUse."""
    server = wsgi.Server((host, port), application, numthreads=THREADS, request_queue_size=256, timeout=60)
    server.shutdown_timeout = 2
    try:
        server.prepare()
    except OSError as error:
        raise PortInUse(f"{host}:{port}") from error
    return server
