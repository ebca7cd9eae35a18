"""The notes service as a running application, and people who ask it."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from prometheus_client import CollectorRegistry
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.identity import Who
from chassis.ids import CountedIds
from chassis.metrics import Metrics
from chassis.web import IdentitySigner, IdentityVerifier, bearer, create_app, new_key_pair
from tests.chassis.web import notes
from tests.tables import compile_once, create_tables

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEYS = new_key_pair()
EVERYTHING = frozenset({"notes.see", "notes.write"})
ANNA = Who("anna", "person", "writer", "north", None, "branch", EVERYTHING)


@dataclass
class House:
    """The application, what it stands on, and a way to ask it as somebody."""

    app: Flask
    database: Database
    wall: StandingClock
    metrics: Metrics

    def ask(self, method: str, path: str, who: Who | None = ANNA, **options: Any) -> TestResponse:
        """One request; `who` None: without identity."""
        headers = {**self.identity(who), **options.pop("headers", {})}
        return self.app.test_client().open(path, method=method, headers=headers, **options)

    def identity(self, who: Who | None) -> dict[str, str]:
        """The header that says who asks."""
        if who is None:
            return {}
        return {"Authorization": f"Bearer {IdentitySigner(KEYS.private_pem, self.wall).sign(who)}"}

    def at_once(self, times: int, ask: Callable[[int], TestResponse]) -> list[TestResponse]:
        """The answers to `times` requests made at the same time."""
        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(ask, range(times)))

    def count(self, table: Any = notes.NOTES) -> int:
        """How many rows stand in a table."""
        with self.database.read() as tx:
            return int(tx.execute(select(func.count()).select_from(table)).scalar_one())


def build(url: str, *, patience: float = 4.0, **options: Any) -> House:
    """The house on an empty database, whose `patience` is for a turn to write."""
    database = Database(url, "notes", StandingClock(MORNING), CountedIds(), patience=patience)
    compile_once(database.engine)
    create_tables(database.engine, notes.METADATA)
    return build_on(database, **options)


def build_on(database: Database, **options: Any) -> House:
    """The house on a database as it is."""
    wall, metrics = StandingClock(MORNING), Metrics(CollectorRegistry())
    verifier = IdentityVerifier(KEYS.public_pem, clock=wall)
    app = create_app(notes.SERVICE, database, bearer(verifier), wall_clock=wall, metrics=metrics, **options)
    return House(app, database, wall, metrics)


def problem(answer: TestResponse, status: int, code: str) -> Mapping[str, Any]:
    """The problem that `answer` is, having checked that it is one of this status and code."""
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.text
    body: Mapping[str, Any] = answer.get_json(force=True)
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["type"] == f"urn:anchang:problem:{code}"
    assert body["instance"] == answer.headers["X-Request-Id"]
    assert body["title"] and body["detail"]
    return body
