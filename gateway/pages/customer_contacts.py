"""The people at a customer's: written down, changed, made the primary, forgotten."""

from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer_forms import done, form, path_of, typed
from gateway.pages.inside import Reply, ask, patch, remove, tell
from gateway.pages.language import text
from gateway.pages.rooms import Answer

TEXTS = {"name": 80, "position": 80, "email": 254, "wechat": 80, "remarks": 500}
"""The fields of a contact but the phones, with the longest that each may be."""


@blueprint.get("/customers/<customer_id>/contacts/new")
@permits("customers.edit")
def show_new_contact(customer_id: str) -> Answer:
    """Somebody who is not written down yet."""
    return _form(customer_id, {"phones": []}, "", 200)


@blueprint.post("/customers/<customer_id>/contacts/new")
@permits("customers.edit")
def add_contact(customer_id: str) -> Answer:
    """They are written down; the first is the primary."""
    said = {name: value for name in TEXTS if (value := typed(name))} | {"phones": _phones()}
    reply = tell(path_of(customer_id, "contacts"), said, forms.key())
    return _after(customer_id, {"phones": []}, reply, "added")


@blueprint.get("/customers/<customer_id>/contacts/<contact_id>")
@permits("customers.edit")
def show_contact(customer_id: str, contact_id: str) -> Answer:
    """One contact, in a form."""
    held, wrong, status = _held(customer_id, contact_id)
    return _form(customer_id, held, wrong, status)


@blueprint.post("/customers/<customer_id>/contacts/<contact_id>")
@permits("customers.edit")
def change_contact(customer_id: str, contact_id: str) -> Answer:
    """What was changed is changed, unless somebody else changed it meanwhile. Phones that show masked stay."""
    held, wrong, status = _held(customer_id, contact_id)
    if wrong:
        return _form(customer_id, held, wrong, status)
    said: dict[str, Any] = {name: typed(name) for name in TEXTS}
    said |= {} if is_masked(held) else {"phones": _phones()}
    changes = {name: value for name, value in said.items() if value != held[name]}
    path, version = path_of(customer_id, "contacts", contact_id), request.form.get("version", "")
    return _after(customer_id, held, patch(path, changes, forms.key(), version), "changed")


@blueprint.post("/customers/<customer_id>/contacts/<contact_id>/make-primary")
@permits("customers.edit")
def make_contact_primary(customer_id: str, contact_id: str) -> Answer:
    """This contact is the primary from now."""
    reply = tell(path_of(customer_id, "contacts", contact_id, "make-primary"), None, forms.key())
    return _after(customer_id, _held(customer_id, contact_id)[0], reply, "primary")


@blueprint.post("/customers/<customer_id>/contacts/<contact_id>/remove")
@permits("customers.edit")
def remove_contact(customer_id: str, contact_id: str) -> Answer:
    """The contact is forgotten."""
    held = _held(customer_id, contact_id)[0]
    return _after(customer_id, held, remove(path_of(customer_id, "contacts", contact_id), forms.key()), "removed")


def is_masked(contact: dict[str, Any]) -> bool:
    """Whether the reader sees no whole phone of it, and so cannot change them."""
    return any("*" in phone for phone in contact["phones"])


def _held(customer_id: str, contact_id: str) -> tuple[dict[str, Any], str, int]:
    """The contact as it is now; else an empty one, and what is wrong."""
    reply = ask(path_of(customer_id, "contacts"))
    every = reply.body["items"] if reply.ok else []
    for one in every:
        if one["contact_id"] == contact_id:
            return one, "", 200
    gone: dict[str, Any] = {"phones": []}
    return (gone, text("contact.gone"), 404) if reply.ok else (gone, wrong_in(reply), reply.status)


def _phones() -> list[str]:
    return [phone for one in request.form.getlist("phones") if (phone := one.strip())]


def _after(customer_id: str, held: dict[str, Any], reply: Reply, code: str) -> Answer:
    if reply.ok:
        return done(customer_id, f"contact.{code}")
    return _form(customer_id, held, wrong_in(reply), reply.status)


def _form(customer_id: str, held: dict[str, Any], wrong: str, status: int) -> Answer:
    phones = request.form.getlist("phones") if request.method == "POST" else held["phones"]
    rows = [*(one for one in phones if one), ""]
    facts = {"held": held, "texts": TEXTS, "phones": rows + [""] * (2 - len(rows)), "masked": is_masked(held)}
    return form("contact", customer_id, wrong, status, **facts)
