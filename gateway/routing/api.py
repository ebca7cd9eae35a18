"""The services' paths as the application knows them: for who may ask, how much, and for refusals.

What is passed on goes past the application (passing.py). Here arrives what was not: a request of nobody known, one too
large, or one whose passing failed; the application answers it as it answers every refusal.
"""

from collections.abc import Callable
from typing import NoReturn

from flask import Flask, request

from chassis.web import SIGNED_IN, permits
from gateway.routing.rules import UnknownRoute
from gateway.routing.table import Routes

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
REFUSAL = "anchang.refusal"  # in the WSGI environment: the exception that ended the passing


def add_routes(app: Flask, routes: Routes) -> None:
    """Declare the paths of the services; paths of large bodies have a rule of their own, with their own limit."""
    app.before_request(_refuse_at_once)
    limits = routes.limits
    for path in limits.large_below:
        app.add_url_rule(path, "refuse_large", _refusing(limits.large_body), methods=METHODS)
    refuse = _refusing(limits.body)
    for name in routes.transports:
        app.add_url_rule(f"/api/v1/{name}", f"refuse_{name}", refuse, methods=METHODS)
        app.add_url_rule(f"/api/v1/{name}/<path:_rest>", f"refuse_{name}", refuse, methods=METHODS)


def _refuse_at_once() -> None:
    """Before the application looks for a route: it might answer an unclear path with a redirection."""
    refusal = request.environ.get(REFUSAL)
    if refusal is not None:
        raise refusal


def _refusing(limit: int) -> Callable[..., NoReturn]:
    @permits(SIGNED_IN, body_limit=limit)
    def refuse(**_path: str) -> NoReturn:
        raise UnknownRoute

    return refuse
