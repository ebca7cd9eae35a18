"""What holds about owners 归属政策: today's settings, the dated versions, and deciding a new one."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms, roster_forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import Company, the_company
from gateway.pages.customer_forms import CUSTOMERS
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.language import text
from gateway.pages.rooms import WHOLE_COMPANY, Answer, branch_or_company, done, room

_POLICIES = f"{CUSTOMERS}/policies"
NUMBERS = (
    "draw_batch",
    "draw_daily",
    "draw_among",
    "hold_at_most",
    "cooling_off_days",
    "idle_days",
    "warning_days",
    "bin_days",
)
SWITCHES = ("first_visit_owns", "keep_key_accounts", "keep_closed_deals")
SETTINGS = NUMBERS + SWITCHES


@blueprint.get("/office/ownership")
@permits("office.see")
def show_ownership_policy() -> Answer:
    """What holds today, and every version so far and to come."""
    company = the_company()
    branch_id = branch_or_company(company)
    today = company.today(branch_id)
    made = _made()
    facts: dict[str, Any] = {"today": today, "versions": _seen_in(made, branch_id)}
    held = _held(company, branch_id, today, made)
    return room("ownership_policy", **_shared(company, branch_id), **facts, held=held)


@blueprint.get("/office/ownership/new")
@permits("customers.manage")
def show_new_ownership_policy() -> Answer:
    """The form of a new version: what the present one says, and what is left to the company."""
    return _form("", 200)


@blueprint.post("/office/ownership/new")
@permits("customers.manage")
def make_ownership_policy() -> Answer:
    """A new version in the place of the one before; what is left empty is not decided by it."""
    company = the_company()
    branch_id = branch_or_company(company)
    wish = {"branch_id": branch_id, "holds_from": request.form.get("holds_from", ""), "values": _typed()}
    reply = tell(_POLICIES, wish | forms.because(), forms.key())
    if reply.ok:
        return done("/office/ownership", "ownership_decided", branch=branch_id or WHOLE_COMPANY)
    return _form(wrong_in(reply), reply.status)


def _form(wrong: str, status: int) -> Answer:
    company = the_company()
    branch_id = branch_or_company(company)
    day = roster_forms.day(request.values.get("holds_from"), company.today(branch_id) + timedelta(days=1))
    made = _made()
    held, own = _held(company, branch_id, day, made), _own(made, branch_id, day)
    facts: dict[str, Any] = {"day": day, "held": held, "wrong": _in_words(wrong or wrong_in(made))}
    facts["values"] = request.form if request.method == "POST" else {name: _as_typed(own[name]) for name in own}
    return room("ownership_policy_new", status, **_shared(company, branch_id), **facts)


def _shared(company: Company, branch_id: str | None) -> dict[str, Any]:
    return {
        "company": company,
        "branch_id": branch_id,
        "whole": WHOLE_COMPANY,
        "numbers": NUMBERS,
        "switches": SWITCHES,
    }


def _held(company: Company, branch_id: str | None, day: date, made: Reply) -> Reply:
    """What holds on a day. For the company: what any branch holds that does not decide it for itself."""
    if branch_id is not None:
        return ask(f"{_POLICIES}/current", branch_id=branch_id, day=day)
    values: dict[str, Any] = {}
    for one in company.branches:
        reply = ask(f"{_POLICIES}/current", branch_id=one, day=day)
        if not reply.ok:
            return reply
        own = _own(made, one, day)
        values = {name: value for name, value in reply.body["values"].items() if name not in own} | values
    return Reply(200, {"values": values})


def _made() -> Reply:
    """Every version of the branches in reach and of the company, the last made first."""
    return ask(_POLICIES, limit=200)


def _seen_in(made: Reply, branch_id: str | None) -> Reply:
    """Those of the branch and of the company."""
    if not made.ok:
        return made
    return Reply(200, {"items": [one for one in made.body["items"] if one["branch_id"] in (branch_id, None)]})


def _own(made: Reply, branch_id: str | None, day: date) -> Mapping[str, Any]:
    """What the version says that holds on a day for exactly this branch, or for the company."""
    every = made.body["items"] if made.ok else []
    begun = [one for one in every if one["branch_id"] == branch_id and one["holds_from"] <= day.isoformat()]
    last = max(begun, key=lambda one: (one["holds_from"], one["n"]), default=None)
    return last["values"] if last else {}


def _typed() -> dict[str, Any]:
    """What the form decides, as the service wants it; what is no number goes on as typed, to be refused."""
    said = {name: value for name in SETTINGS if (value := request.form.get(name, "").strip())}
    return {name: value == "yes" if name in SWITCHES else _number(value) for name, value in said.items()}


def _in_words(wrong: str) -> str:
    """A refusal with the settings called as the form calls them."""
    for name in SETTINGS:
        wrong = wrong.replace(name, text(f"ownership.settings.{name}"))
    return wrong


def _number(value: str) -> Any:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value


def _as_typed(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
