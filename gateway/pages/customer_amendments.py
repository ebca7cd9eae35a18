"""Another name or phone for a customer (一.3), and phones that are proved wrong (一.4)."""

from collections.abc import Mapping
from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer_forms import done, form, path_of, the_file, typed
from gateway.pages.inside import ask, tell
from gateway.pages.rooms import Answer


@blueprint.get("/customers/<customer_id>/amendments/new")
@permits("customers.edit")
def show_new_amendment(customer_id: str) -> Answer:
    """What is to be registered instead, and why."""
    return _amendment(customer_id, "", 200)


@blueprint.post("/customers/<customer_id>/amendments/new")
@permits("customers.edit")
def ask_amendment(customer_id: str) -> Answer:
    """The change is asked for; it has no effect until somebody else signs it (一.3)."""
    said = {name: value for name in ("name", "phone", "because") if (value := typed(name))}
    reply = tell(path_of(customer_id, "amendments"), said, forms.key())
    if reply.ok:
        return done(customer_id, "amendment.asked")
    return _amendment(customer_id, wrong_in(reply), reply.status)


@blueprint.get("/customers/<customer_id>/wrong-phones")
@permits("customers.manage")
def show_wrong_phones(customer_id: str) -> Answer:
    """Which registrations' phones are wrong, and how that is known."""
    return _wrong_phones(customer_id, "", 200)


@blueprint.post("/customers/<customer_id>/wrong-phones")
@permits("customers.manage")
def sign_wrong_phones(customer_id: str) -> Answer:
    """A manager's signature: these phones are not correct ones from now (一.4)."""
    said = {"entry_ids": request.form.getlist("entry_id")} | forms.because()
    reply = tell(path_of(customer_id, "wrong-phones"), said, forms.key())
    if reply.ok:
        return done(customer_id, "wrong_phones")
    return _wrong_phones(customer_id, wrong_in(reply), reply.status)


def _amendment(customer_id: str, wrong: str, status: int) -> Answer:
    file = the_file(customer_id)
    shown = file.body if file.ok else {}
    relative = _relative(customer_id) if file.ok and file.body["customer_id"] != customer_id else {}
    facts = {"file": relative or shown, "relative": relative}
    return form("amendment", customer_id, wrong or wrong_in(file), status if file.ok else file.status, **facts)


def _relative(customer_id: str) -> Mapping[str, Any]:
    """How one was registered last who is one customer with another (一.5): the file is the other's."""
    register = ask(path_of(customer_id, "register"))
    entries = [one for one in register.body["entries"] if one["customer_id"] == customer_id] if register.ok else []
    return max(entries, key=lambda one: str(one["at"]), default={})


def _wrong_phones(customer_id: str, wrong: str, status: int) -> Answer:
    register, file = ask(path_of(customer_id, "register")), the_file(customer_id)
    entries = [one for one in register.body["entries"] if one["phone"]] if register.ok else []
    branch_id = file.body["branch_id"] if file.ok else None
    return form(
        "wrong_phones",
        customer_id,
        wrong or wrong_in(register),
        status if register.ok else register.status,
        entries=entries,
        branch_id=branch_id,
    )
