"""Puts the pages on the gateway's application."""

from flask import Flask

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
from gateway.pages.blueprint import blueprint
from gateway.pages.shared import Shared


def add_pages(app: Flask, *, keeps_points: bool) -> None:
    """The pages on `app`, which has its office already; those about points only where the company keeps them."""
    app.extensions["pages"] = Shared()
    app.register_blueprint(blueprint)
    if keeps_points:
        app.register_blueprint(points.blueprint)
