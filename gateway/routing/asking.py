"""Asking a service for somebody from within the gateway: for the pages."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from chassis.identity import Who
from chassis.web import locale, request_id, traceparent
from gateway.office import the_office
from gateway.routing.transport import Answer, Outgoing


@dataclass(frozen=True)
class Answered:
    """What a service said: its status, its headers in small letters, and its JSON (None: nothing, or not JSON)."""

    status: int
    headers: Mapping[str, str]
    content: Any

    @property
    def well(self) -> bool:
        return self.status < 400


def ask(
    who: Who,
    method: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Answered:
    """What the service of this path answers to `who`, in the language of the present request.

    Raises ServiceDown, ServiceSlow, UnknownRoute.
    """
    office = the_office()
    sent = {
        "Accept": "application/json",
        "Accept-Language": locale(),
        "Authorization": office.signatures.of(who),
        "X-Request-Id": request_id(),
        "traceparent": traceparent(),
        **(headers or {}),
    }
    data = b"" if body is None else json.dumps(body).encode()
    if data:
        sent["Content-Type"] = "application/json"
    outgoing = Outgoing(method, quote(path), urlencode(query or {}), sent, data, len(data))
    return _read(office.routes.to(path).send(outgoing))


def _read(answer: Answer) -> Answered:
    try:
        text = b"".join(answer.body)
    finally:
        _close(answer.body)
    headers = {name.lower(): value for name, value in answer.headers}
    is_json = headers.get("content-type", "").partition(";")[0].endswith("json")
    return Answered(answer.status, headers, json.loads(text) if is_json and text else None)


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()
