"""A customer's family 亲属 and place in a group: asking for a relation, ending one, and standing under another."""

from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer_forms import done, form, found, path_of, the_file, wants_to_find
from gateway.pages.inside import put, tell
from gateway.pages.rooms import Answer

KINDS = ("spouse", "parent", "child", "betrothed", "other")
"""What another can be to a customer; the last is noted, but nobody's family (一.5)."""


@blueprint.get("/customers/<customer_id>/relations/new")
@permits("customers.edit")
def show_new_relation(customer_id: str) -> Answer:
    """Who is what to the customer."""
    return _relation(customer_id, "", 200)


@blueprint.post("/customers/<customer_id>/relations/new")
@permits("customers.edit")
def ask_relation(customer_id: str) -> Answer:
    """The relation is asked for; it has no effect until a manager confirms it (一.5)."""
    if wants_to_find():
        return _relation(customer_id, "", 200)
    said = {"relative_id": request.form.get("other_id", ""), "kind": request.form.get("kind", "")}
    reply = tell(path_of(customer_id, "relations"), said, forms.key())
    return done(customer_id, "relation.asked") if reply.ok else _relation(customer_id, wrong_in(reply), reply.status)


@blueprint.get("/customers/<customer_id>/relations/<relation_id>/end")
@permits("customers.manage")
def show_ending(customer_id: str, relation_id: str) -> Answer:
    """Why a relation ends."""
    return form("relation_end", customer_id, relation_id=relation_id)


@blueprint.post("/customers/<customer_id>/relations/<relation_id>/end")
@permits("customers.manage")
def end_relation(customer_id: str, relation_id: str) -> Answer:
    """The relation is over: both files stand for themselves again."""
    reply = tell(path_of("relations", relation_id, "end"), forms.because(), forms.key())
    if reply.ok:
        return done(customer_id, "relation.ended")
    return form("relation_end", customer_id, wrong_in(reply), reply.status, relation_id=relation_id)


@blueprint.get("/customers/<customer_id>/parent")
@permits("customers.edit")
def show_parent(customer_id: str) -> Answer:
    """Under whom the customer stands."""
    return _parent(customer_id, "", 200)


@blueprint.post("/customers/<customer_id>/parent")
@permits("customers.edit")
def put_under(customer_id: str) -> Answer:
    """The customer stands under another from now, or under nobody."""
    if wants_to_find():
        return _parent(customer_id, "", 200)
    parent = None if "none" in request.form else request.form.get("other_id", "")
    version = request.form.get("version", "")
    reply = put(path_of(customer_id, "parent"), {"parent_id": parent}, forms.key(), version)
    return done(customer_id, "parent_set") if reply.ok else _parent(customer_id, wrong_in(reply), reply.status)


def _relation(customer_id: str, wrong: str, status: int) -> Answer:
    return form("relation", customer_id, wrong, status, kinds=KINDS, found=found(customer_id))


def _parent(customer_id: str, wrong: str, status: int) -> Answer:
    file = the_file(customer_id)
    facts: dict[str, Any] = {"found": found(customer_id), "file": file.body if file.ok else {}}
    return form("parent", customer_id, wrong or wrong_in(file), status if file.ok else file.status, **facts)
