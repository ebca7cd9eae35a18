"""What a hop through the gateway costs a signed-in request, against a bare Flask + urllib3 proxy that checks nothing.

The same service behind both, each in a process of its own under the same server; a hop is the median time through the
proxy less the median time straight to the service. Rounds alternate, so that a noisy moment meets all three.
"""

import http.client
import json
import multiprocessing
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cheroot import wsgi
from flask import Flask, Response, request
from urllib3 import HTTPConnectionPool

import gateway
from benchmarks.__main__ import Figure
from chassis.database import Database
from chassis.database.migrations import migrate
from chassis.logs import configure_logs
from chassis.web import IdentitySigner, new_key_pair
from gateway.app import create_gateway
from gateway.identity.actions import create_first_administrator
from gateway.office import Options
from gateway.routing.table import over_http
from gateway.tables import METADATA

REACH = 1.5
_ROUNDS = 12
_PER_ROUND = 250
_PASSWORD = "a long password"
_PATH = "/api/v1/reception/halls"
_END = b"]}"


def figures() -> list[Figure]:
    """One figure: `value` is the gateway's hop in milliseconds, `reference` the bare proxy's."""
    service, stop_service = _serve(_service)
    bare, stop_bare = _serve(_bare_proxy, service)
    gate, stop_gate = _serve(_gateway, service)
    try:
        token = _token(gate)
        straight, by_bare, by_gate = _measured([(service, None), (bare, None), (gate, token)])
    finally:
        for stop in (stop_gate, stop_bare, stop_service):
            stop()
    hop, reference = by_gate - straight, by_bare - straight
    ratio = hop / reference
    return [
        {
            "figure": "gateway hop on a signed-in request",
            "value": round(hop, 3),
            "unit": "ms",
            "reference": round(reference, 3),
            "ratio": round(ratio, 2),
            "reach": f"≤ {REACH} ×",
            "holds": ratio <= REACH,
        }
    ]


def _measured(targets: list[tuple[int, str | None]]) -> list[float]:
    """The median time to each target in milliseconds."""
    clients = [_Client(port, token) for port, token in targets]
    times: list[list[float]] = [[] for _ in clients]
    for client in clients:
        client.times(_PER_ROUND)
    for _ in range(_ROUNDS):
        for client, seen in zip(clients, times, strict=True):
            seen.extend(client.times(_PER_ROUND))
    return [statistics.median(seen) * 1000 for seen in times]


class _Client:
    """Sends one request again and again and reads as little of the answer as it can: what is measured is behind it."""

    def __init__(self, port: int, token: str | None) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        signed = f"Authorization: Bearer {token}\r\n" if token else ""
        self._request = f"GET {_PATH} HTTP/1.1\r\nHost: a\r\nAccept: application/json\r\n{signed}\r\n".encode()

    def times(self, number: int) -> list[float]:
        return [self._once() for _ in range(number)]

    def _once(self) -> float:
        began = time.perf_counter()
        self._socket.sendall(self._request)
        answer = self._socket.recv(65536)
        while not answer.endswith(_END):
            answer += self._socket.recv(65536)
        took = time.perf_counter() - began
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer)
        return took


def _token(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    body = json.dumps({"username": "hq", "password": _PASSWORD})
    connection.request("POST", "/api/v1/auth/token", body, {"Content-Type": "application/json"})
    return str(json.loads(connection.getresponse().read())["access_token"])


def _serve(make: Callable[..., Any], *arguments: Any) -> tuple[int, Callable[[], None]]:
    """Start a process that serves what `make` makes: its port, and how to end it."""
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe()
    process = fork.Process(target=_run, args=(make, arguments, there), daemon=True)
    process.start()
    port: int = here.recv()

    def stop() -> None:
        process.kill()
        process.join()

    return port, stop


def _run(make: Callable[..., Any], arguments: tuple[Any, ...], told: Any) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # logs are written, as they are when it serves, and nobody reads them
    server = wsgi.Server(("127.0.0.1", 0), make(*arguments), numthreads=4)
    server.prepare()
    told.send(server.bind_addr[1])
    server.serve()


def _service() -> Any:
    body = b'{"items": [' + b",".join([b'{"hall_id": "0123456789", "name": "hall"}'] * 90) + b"]}"

    def application(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return application


def _bare_proxy(port: int) -> Flask:
    app, pool = Flask("bare"), HTTPConnectionPool("127.0.0.1", port, maxsize=8)

    @app.route("/<path:path>", methods=["GET", "POST"])
    def proxy(path: str) -> Response:
        passed = {name: value for name, value in request.headers if name.lower() not in ("host", "connection")}
        answer = pool.request(request.method, f"/{path}", body=request.get_data(), headers=passed)
        return Response(answer.data, answer.status, {"Content-Type": answer.headers["Content-Type"]})

    return app


def _gateway(port: int) -> Flask:
    configure_logs()
    url = f"sqlite:///{tempfile.mkdtemp()}/gateway.db"
    migrate("gateway", Path(gateway.__file__).parent / "migrations", METADATA, url)
    database = Database(url, "gateway")
    with database.write() as tx:
        create_first_administrator(tx, "hq", _PASSWORD)
    routes = over_http({"reception": f"http://127.0.0.1:{port}"})
    return create_gateway(
        database, routes, IdentitySigner(new_key_pair().private_pem), options=Options(rate="1000000/second")
    )


if __name__ == "__main__":
    print(figures())
