"""Puts the pages on the gateway's application."""

from flask import Flask, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers.response import Response

from chassis.web.problems import answer, problem_of
from gateway.pages import (  # noqa: F401 - importing them puts their views on the blueprint
    api,
    candidates,
    customer,
    customer_amendments,
    customer_contacts,
    customer_edit,
    customer_family,
    customer_owner,
    customer_register,
    customer_settings,
    customer_tags,
    customers,
    delegations,
    dialogs,
    disputes,
    door,
    erasure,
    export_rights,
    exports,
    handovers,
    imports,
    line,
    look_ups,
    mine,
    my_credit,
    my_days,
    my_pin,
    office,
    own_fields,
    ownership_policy,
    points,
    policy,
    pool,
    receipts,
    recycle_bin,
    register,
    reveals,
    roster,
    saved_searches,
    searches,
    settlement,
    sheet,
    stepping_out,
)
from gateway.pages.blueprint import blueprint, refuse
from gateway.pages.safety import say_policy
from gateway.pages.shared import Shared


def add_pages(app: Flask, *, keeps_points: bool) -> None:
    """The pages on `app`, which has its office already; those about points only where the company keeps them."""
    app.extensions["pages"] = Shared()
    app.register_blueprint(blueprint)
    app.register_error_handler(NotFound, _no_such_page)
    if keeps_points:
        app.register_blueprint(points.blueprint)


def _no_such_page(error: NotFound) -> Response:
    """Whoever reads pages is told in one, and whoever asks for data in data."""
    reads_pages = request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"
    if reads_pages and not request.path.startswith("/api/"):
        return say_policy(make_response(refuse(error)))
    return answer(problem_of(error))
