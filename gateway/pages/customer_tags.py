"""The words on a customer: put on and taken off in one form, with those that the branch uses."""

import re

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer_forms import CUSTOMERS, done, form, path_of, the_file
from gateway.pages.inside import Reply, ask, patch
from gateway.pages.rooms import Answer

_OFFERED = 24  # of the branch's tags, the one of most customers first


@blueprint.get("/customers/<customer_id>/tags")
@permits("customers.edit")
def show_tags(customer_id: str) -> Answer:
    """What is on the customer, and what could be."""
    return _form(customer_id, ask(path_of(customer_id, "tags")), "", 200)


@blueprint.post("/customers/<customer_id>/tags")
@permits("customers.edit")
def set_tags(customer_id: str) -> Answer:
    """Those that were chosen or typed go on, and those that are no longer chosen go off."""
    new = [word for one in re.split("[,，、;；\n]", request.form.get("new", "")) if (word := one.strip())]
    chosen, held = [*request.form.getlist("tag"), *new], request.form.getlist("held")
    said = {"add": [one for one in chosen if one not in held], "remove": [one for one in held if one not in chosen]}
    reply = patch(path_of(customer_id, "tags"), said, forms.key())
    if reply.ok:
        return done(customer_id, "tags_set")
    return _form(customer_id, ask(path_of(customer_id, "tags")), wrong_in(reply), reply.status)


def _form(customer_id: str, held: Reply, wrong: str, status: int) -> Answer:
    if not held.ok:
        return form("tags", customer_id, wrong_in(held), held.status, tags=[], others=[])
    file = the_file(customer_id)
    used = ask(f"{CUSTOMERS}/tags", branch_id=file.body["branch_id"]) if file.ok else file
    words = [one["tag"] for one in used.body["items"]] if used.ok else []
    others = [word for word in words if word not in held.body["tags"]][:_OFFERED]
    return form("tags", customer_id, wrong, status, tags=held.body["tags"], others=others)
