"""Every route of every service says who may call it."""

import re

import pytest
from flask import Flask

from chassis.database import Database
from chassis.web import ANYONE, SIGNED_IN, create_app
from deploy.catalogue import NAMES, in_full
from gateway.identity.rules import PERMISSIONS

# Routes that ask nobody who they are, each with the reason.
FOR_ANYONE = {
    "GET /health/live": "the process answers; says nothing else",
    "GET /health/ready": "load balancers ask before anyone has signed in",
    "PUT /health/clock": "exists only with a standing clock, for training",
    "GET /metrics": "scraped from inside; the gateway does not pass it on",
    "POST /api/v1/auth/token": "this is where one says who one is",
    "GET /api/v1/openapi.json": "how to ask is no secret",
}
# Routes for whoever is known, each with the reason why no permission is needed.
FOR_THE_SIGNED_IN = {
    "POST /api/v1/auth/revoke": "ends one's own session",
    "GET /api/v1/auth/me": "says who one is",
    "PUT /api/v1/auth/pin": "sets one's own PIN, by one's own password",
}


@pytest.fixture(params=NAMES)
def app(request: pytest.FixtureRequest, sqlite_url: str) -> Flask:
    return create_app(in_full(request.param), Database(sqlite_url, request.param), lambda _request: None)


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    """A route has a permission that roles can hold, or stands on a short list with the reason why it needs none."""
    wrong = [f"{route}: {permission}" for route, permission in _routes(app).items() if not _is_right(route, permission)]
    assert wrong == []


def test_every_api_route_is_in_the_first_segment_of_its_service(app: Flask) -> None:
    """The gateway finds a service by the first segment after /api/v1, so a service serves no other."""
    own = {app.name} if app.name != "gateway" else {"identity", "auth", "events", "openapi.json", "whole-customers"}
    paths = [route.split()[1] for route in _routes(app)]
    outside = [path for path in paths if path.startswith("/api/") and path.split("/")[3] not in own]
    assert outside == []


def test_paths_are_plain(app: Flask) -> None:
    """Paths are lower case with hyphens, versioned, and carry nothing but ids, days and codes of imports."""
    odd = [
        route for route in _routes(app) if not re.fullmatch(r"[A-Z]+ /(api/v1|health|metrics)[a-z0-9/<>:_.-]*", route)
    ]
    assert odd == []


def _routes(app: Flask) -> dict[str, str | None]:
    """`METHOD /path` → the permission."""
    return {
        f"{method} {rule.rule}": getattr(app.view_functions[rule.endpoint], "permission", None)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _is_right(route: str, permission: str | None) -> bool:
    if permission == ANYONE:
        return route in FOR_ANYONE
    if permission == SIGNED_IN:
        return route in FOR_THE_SIGNED_IN
    return permission in PERMISSIONS
