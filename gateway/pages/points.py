"""Points (积分) on the screen: what a customer spends and is given, and by which rules; there only by a setting."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, request

from chassis.web import permits
from gateway.pages import forms, safety
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import refuse
from gateway.pages.company import Company, the_company
from gateway.pages.customer import customer_page, yuan
from gateway.pages.customer_forms import page_of, path_of
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.rooms import WHOLE_COMPANY, Answer, branch_or_company, done, room

blueprint = Blueprint("points", __name__, template_folder="templates")
blueprint.after_request(safety.say_policy)
blueprint.register_error_handler(Exception, refuse)

_RULES = path_of("points-rules")
_NUMBERS = ("deal_points", "visit_points", "referral_points", "by_hand_most")
_SHOWN = 20


@blueprint.post("/customers/<customer_id>/points/spendings")
@permits("customers.sign")
def spend_points(customer_id: str) -> Answer:
    """The customer spends points."""
    return _posted(customer_id, "spendings", "points_spent")


@blueprint.post("/customers/<customer_id>/points/by-hand")
@permits("customers.manage")
def change_points_by_hand(customer_id: str) -> Answer:
    """A manager gives points or takes them."""
    return _posted(customer_id, "by-hand", "points_changed")


def _posted(customer_id: str, way: str, said: str) -> Answer:
    note = request.form.get("note", "").strip() or None
    body = {"points": _number("points"), "reason": request.form.get("reason", ""), "note": note}
    reply = tell(path_of(customer_id, "points", way), body, forms.key())
    if reply.ok:
        return done(page_of(customer_id), said)
    return customer_page(customer_id, "", wrong_in(reply), reply.status)


@blueprint.get("/office/points")
@permits("office.see")
def show_points_rules() -> Answer:
    """What holds now, every version so far and to come, and the form of a new one."""
    return _page("", 200)


@blueprint.post("/office/points")
@permits("customers.manage")
def make_points_rules() -> Answer:
    """A new version: every setting as it stands in the form."""
    _company, branch_id = _scope()
    values: dict[str, Any] = {name: _number(name) for name in _NUMBERS} | {"deal_per": _cents("deal_per")}
    values |= {"on": "on" in request.form, "types_off": request.form.getlist("types_off")}
    wish = {"branch_id": branch_id, "holds_from": request.form.get("holds_from", ""), "values": values}
    reply = tell(_RULES, wish | forms.because(), forms.key())
    if reply.ok:
        return done("/office/points", "policy.made", branch=branch_id or WHOLE_COMPANY)
    return _page(wrong_in(reply), reply.status)


def _page(wrong: str, status: int) -> Answer:
    company, branch_id = _scope()
    today = company.today(branch_id)
    held = ask(f"{_RULES}/current", branch_id=branch_id)
    facts: dict[str, Any] = {"held": held, "versions": ask(_RULES, limit=_SHOWN), "today": today, "wrong": wrong}
    facts |= {"types": _types(branch_id), "numbers": _NUMBERS, "yuan": yuan, "tomorrow": today + timedelta(days=1)}
    facts |= {"branch_id": branch_id, "whole": WHOLE_COMPANY, "company": company}
    return room("points", status, **facts | {"values": _values(held)})


def _values(held: Reply) -> Mapping[str, Any]:
    """What stands in the form: what was typed, else what holds."""
    if request.method == "GET":
        return dict(held.body["values"]) if held.ok else {}
    typed = {name: request.form.get(name, "") for name in _NUMBERS} | {"deal_per": _cents("deal_per")}
    return typed | {"on": "on" in request.form, "types_off": request.form.getlist("types_off")}


def _types(branch_id: str | None) -> list[str]:
    reply = ask(path_of("types"), branch_id=branch_id)
    return list(reply.body["names"]) if reply.ok else []


def _scope() -> tuple[Company, str | None]:
    """Whose rules: a branch's, or (None) the whole company's."""
    company = the_company()
    return company, branch_or_company(company)


def _number(name: str) -> int | str:
    """A whole number as typed; what is none goes on as it stands, for the service to refuse."""
    typed = request.form.get(name, "").strip()
    digits = typed.removeprefix("-")
    return int(typed) if digits.isascii() and digits.isdigit() and len(digits) < 13 else typed


def _cents(name: str) -> int | str:
    """Whole yuan as typed, in cents."""
    number = _number(name)
    return number * 100 if isinstance(number, int) else number
