"""What every answer tells the browser not to do (OWASP's list); pages say their own Content-Security-Policy.

A layer around the application and not a hook in it: it is on the way of every request, and this costs a tenth.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_HEADERS = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
_ONLY_HTTPS = ("Strict-Transport-Security", "max-age=31536000")


class Secured:
    """An application whose answers carry the security headers that they do not set themselves."""

    def __init__(self, application: "WSGIApplication", only_https: bool) -> None:
        self._application = application
        headers = (*_HEADERS, _ONLY_HTTPS) if only_https else _HEADERS
        self._headers = tuple((name.lower(), (name, value)) for name, value in headers)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            said = {name.lower() for name, _value in headers}
            missing = [pair for name, pair in self._headers if name not in said]
            return start_response(status, [*headers, *missing], *failure)

        return self._application(environ, start)
