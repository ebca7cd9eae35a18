"""How a request travels to a service: one promise, two ways.

`send` answers what the service answered, whatever its status; it raises ServiceDown when the service cannot be reached
and ServiceSlow when it does not answer in time. Whoever receives an answer closes it.
"""

from collections.abc import Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote_to_bytes

from urllib3 import HTTPConnectionPool, Timeout
from urllib3.connectionpool import connection_from_url
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError, TimeoutError
from urllib3.response import BaseHTTPResponse

from chassis.clock import Clock
from chassis.web.tokens import LEEWAY
from gateway.routing.rules import ServiceDown, ServiceSlow

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_PIECE = 64 * 1024
_WHOLE_SECONDS = timedelta(seconds=2)  # a Date has no fractions, and the answer took a moment
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Outgoing:
    """A request to a service. `path` is percent-encoded; `query` is as it was sent, without `?`."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes | IO[bytes] = b""
    length: int = 0
    within: float | None = None  # seconds; None: as long as the transport waits

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice does no more than once."""
        harmless = self.method in _SAFE or "Idempotency-Key" in self.headers
        return harmless and isinstance(self.body, bytes)


@dataclass(frozen=True)
class Answer:
    """A service's answer; `body` may be read once, and has a `close` when it holds a connection."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes]


class Transport(Protocol):
    """The way to one service."""

    def send(self, outgoing: Outgoing) -> Answer:
        """See the module."""
        ...


@dataclass(frozen=True)
class InProcess:
    """Calls the service's application in the caller's thread: time-outs do not apply, as nobody else can end it."""

    service: str
    application: "WSGIApplication"

    def send(self, outgoing: Outgoing) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _failure: Any = None) -> Any:
            started[:] = [int(status[:3]), headers]
            return lambda _piece: None

        # A context of its own, so that what the service notes for its request does not show in the gateway's.
        body = copy_context().run(self.application, _environ(outgoing), start_response)
        if not started:
            raise ServiceDown(self.service)
        return Answer(started[0], started[1], body)


@dataclass(frozen=True)
class OverHttp:
    """Keeps connections to the service's address and asks over them."""

    service: str
    url: str
    connect_within: float = 0.5
    answer_within: float = 30.0
    connections: int = 32
    _pool: HTTPConnectionPool = field(init=False)
    _timeout: Timeout = field(init=False)

    def __post_init__(self) -> None:
        pool = connection_from_url(self.url, maxsize=self.connections, retries=False)
        object.__setattr__(self, "_pool", pool)
        object.__setattr__(self, "_timeout", Timeout(connect=self.connect_within, read=self.answer_within))

    def send(self, outgoing: Outgoing) -> Answer:
        try:
            return _answer(self._ask(outgoing))
        except NewConnectionError as error:
            raise ServiceDown(self.service) from error
        except TimeoutError as error:
            failure = ServiceDown if "connect" in type(error).__name__.lower() else ServiceSlow
            raise failure(self.service) from error
        except HTTPError as error:
            raise ServiceDown(self.service) from error

    def _ask(self, outgoing: Outgoing) -> BaseHTTPResponse:
        try:
            return self._once(outgoing)
        except ProtocolError:
            # The service closed a kept connection in the moment it was used again.
            if not outgoing.repeatable:
                raise
            return self._once(outgoing)

    def _patience(self, within: float | None) -> Timeout:
        if within is None:
            return self._timeout
        return Timeout(connect=min(self.connect_within, within), read=within)

    def _once(self, outgoing: Outgoing) -> BaseHTTPResponse:
        target = f"{outgoing.path}?{outgoing.query}" if outgoing.query else outgoing.path
        return self._pool.urlopen(
            outgoing.method,
            target,
            body=outgoing.body or None,
            headers=_with_length(outgoing),
            redirect=False,
            preload_content=False,
            decode_content=False,
            timeout=self._patience(outgoing.within),
        )


def well(transport: Transport, clock: Clock) -> str | None:
    """None when the service is ready and its clock is not far from ours, else the code of the reason why not."""
    asked = Outgoing("GET", "/health/ready", "", {"Accept": "application/json"}, within=1.0)
    try:
        answer = transport.send(asked)
        b"".join(answer.body)  # read to the end, so that the connection is free again
    except ServiceDown:
        return "service_down"
    except ServiceSlow:
        return "service_slow"
    if answer.status != 200:
        return "service_unready"
    return "clocks_apart" if abs(_age(answer, clock)) > LEEWAY + _WHOLE_SECONDS else None


def _age(answer: Answer, clock: Clock) -> timedelta:
    """How long ago it was answered by the service's own clock (RFC 9110 §6.6.1); within one process it says nothing."""
    dates = [parsedate_to_datetime(value) for name, value in answer.headers if name.lower() == "date"]
    return clock.now() - dates[0] if dates else timedelta()


def _with_length(outgoing: Outgoing) -> dict[str, str]:
    return outgoing.headers | {"Content-Length": str(outgoing.length)} if outgoing.length else outgoing.headers


def _answer(response: BaseHTTPResponse) -> Answer:
    length = response.headers.get("Content-Length")
    if length is not None and int(length) <= _PIECE:
        body: Iterable[bytes] = (response.read(decode_content=False),)
        response.release_conn()
    else:
        body = _Streamed(response)
    return Answer(response.status, list(response.headers.items()), body)


class _Streamed:
    """A long answer, piece by piece; its connection goes back when it is read, and is closed when it is not."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.stream(_PIECE, decode_content=False)
        self._response.release_conn()

    def close(self) -> None:
        self._response.close()


def _environ(outgoing: Outgoing) -> dict[str, Any]:
    body = BytesIO(outgoing.body) if isinstance(outgoing.body, bytes) else outgoing.body
    return {
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in outgoing.headers.items()},
        "REQUEST_METHOD": outgoing.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(outgoing.path).decode("latin-1"),
        "QUERY_STRING": outgoing.query,
        "CONTENT_TYPE": outgoing.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(outgoing.length) if outgoing.length else "",
        "SERVER_NAME": "inside",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "wsgi.errors": _Nowhere(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


class _Nowhere:
    """Services log; nothing is written to the server's error stream."""

    def write(self, _text: str) -> int:
        return 0

    def writelines(self, _lines: Iterable[str]) -> None:
        return None

    def flush(self) -> None:
        return None
