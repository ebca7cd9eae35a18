"""A service that answers with what arrived: a WSGI application, also served over real HTTP."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from threading import Thread
from typing import Any

from cheroot import wsgi

from chassis.web import IdentityVerifier


class Echo:
    """Answers JSON: method, path, query, headers, the length of the body, and who asks. /slow waits for `release`."""

    def __init__(self, verifier: IdentityVerifier) -> None:
        self._verifier = verifier
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        told = {
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"].encode("latin-1").decode(),
            "query": environ["QUERY_STRING"],
            "headers": _headers(environ),
            "length": len(body),
            "who": self._who(environ),
        }
        sent = json.dumps(told).encode()
        headers = [("Content-Type", "application/json"), ("ETag", '"7"'), ("Set-Cookie", "inside=1"), ("X-Own", "yes")]
        start_response("200 OK", [*headers, ("Content-Length", str(len(sent)))])
        return [sent]

    def _who(self, environ: dict[str, Any]) -> dict[str, Any]:
        token = environ["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
        who = asdict(self._verifier.verify(token))
        return who | {"permissions": sorted(who["permissions"])}


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    own = {"CONTENT_TYPE": environ.get("CONTENT_TYPE", "")}
    named = {key.removeprefix("HTTP_"): value for key, value in environ.items() if key.startswith("HTTP_")}
    return own | named


@contextmanager
def served(application: Any) -> Iterator[str]:
    """The application over HTTP on loopback; yields its address."""
    server = wsgi.Server(("127.0.0.1", 0), application, numthreads=4)
    server.shutdown_timeout = 0
    server.expiration_interval = 0.01  # seconds between looks whether it is to end
    server.prepare()
    thread = Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join()
