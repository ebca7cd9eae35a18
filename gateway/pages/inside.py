"""Asking the services for a page: through the same routes and with the same signed identity as every request.

A part that cannot be reached is an answer like any other (status 503), so that the rest of a page shows.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from gateway.office import the_office
from gateway.pages.language import the_language
from gateway.routing.replies import Reply, headers_inside, reply_to
from gateway.routing.transport import Outgoing

__all__ = ["Reply", "ask", "tell"]

_PATIENCE = 3.0  # seconds: a page that waits longer looks broken


def ask(path: str, **query: object) -> Reply:
    """GET of a service's path."""
    return _sent("GET", path, urlencode({name: value for name, value in query.items() if value is not None}))


def tell(path: str, body: Mapping[str, Any] | None, key: str) -> Reply:
    """POST to a service's path; the same `key` again does nothing more."""
    return _sent("POST", path, "", body, {"Idempotency-Key": key} if key else {})


def _sent(
    method: str, path: str, query: str, body: Mapping[str, Any] | None = None, more: Mapping[str, str] | None = None
) -> Reply:
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    headers = headers_inside(the_language()) | ({"Content-Type": "application/json"} if data else {}) | dict(more or {})
    outgoing = Outgoing(method, path, query, headers, data, len(data), within=_PATIENCE)
    return reply_to(the_office().routes, outgoing)
