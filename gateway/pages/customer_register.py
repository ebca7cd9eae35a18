"""Registering a customer by hand 登记客户: somebody new, or whose they are already and by which rule; and the full name
or the phone that a registration still lacks (一.4)."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms, rooms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.customer_forms import CUSTOMERS, done, form, page_of, path_of, the_file, typed, wrong_by_field
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.rooms import Answer

_ASKED = ("name", "phone", "customer_type")
_CALLED = {name: f"customers.columns.{name}" for name in _ASKED}


@blueprint.get("/customers/new")
@permits("customers.register")
def show_new_customer() -> Answer:
    """Who it is, as far as that is known."""
    return _page({}, 200)


@blueprint.post("/customers/new")
@permits("customers.register")
def register_customer() -> Answer:
    """They are registered: somebody new has a page, of who is known it is said whose they are; what is refused comes
    back as it was typed."""
    reply = tell(CUSTOMERS, _said(*_ASKED) | _where(), forms.key())
    if not reply.ok:
        return _page(request.form, reply.status, wrong=wrong_by_field(reply, _CALLED), wrong_field=_field_of(reply))
    if not reply.body["is_new"]:
        return _known(reply.body)
    customer_id: str = reply.body["customer_id"]
    if reply.body["ruling"]["asks_for_full_name"]:
        return rooms.done(f"{page_of(customer_id)}/register", "registered")
    return done(customer_id, "registered")


@blueprint.get("/customers/<customer_id>/register")
@permits("customers.register")
def show_completing(customer_id: str) -> Answer:
    """What the registration that holds still lacks."""
    return _completing(customer_id, Reply(200, {}))


@blueprint.post("/customers/<customer_id>/register")
@permits("customers.register")
def complete_registration(customer_id: str) -> Answer:
    """They are registered once more; asked again while the name is not a full one. Whose they are then is said to who
    sees them no more."""
    reply = tell(path_of(customer_id, "register"), _said("name", "phone"), forms.key())
    if not reply.ok:
        return _completing(customer_id, reply)
    if reply.body["ruling"]["asks_for_full_name"]:
        return rooms.done(f"{page_of(customer_id)}/register", "registration.not_full")
    if the_file(customer_id).ok:
        return done(customer_id, "registration.completed")
    return form("registration", customer_id, known=reply.body, in_reach=False)


def lacking(register: Mapping[str, Any]) -> str:
    """What the registration that holds lacks to count (一.4): its full name, a correct phone, both; or nothing."""
    ruling = register["ruling"]
    holds = next((one for one in register["entries"] if one["entry_id"] == ruling["winner_entry_id"]), None)
    if holds is None or holds["counts"]:
        return ""
    if holds["has_correct_phone"]:
        return "name"
    return "both" if ruling["asks_for_full_name"] else "phone"


def _said(*names: str) -> dict[str, str]:
    return {name: value for name in names if (value := typed(name))}


def _where() -> dict[str, str | None]:
    """The branch that the form names, for those who belong to none."""
    return {"branch_id": rooms.the_branch(the_company())} if the_asker().sees_all_branches else {}


def _field_of(reply: Reply) -> str:
    """Which field of the form is refused: customers names it, or the refusal's code does."""
    named = [str(one["field"]) for one in reply.body.get("errors", ())] or [str(reply.body.get("code"))]
    return next((name for name in _ASKED if name in named[0]), "")


def _known(customer: Mapping[str, Any]) -> Answer:
    """Whose the customer is; where no registration has a full name, who gives it first wins (一.4), so it is asked."""
    kept = {name: request.form.get(name, "") for name in ("phone", "customer_type")}
    return _page(kept, 200, known=customer, in_reach=the_file(customer["customer_id"]).ok)


def _page(typed_before: Mapping[str, str], status: int, **facts: Any) -> Answer:
    company = the_company()
    branch_id = rooms.the_branch(company)
    types = ask(path_of("types"), branch_id=branch_id)
    facts |= {"types": types.body["names"] if types.ok else [], "who": the_asker()}
    shown = {"company": company, "branch_id": branch_id, "typed": typed_before}
    return render_template("pages/customer_new.html", **shown, **facts), status


def _completing(customer_id: str, reply: Reply) -> Answer:
    """The form; `reply` is what it has to say of the act that was refused."""
    file, register = the_file(customer_id), ask(path_of(customer_id, "register"))
    if not (file.ok and register.ok):
        failed = register if file.ok else file
        return form("registration", customer_id, wrong_in(failed), failed.status, file=None)
    facts: dict[str, Any] = {"file": file.body, "lacks": lacking(register.body), "said": forms.said()}
    return form("registration", customer_id, wrong_by_field(reply, _CALLED), reply.status, **facts)
