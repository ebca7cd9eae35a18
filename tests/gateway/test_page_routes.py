"""Every page and act of the pages is for those who may."""

import re

from flask.testing import FlaskClient

from chassis.database import Database
from chassis.web import ANYONE, SIGNED_IN, IdentitySigner
from gateway.identity.rules import ROLES
from gateway.office import Options
from gateway.routing.table import Routes
from tests.gateway.company import PASSWORD, Company
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.test_pages import Away
from tests.gateway.told import sent


def test_every_page_is_for_those_who_may(database: Database, wall: WallClock, company: Company) -> None:
    """Every page and act: strangers are shown the door, a form without the proof does nothing, and of the roles only
    those with the permission come in.
    """
    routes = Routes({"reception": Away(), "followups": Away(), "reporting": Away()})
    door = Door(database, routes, IdentitySigner(KEYS.private_pem), wall, Options(rate="10000/second"))
    asked = _asked_with(door)
    assert len(asked) > 30
    stranger = door.client()
    for path, method, _may in asked:
        answer = stranger.open(path, method=method)
        assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in"), path
    for role in ROLES:
        client = door.client()
        client.post("/sign-in", data={"username": role, "password": PASSWORD})
        for path, method, may in asked:
            if may not in ROLES[role].permissions:
                assert _came(client, path, method) == 403, (role, path)
            elif role == "headquarters":  # may do everything
                assert _came(client, path, method) != 403, path
                assert method == "GET" or client.post(path, data={"key": "abcdefgh"}).status_code == 403


def _asked_with(door: Door) -> list[tuple[str, str, str]]:
    """Path, method and permission of everything on the pages that needs one."""
    app = door.app
    return [
        (re.sub("<[a-z_:]+>", "1", rule.rule), method, permission)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("pages.")
        and (permission := str(getattr(app.view_functions[rule.endpoint], "permission", None)))
        not in (ANYONE, SIGNED_IN)
    ]


def _came(client: FlaskClient, path: str, method: str) -> int:
    answer = sent(client, path, {}) if method == "POST" else client.get(path)
    return int(answer.status_code)
