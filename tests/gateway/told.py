"""A gateway in front of a service that answers what it is told to, and keeps what it was asked."""

import json
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.routing.rules import ServiceDown
from gateway.routing.transport import Answer, Outgoing
from gateway.sign_in.doorkeeper import COOKIE
from gateway.sign_in.rules import csrf_proof
from tests.gateway.company import PASSWORD
from tests.gateway.door import Door

PREFIX = "/api/v1/reception/"


@dataclass
class Told:
    """`answers` by the path after `prefix`, for any method or `METHOD path`; what is not told is an empty list.

    `away`: paths that cannot be reached, `down`: none can. `acts` holds what was asked but to read.
    """

    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    prefix: str = PREFIX
    away: set[str] = field(default_factory=set)
    down: bool = False
    acts: list[tuple[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    queries: dict[str, str] = field(default_factory=dict)

    def send(self, outgoing: Outgoing) -> Answer:
        path = outgoing.path.removeprefix(self.prefix)
        self.queries[path] = outgoing.query
        if self.down or path in self.away:
            raise ServiceDown("reception")
        if outgoing.method != "GET":
            self.acts.append((f"{outgoing.method} {path}", self._body(outgoing)))
            self.headers.append(outgoing.headers)
        empty = (200, {"items": [], "next_after": None})
        status, said = self.answers.get(f"{outgoing.method} {path}", self.answers.get(path, empty))
        return Answer(status, [], [json.dumps(said).encode()])

    @staticmethod
    def _body(outgoing: Outgoing) -> Any:
        assert isinstance(outgoing.body, bytes)
        if outgoing.headers.get("Content-Type", "").startswith("multipart/"):
            return outgoing.body
        return json.loads(outgoing.body or b"null")


@dataclass
class TeamRoom:
    """One gateway for many tests, with a browser for each of its people; signing in takes longer than a test."""

    door: Door
    told: Told
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    def as_(self, username: str) -> FlaskClient:
        if username not in self._clients:
            self._clients[username] = self.door.client()
            self._clients[username].post("/sign-in", data={"username": username, "password": PASSWORD})
        return self._clients[username]

    def forget(self) -> Told:
        """The same service, told and asked nothing yet."""
        self.told.__dict__.update(Told(prefix=self.told.prefix).__dict__)
        return self.told


def sent(client: FlaskClient, path: str, form: dict[str, Any], **options: Any) -> TestResponse:
    """A form with the session's proof."""
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    return client.post(path, data=form | {"csrf_token": csrf_proof(cookie.value), "key": "abcdefgh"}, **options)
