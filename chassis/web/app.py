"""Makes the web application of one service."""

from collections.abc import Sequence
from pathlib import Path

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from chassis.clock import Clock, StandingClock, SystemClock
from chassis.database import Database
from chassis.ids import Ids, TimeOrderedIds
from chassis.metrics import Metrics
from chassis.service import Service
from chassis.texts import Texts
from chassis.web.blueprint import Blueprint
from chassis.web.context import Authenticate, Web
from chassis.web.etags import NotModified
from chassis.web.guard import guard
from chassis.web.health import Check, database_check, health_blueprint
from chassis.web.late import LateRule
from chassis.web.measures import measure
from chassis.web.problems import answer, problem_of
from chassis.web.reports import report

MEGABYTE = 1024 * 1024
TEXTS = Texts.load(Path(__file__).parent / "texts.toml")


def create_app(  # noqa: PLR0913 - the one place where everything is handed in
    service: Service,
    database: Database,
    authenticate: Authenticate,
    *,
    wall_clock: Clock | None = None,
    checks: Sequence[Check] = (),
    metrics: Metrics | None = None,
    request_ids: Ids | None = None,
    body_limit: int = MEGABYTE,
    unguarded: frozenset[str] = frozenset(),
    key_patience: float = 2.0,
) -> Flask:
    """The WSGI application of `service`, answering from `database`.

    `authenticate` says who asks (None: nobody said) or raises an Unauthenticated. `wall_clock` dates what must not
    stand still. `checks` are asked for readiness beside the database. Blueprints named in `unguarded` guard
    themselves. Every other view says who may call it (acts, reads, permits), else nobody may. A repeated request
    waits `key_patience` seconds for the first one with its key.
    """
    app = Flask(service.name, static_folder=None)
    app.url_rule_class = LateRule
    app.config.update(MAX_CONTENT_LENGTH=body_limit, MAX_FORM_MEMORY_SIZE=body_limit)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    texts = Texts.load(service.folder / "texts.toml", behind=TEXTS)
    clock = wall_clock or SystemClock()
    ids = request_ids or TimeOrderedIds()
    app.extensions["chassis"] = Web(service, database, authenticate, clock, texts, ids, key_patience)
    measure(app, metrics or Metrics.of_process())
    guard(app, unguarded)
    app.register_error_handler(NotModified, _not_modified)
    app.register_error_handler(Exception, _refuse)
    _register(app, service)
    standing = database.clock if isinstance(database.clock, StandingClock) else None
    app.register_blueprint(health_blueprint((Check("database", database_check), *checks), standing))
    return app


def _register(app: Flask, service: Service) -> None:
    for blueprint in service.blueprints:
        if not isinstance(blueprint, Blueprint):
            raise TypeError(f"{service.name}: blueprint {blueprint.name} must be a chassis.web.Blueprint")
        app.register_blueprint(blueprint)


def _refuse(error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    problem = problem_of(error)
    report(error, problem)
    return answer(problem)


def _not_modified(same: NotModified) -> Response:
    response = Response(status=304)
    response.set_etag(same.tag)
    return response
