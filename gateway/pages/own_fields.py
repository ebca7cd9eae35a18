"""The company's own fields 自定义字段 of customers: added, changed, retired and taken into use again."""

import re
from collections.abc import Mapping
from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.customer_forms import path_of, typed, wrong_by_field
from gateway.pages.customer_settings import PAGE
from gateway.pages.inside import Reply, ask, patch, tell
from gateway.pages.language import the_language
from gateway.pages.rooms import WHOLE_COMPANY, Answer, branch_or_company, dialog, done

KINDS = ("text", "number", "date", "choice", "choices", "yes_no")
"""What a field can hold; the fourth and fifth have choices."""

_CHOOSING = ("choice", "choices")
_CALLED = {name: f"own_field.{name}" for name in ("name_zh", "name_en", "kind", "choices", "place")}
_NEW: Mapping[str, Any] = {}


@blueprint.get("/office/customer-settings/fields/new")
@permits("customers.manage")
def show_new_field() -> Answer:
    """What a field is to hold."""
    return _form(_NEW, Reply(200, {}))


@blueprint.post("/office/customer-settings/fields/new")
@permits("customers.manage")
def add_field() -> Answer:
    """The branch, or the whole company, has one field more."""
    branch_id = branch_or_company(the_company())
    kind = request.form.get("kind", "")
    said = {"kind": kind, "branch_id": branch_id} | _typed(kind)
    reply = tell(path_of("fields"), said, forms.key())
    return done(PAGE, "own_field.added", branch=branch_id or WHOLE_COMPANY) if reply.ok else _form(_NEW, reply)


@blueprint.get("/office/customer-settings/fields/<field_id>")
@permits("customers.manage")
def show_field(field_id: str) -> Answer:
    """One field, in a form."""
    held = ask(path_of("fields", field_id))
    return _form(held.body if held.ok else None, held)


@blueprint.post("/office/customer-settings/fields/<field_id>")
@permits("customers.manage")
def change_field(field_id: str) -> Answer:
    """It is as the form says, or retired, or in use again, unless somebody else changed it meanwhile."""
    held = ask(path_of("fields", field_id))
    if not held.ok:
        return _form(None, held)
    retired = request.form.get("retired")
    said = _changes(held.body) if retired is None else {"retired": retired == "yes"}
    reply = patch(path_of("fields", field_id), said, forms.key(), request.form.get("version", ""))
    if not reply.ok:
        return _form(held.body, reply)
    code = {None: "changed", "yes": "retired"}.get(retired, "in_use")
    return done(PAGE, f"own_field.{code}", branch=request.form.get("branch", ""))


def _typed(kind: str) -> dict[str, Any]:
    """What both forms say. One name stands for both languages where only one is typed."""
    zh, en = typed("name_zh"), typed("name_en")
    named = {name: value for name, value in (("name_zh", zh or en), ("name_en", en or zh)) if value}
    said: dict[str, Any] = {name: name in request.form for name in ("required", "searchable")}
    choices = [word for one in re.split("[、;；\n]", request.form.get("choices", "")) if (word := one.strip())]
    return named | said | ({"choices": choices} if kind in _CHOOSING else {})


def _changes(held: Mapping[str, Any]) -> dict[str, Any]:
    place = request.form.get("place", "").strip()
    return _typed(held["kind"]) | {"place": int(place) if re.fullmatch("[0-9]{1,9}", place) else place}


def _form(held: Mapping[str, Any] | None, reply: Reply) -> Answer:
    """The form of a field, or of a new one, or (None) of none; `reply` is what it has to say."""
    company = the_company()
    branch_id = branch_or_company(company)
    facts: dict[str, Any] = {"company": company, "branch_id": branch_id, "whole": WHOLE_COMPANY}
    facts |= {"held": held, "kinds": KINDS, "choosing": _CHOOSING, "mine": f"name_{the_language()}"}
    back = f"{PAGE}?branch={branch_id or WHOLE_COMPANY}"
    return dialog("own_field", back, wrong_by_field(reply, _CALLED), reply.status, **facts)
