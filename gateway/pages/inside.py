"""Asking the services for a page: through the same routes and with the same signed identity as every request.

A part that cannot be reached is an answer like any other (status 503), so that the rest of a page shows.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from urllib3 import encode_multipart_formdata

from chassis.identity import Who
from gateway.office import the_office
from gateway.pages.language import the_language
from gateway.routing.replies import Reply, headers_inside, reply_to
from gateway.routing.transport import Outgoing

__all__ = ["Reply", "ask", "hand_in", "patch", "put", "remove", "tell"]

_PATIENCE = 3.0  # seconds: a page that waits longer looks broken


def ask(path: str, **query: object) -> Reply:
    """GET of a service's path."""
    return _sent("GET", path, _query(query))


def tell(
    path: str,
    body: Mapping[str, Any] | None,
    key: str,
    who: Who | None = None,
    *,
    within: float = _PATIENCE,
    **query: object,
) -> Reply:
    """POST to a service's path, as `who` where it is not the reader; the same `key` again does nothing more.

    `within`: seconds to wait for the answer.
    """
    named = {"Authorization": the_office().signatures.of(who)} if who else {}
    return _sent("POST", path, _query(query), _json(body), named | _keyed(key), within)


def put(path: str, body: Mapping[str, Any], key: str, version: str | None = None, **query: object) -> Reply:
    """PUT to a service's path, in the place of `version` where it keeps versions."""
    return _sent("PUT", path, _query(query), _json(body), _keyed(key) | _in_version(version))


def patch(path: str, body: Mapping[str, Any], key: str, version: str | None = None) -> Reply:
    """PATCH of a service's path, as it was in `version` where it keeps versions."""
    return _sent("PATCH", path, "", _json(body), _keyed(key) | _in_version(version))


def remove(path: str, key: str) -> Reply:
    """DELETE of a service's path."""
    return _sent("DELETE", path, "", b"", _keyed(key))


def hand_in(path: str, name: str, content: bytes, key: str, *, within: float = _PATIENCE, **query: object) -> Reply:
    """POST of a file, as its form's field `file`; `within`: seconds to wait for the answer."""
    data, kind = encode_multipart_formdata({"file": (name, content)})
    return _sent("POST", path, _query(query), data, _keyed(key) | {"Content-Type": kind}, within)


def asked_in_turn(*asking: Callable[[], Reply]) -> list[Reply]:
    """What one service says to several questions; once it is away it is asked no more, so that a page waits once."""
    replies: list[Reply] = []
    for one in asking:
        replies.append(replies[-1] if replies and replies[-1].away else one())
    return replies


def _sent(
    method: str,
    path: str,
    query: str,
    data: bytes = b"",
    more: Mapping[str, str] | None = None,
    within: float = _PATIENCE,
) -> Reply:
    headers = headers_inside(the_language()) | ({"Content-Type": "application/json"} if data else {}) | dict(more or {})
    outgoing = Outgoing(method, path, query, headers, data, len(data), within=within)
    return reply_to(the_office().routes, outgoing)


def _query(asked: Mapping[str, object]) -> str:
    return urlencode({name: value for name, value in asked.items() if value is not None})


def _in_version(version: str | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"{version}"'}


def _json(body: Mapping[str, Any] | None) -> bytes:
    return b"" if body is None else json.dumps(body, ensure_ascii=False).encode()


def _keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key} if key else {}
