"""Everything under /api/v1 that the gateway does not answer itself is passed on, signed with who asks."""

from collections.abc import Callable
from io import BytesIO
from typing import IO
from urllib.parse import quote

from flask import Flask, Request, Response, request

from chassis.web import SIGNED_IN, permits, request_id, the_asker, traceparent
from gateway.office import the_office
from gateway.routing.rules import check_path, headers_inwards, headers_outwards
from gateway.routing.table import Routes
from gateway.routing.transport import Outgoing

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_HELD = 64 * 1024  # a longer body is passed on as it comes
_SAFE_IN_PATHS = "/:@!$&'()*+,;=~-._"


def add_routes(app: Flask, routes: Routes) -> None:
    """Pass on what belongs to the services; paths of large bodies have a rule of their own, with their own limit."""
    limits = routes.limits
    for path in limits.large_below:
        app.add_url_rule(path, "pass_on_large", _passing(limits.large_body), methods=_METHODS)
    pass_on = _passing(limits.body)
    for name in routes.transports:
        app.add_url_rule(f"/api/v1/{name}", f"pass_on_to_{name}", pass_on, methods=_METHODS, defaults={"_rest": ""})
        app.add_url_rule(f"/api/v1/{name}/<path:_rest>", f"pass_on_to_{name}", pass_on, methods=_METHODS)


def _passing(limit: int) -> Callable[..., Response]:
    @permits(SIGNED_IN, body_limit=limit)
    def pass_on(_rest: str = "") -> Response:
        office = the_office()
        path = request.path
        check_path(path, _as_sent(request))
        transport = office.routes.to(path)
        answer = transport.send(_outgoing(request, path, office.signatures.of(the_asker())))
        return Response(answer.body, answer.status, headers_outwards(answer.headers), direct_passthrough=True)

    return pass_on


def _outgoing(asked: Request, path: str, authorization: str) -> Outgoing:
    headers = headers_inwards(asked.environ)
    headers["Authorization"] = authorization
    headers["X-Request-Id"] = request_id()
    headers["traceparent"] = traceparent()
    body, length = _body(asked)
    query = asked.environ.get("QUERY_STRING", "")
    return Outgoing(asked.method, quote(path, _SAFE_IN_PATHS), query, headers, body, length)


def _body(asked: Request) -> tuple[bytes | IO[bytes], int]:
    length = asked.content_length
    if length is not None and length > _HELD:
        return asked.stream, length
    if not length and "HTTP_TRANSFER_ENCODING" not in asked.environ:
        return b"", 0
    data = asked.get_data(cache=False)
    return (data, len(data)) if len(data) <= _HELD else (BytesIO(data), len(data))


def _as_sent(asked: Request) -> str:
    return asked.environ.get("REQUEST_URI") or asked.environ.get("RAW_URI") or ""
