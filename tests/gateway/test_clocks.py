"""Machines whose clocks differ: how far that is borne, and what is said beyond it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from chassis.clock import Clock
from chassis.database import Database
from chassis.web import IdentitySigner, IdentityVerifier, bearer, create_app, new_key_pair
from gateway.office import Options
from gateway.routing.table import in_process
from services.reception.app import SERVICE
from tests.gateway.company import Company
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.tables import create_tables

HALLS = "/api/v1/reception/halls"


class _Off:
    """A clock that differs from the gateway's."""

    def __init__(self, seconds: float, wall: Clock) -> None:
        self._by, self._wall = timedelta(seconds=seconds), wall

    def now(self) -> datetime:
        return self._wall.now() + self._by


@pytest.fixture
def reception(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'reception.db'}", SERVICE.name)
    create_tables(database.engine, SERVICE.metadata)
    yield database
    database.close()


def _door(database: Database, wall: WallClock, reception: Database, verifier: IdentityVerifier, off: float = 0) -> Door:
    """A gateway before the real reception, whose machine's clock is `off` seconds from ours; it dates its answers."""
    service = create_app(SERVICE, reception, bearer(verifier))

    def dated(environ: dict[str, Any], start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            date = format_datetime(_Off(off, wall).now(), usegmt=True)
            return start_response(status, [*headers, ("Date", date)], *failure)

        return service(environ, start)

    return Door(database, in_process({"reception": dated}), IdentitySigner(KEYS.private_pem, wall), wall, Options())


@pytest.mark.parametrize("seconds", [-29, -5, 0, 5, 29])
def test_half_a_minute_is_borne(
    database: Database, wall: WallClock, company: Company, reception: Database, seconds: float
) -> None:
    """A service whose clock is up to 30 seconds off the gateway's answers as ever, and health has nothing to say."""
    door = _door(database, wall, reception, IdentityVerifier(KEYS.public_pem, clock=_Off(seconds, wall)), seconds)
    assert door.as_("manager", "GET", HALLS).status_code == 200
    assert door.client().get("/health/ready").json["ready"] is True
    assert not any("reason" in check for check in door.client().get("/health/ready").json["checks"])


@pytest.mark.parametrize("seconds", [-35, -3600, 95, 3600])
def test_beyond_it_the_machines_are_to_blame(
    database: Database, wall: WallClock, company: Company, reception: Database, seconds: float
) -> None:
    """Beyond that the answer is a 503 that names the clocks, never a 401 that sends people to sign in again."""
    door = _door(database, wall, reception, IdentityVerifier(KEYS.public_pem, clock=_Off(seconds, wall)), seconds)
    for language, says in (("zh", "时钟"), ("en", "clock")):
        answer = door.as_("manager", "GET", HALLS, headers={"Accept-Language": language})
        assert (answer.status_code, answer.json["code"]) == (503, "identity_refused_inside")
        assert says in answer.json["detail"]
        assert answer.headers["Retry-After"] == "10"
        ready = door.client().get("/health/ready", headers={"Accept-Language": language})
        (reason,) = (check["reason"] for check in ready.json["checks"] if check["name"] == "reception")
        assert says in reason


def test_keys_that_do_not_fit_are_the_machines_fault_too(
    database: Database, wall: WallClock, company: Company, reception: Database
) -> None:
    """A service that knows another key than ours is said to refuse us; nobody is signed out by it."""
    door = _door(database, wall, reception, IdentityVerifier(new_key_pair().public_pem))
    token = door.token("manager")
    assert door.ask(token, "GET", HALLS).json["code"] == "identity_refused_inside"
    assert door.ask(token, "GET", "/api/v1/auth/me").status_code == 200
