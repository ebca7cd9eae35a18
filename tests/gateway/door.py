"""The gateway as a client sees it, and a wall clock that tests move."""

from datetime import UTC, datetime, timedelta
from types import CodeType
from typing import Any

from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.test import TestResponse

from chassis.database import Database
from chassis.metrics import Metrics
from chassis.web import IdentitySigner
from gateway.app import create_gateway
from gateway.office import Office, Options
from gateway.routing.table import Routes
from gateway.whole_customer.asking import AtOnce
from tests.gateway.company import PASSWORD


class WallClock:
    """The machine's clock, moved by hand."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def pass_by(self, time: timedelta) -> None:
        self._now += time


class _Compiled(BytecodeCache):
    """Templates compiled once for all gateways of the process: doing it anew takes longer than most tests."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Door:
    """One gateway and how to ask it."""

    def __init__(
        self,
        database: Database,
        routes: Routes,
        signer: IdentitySigner,
        wall: WallClock,
        options: Options,
    ) -> None:
        self.app = create_gateway(database, routes, signer, options=options, wall_clock=wall, metrics=Metrics())
        self.app.extensions["whole_customer"] = AtOnce(patience=60)  # how soon is promised by one test alone
        self.app.jinja_env.bytecode_cache = _COMPILED
        self.office: Office = self.app.extensions["gateway"]

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def sign_in(self, username: str, password: str = PASSWORD, **options: Any) -> TestResponse:
        body = {"username": username, "password": password}
        return self.client().post("/api/v1/auth/token", json=body, **options)

    def token(self, username: str, password: str = PASSWORD) -> str:
        answer = self.sign_in(username, password)
        assert answer.status_code == 200, answer.json
        return str(answer.json["access_token"])  # type: ignore[index]

    def ask(self, token: str | None, method: str, path: str, **options: Any) -> TestResponse:
        """Ask with a token (or key)."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.client().open(path, method=method, headers=headers | options.pop("headers", {}), **options)

    def as_(self, username: str, method: str, path: str, **options: Any) -> TestResponse:
        """Ask as this person, newly signed in."""
        return self.ask(self.token(username), method, path, **options)
