"""What is passed on of a request and of an answer, and what a path must look like to be passed on at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MEGABYTE = 1_000_000

_KEY = "HTTP_IDEMPOTENCY_KEY"
# What the gateway knows better itself (who asks, from where, which request) is never taken from outside.
_PASSED_ON = {
    "CONTENT_TYPE": "Content-Type",
    "HTTP_ACCEPT": "Accept",
    "HTTP_ACCEPT_LANGUAGE": "Accept-Language",
    _KEY: "Idempotency-Key",
    "HTTP_IF_MATCH": "If-Match",
    "HTTP_IF_MODIFIED_SINCE": "If-Modified-Since",
    "HTTP_IF_NONE_MATCH": "If-None-Match",
    "HTTP_PREFER": "Prefer",
    "HTTP_RANGE": "Range",
}
# RFC 9110 §7.6.1, and what only the gateway says.
_KEPT_BACK = frozenset(
    {
        "connection",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "server",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


class UnclearPath(Exception):
    """A path that two readers could understand differently."""


class UnknownRoute(Exception):
    """No service answers under this path."""


class LengthNeeded(Exception):
    """A body whose end this server cannot see: it came in chunks and the server does not say where they end."""


class ServiceDown(Exception):
    """The service could not be reached."""

    retry_after = 2

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class ServiceSlow(Exception):
    """The service did not answer in time; what was asked of it may still be done."""

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


class IdentityRefusedInside(Exception):
    """The service does not accept whom we have just signed: its clock or its key is not ours."""

    retry_after = 10

    def __init__(self, service: str) -> None:
        super().__init__(service)
        self.service = service


@dataclass(frozen=True)
class Limits:
    """Bytes of a body, and the paths below which more is allowed."""

    body: int = MEGABYTE
    large_body: int = 12 * MEGABYTE
    large_below: tuple[str, ...] = ("/api/v1/customers/imports",)

    def of(self, path: str) -> int:
        """The most bytes that a request to `path` may bring."""
        return self.large_body if path in self.large_below else self.body


def check_path(path: str, as_sent: str) -> None:
    """Raises UnclearPath. `path` is decoded; `as_sent` is what stood in the request line, or empty."""
    sent = as_sent.partition("?")[0].lower()
    hidden = any(code in sent for code in ("%2f", "%5c", "%2e", "%00"))
    strange = "\\" in path or "//" in path or any(ord(sign) < 32 for sign in path)
    if hidden or strange or any(part in {".", ".."} for part in path.split("/")):
        raise UnclearPath


def headers_inwards(environ: Mapping[str, Any]) -> dict[str, str]:
    """The headers of a WSGI request that a service gets to see."""
    # An empty key was said and is for the service to refuse; the rest says nothing when it is empty.
    said = {key for key in _PASSED_ON if environ.get(key) or (key == _KEY and key in environ)}
    return {name: environ[key] for key, name in _PASSED_ON.items() if key in said}


def headers_outwards(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers of an answer that the asker gets to see; what `Connection` names goes no further either."""
    pairs = list(headers)
    named = {name.strip().lower() for key, value in pairs if key.lower() == "connection" for name in value.split(",")}
    kept_back = _KEPT_BACK | named
    return [(name, value) for name, value in pairs if name.lower() not in kept_back]
