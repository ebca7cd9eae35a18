"""Passing requests on to the services, in front of the application: a request that is passed on never enters it.

Going through the application and its hooks cost twice what a bare proxy costs; this way it is about the same. Whatever
is refused is left to the application, so that there is one place where problems are worded.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import responses
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

from werkzeug.wrappers import Request

from chassis.identity import Who
from chassis.ids import Ids
from chassis.logs import log
from chassis.metrics import Metrics
from chassis.web.context import next_hop_of, request_id_of
from gateway.routing.api import METHODS, REFUSAL
from gateway.routing.rules import LengthNeeded, check_path, headers_inwards, headers_outwards
from gateway.routing.signatures import Signatures
from gateway.routing.table import Routes
from gateway.routing.transport import Answer, Outgoing

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HELD = 64 * 1024  # a longer body is passed on as it comes
_SAFE_IN_PATHS = "/:@!$&'()*+,;=~-._"
Environ = dict[str, Any]


@dataclass(frozen=True)
class Passing:
    """The application with the services' paths in front of it."""

    application: "WSGIApplication"
    routes: Routes
    authenticate: Callable[[Request], Who | None]
    signatures: Signatures
    ids: Ids
    metrics: Metrics

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        asked = Request(environ)
        try:
            who = self._who_may_pass(asked)
            if who is None:
                return self.application(environ, start_response)
            outgoing = self._outgoing(asked, who)
            answer = self.routes.send(asked.path, outgoing)
        except Exception as error:  # whatever it is, the application says it
            environ[REFUSAL] = error
            return self.application(environ, start_response)
        self._note(outgoing, answer, who, time.perf_counter() - began)
        start_response(f"{answer.status} {responses.get(answer.status, '')}", _headers(answer, outgoing))
        return answer.body

    def _who_may_pass(self, asked: Request) -> Who | None:
        """Who asks for something that a service answers; None: the application has to see to it."""
        path = asked.environ.get("PATH_INFO", "")
        if asked.method not in METHODS or not self.routes.has(path):
            return None
        limit = self.routes.limits.of(path)
        if (asked.content_length or 0) > limit:
            return None
        asked.max_content_length = limit
        return self.authenticate(asked)

    def _outgoing(self, asked: Request, who: Who) -> Outgoing:
        environ = asked.environ
        check_path(asked.path, environ.get("REQUEST_URI") or environ.get("RAW_URI") or "")
        headers = headers_inwards(environ)
        headers["Authorization"] = self.signatures.of(who)
        headers["X-Request-Id"] = request_id_of(environ.get("HTTP_X_REQUEST_ID", ""), self.ids)
        headers["traceparent"] = next_hop_of(environ.get("HTTP_TRACEPARENT", ""))
        body, length = _body(asked)
        path = quote(asked.path, _SAFE_IN_PATHS)
        return Outgoing(asked.method, path, environ.get("QUERY_STRING", ""), headers, body, length)

    def _note(self, outgoing: Outgoing, answer: Answer, who: Who, seconds: float) -> None:
        """Count and log it as the application does its own requests."""
        route = f"/api/v1/{self.routes.word_of(outgoing.path)}/<path:_rest>"
        self.metrics.request("gateway", outgoing.method, route, answer.status, seconds)
        log().info(
            "request",
            service="gateway",
            method=outgoing.method,
            route=route,
            status=answer.status,
            milliseconds=round(seconds * 1000, 1),
            request_id=outgoing.headers["X-Request-Id"],
            trace_id=outgoing.headers["traceparent"].split("-")[1],
            actor_id=who.actor_id,
        )


def _headers(answer: Answer, outgoing: Outgoing) -> list[tuple[str, str]]:
    own = ("X-Request-Id", outgoing.headers["X-Request-Id"])
    return [*(pair for pair in headers_outwards(answer.headers) if pair[0].lower() != "x-request-id"), own]


def _body(asked: Request) -> tuple[bytes | IO[bytes], int]:
    length = asked.content_length
    if length is not None and length > _HELD:
        return asked.stream, length
    if not length and "HTTP_TRANSFER_ENCODING" not in asked.environ:
        return b"", 0
    if length is None and not asked.environ.get("wsgi.input_terminated"):
        raise LengthNeeded
    data = asked.get_data(cache=False)
    return (data, len(data)) if len(data) <= _HELD else (BytesIO(data), len(data))
