"""Wiring of the gateway: the only file that sees all of it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Request

from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.identity import Who
from chassis.ids import TimeOrderedIds
from chassis.metrics import Metrics
from chassis.service import Service
from chassis.web import Check, IdentitySigner, create_app
from chassis.web.dead_letters import dead_letters_blueprint
from gateway.events import FACTS
from gateway.feed import api as feed
from gateway.feed.copies import FORGET_IN_LOG, consumers
from gateway.feed.cursors import Cursors
from gateway.feed.hub import Hub
from gateway.identity import api as identity
from gateway.keys import api as keys
from gateway.limits import Rate
from gateway.office import Office, Options
from gateway.openapi import api as openapi
from gateway.pages.wiring import add_pages
from gateway.problems import PROBLEMS
from gateway.routing.api import add_routes
from gateway.routing.passing import Passing
from gateway.routing.signatures import Signatures
from gateway.routing.table import Routes
from gateway.routing.transport import well
from gateway.security import Secured
from gateway.sign_in import api as sign_in
from gateway.sign_in.doorkeeper import Doorkeeper
from gateway.tables import METADATA
from gateway.whole_customer import api as whole_customer
from gateway.whole_customer.asking import AtOnce

SERVICE = Service(
    name="gateway",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(
        sign_in.blueprint,
        identity.blueprint,
        keys.blueprint,
        feed.blueprint,
        openapi.blueprint,
        whole_customer.blueprint,
        dead_letters_blueprint("/api/v1/events"),
    ),
    consumers=consumers,
    facts=FACTS,
    problems=PROBLEMS,
    jobs=(FORGET_IN_LOG,),
)

_CHANGE_WHO_MAY = ("/api/v1/identity", "/api/v1/auth")


def create_gateway(
    database: Database,
    routes: Routes,
    signer: IdentitySigner,
    *,
    options: Options | None = None,
    wall_clock: Clock | None = None,
    checks: Sequence[Check] = (),
    metrics: Metrics | None = None,
) -> Flask:
    """The gateway's WSGI application: passes on what `routes` names, signed by `signer`, and answers the rest itself.

    `wall_clock` is the machine's time, by which sessions end; `database.clock` may stand still.
    """
    options, wall = options or Options(), wall_clock or SystemClock()
    doorkeeper, rate = Doorkeeper(database, wall), Rate(options.rate, options.limiter)
    authenticate = _counted(doorkeeper, rate)
    every_check = (*checks, *_checks(routes, wall, rate, options))
    app = create_app(SERVICE, database, authenticate, wall_clock=wall, checks=every_check, metrics=metrics)
    signatures, hub, cursors = Signatures(signer), Hub(database, options.streams), Cursors(database)
    app.extensions["gateway"] = Office(database, wall, options, doorkeeper, routes, signatures, hub, cursors)
    app.extensions["whole_customer"] = AtOnce()
    add_routes(app, routes)
    add_pages(app, keeps_points=options.points)
    app.after_request(partial(_forget_changed, doorkeeper))
    measured = metrics or Metrics.of_process()
    passing = Passing(app.wsgi_app, routes, authenticate, signatures, TimeOrderedIds(), measured)
    app.wsgi_app = Secured(passing, options.secure_cookie)  # type: ignore[method-assign]
    if options.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, options.proxies, options.proxies)  # type: ignore[method-assign]
    return app


def _counted(doorkeeper: Doorkeeper, rate: Rate) -> Callable[[Request], Who | None]:
    def authenticate(asked: Request) -> Who | None:
        who = doorkeeper.who(asked)
        if who is not None:
            rate.check(who.actor_id)
        return who

    return authenticate


def _checks(routes: Routes, wall: Clock, rate: Rate, options: Options) -> Iterable[Check]:
    for name, transport in routes.transports.items():
        yield Check(name, partial(well, transport, wall), essential=False)  # one service down: the others go on
    if rate.per_process and options.processes > 1:
        yield Check("limits", lambda: "limits_per_process", essential=False)


def _forget_changed(doorkeeper: Doorkeeper, answer: Response) -> Response:
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.path.startswith(_CHANGE_WHO_MAY):
        doorkeeper.forget()
    return answer
