"""Changing a customer's file: what people set in it, what the customer wants, and the company's own fields."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import redirect, render_template, request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer import DEMAND
from gateway.pages.inside import Reply, ask, patch
from gateway.pages.language import the_language
from gateway.pages.rooms import Answer

_CUSTOMERS = "/api/v1/customers"
_TEXTS = ("company", "industry", "province", "city", "district", "remarks")
_CHOSEN = ("customer_type", "grade")


@blueprint.get("/customers/<customer_id>/edit")
@permits("customers.edit")
def show_edit(customer_id: str) -> Answer:
    """The file as it is, in a form."""
    return _form(ask(_file(customer_id)), "", 200)


@blueprint.post("/customers/<customer_id>/edit")
@permits("customers.edit")
def edit(customer_id: str) -> Answer:
    """What was changed is changed, unless somebody else changed the file meanwhile; what is wrong comes back typed."""
    held = ask(_file(customer_id))
    if not held.ok:
        return _form(held, "", held.status)
    changes = _changes(held.body, _own_fields(held.body))
    reply = patch(_file(customer_id), changes, forms.key(), request.form.get("version", ""))
    if reply.ok:
        return redirect(f"/customers/{quote(customer_id, safe='')}?said=customer_changed", 303)
    return _form(held, wrong_in(reply), reply.status)


def _file(customer_id: str) -> str:
    return f"{_CUSTOMERS}/{quote(customer_id, safe='')}"


def _form(held: Reply, wrong: str, status: int) -> tuple[str, int]:
    facts: dict[str, Any] = {"held": held, "wrong": wrong, "demand": DEMAND, "texts": _TEXTS, "name": _field_name()}
    if held.ok:
        types = ask(f"{_CUSTOMERS}/types", branch_id=held.body["branch_id"])
        facts |= {"fields": _own_fields(held.body), "types": types.body["names"] if types.ok else []}
    shown = render_template("pages/customer_edit.html", typed=request.form, **facts)
    return shown, status if held.ok or held.away else held.status


def _field_name() -> str:
    return f"name_{the_language()}"


def _own_fields(customer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The company's own fields in use; none while they are away."""
    reply = ask(f"{_CUSTOMERS}/fields", branch_id=customer["branch_id"])
    return [one for one in reply.body["items"] if not one["retired"]] if reply.ok else []


def _changes(held: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the form says otherwise than the file; of the own fields too, so that only those are looked at."""
    said: dict[str, Any] = {name: request.form.get(name, "").strip() or None for name in (*_TEXTS, *_CHOSEN)}
    said["key_account"] = "key_account" in request.form
    changes = {name: value for name, value in said.items() if value != held[name]}
    changes["demand"] = {name: request.form.get(f"demand.{name}", "").strip() or None for name in DEMAND}
    own = {one["field_id"]: _own(one) for one in fields}
    changes["details"] = {one: value for one, value in own.items() if value != held["details"].get(one)}
    return changes


def _own(field: Mapping[str, Any]) -> Any:
    """The value as it was typed or chosen; what is no number is sent as it stands, for the service to refuse."""
    several = [one for one in request.form.getlist(f"own.{field['field_id']}") if one.strip()]
    if field["kind"] == "choices":
        return several or None
    typed = several[0].strip() if several else None
    if typed is None or field["kind"] not in ("number", "yes_no"):
        return typed
    return typed == "yes" if field["kind"] == "yes_no" else _number(typed)


def _number(typed: str) -> Any:
    try:
        number = float(typed)
    except ValueError:
        return typed
    return int(number) if number.is_integer() else number
