"""What a branch decides for itself: what holds and since when, a new version, and the trial of a draft."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms, policy_form, roster_forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import Company, the_company
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.rooms import WHOLE_COMPANY, Answer, branch_or_company, done, room

_POLICIES = "/api/v1/reception/policies"
_TRIAL_TAKES = 60.0  # seconds that a trial of many days may take
KINDS = ("assignments", "passed_on", "overstays", "turns", "penalties", "forfeits", "suspensions")


@dataclass(frozen=True)
class _Scope:
    """For whom it is decided: a branch, or (None) the whole company."""

    company: Company
    branch_id: str | None

    @property
    def named(self) -> str:
        return self.branch_id or WHOLE_COMPANY


@blueprint.get("/office/policy")
@permits("office.see")
def show_policy() -> Answer:
    """What holds now, where each value comes from, and every version so far and to come."""
    scope = _scope()
    today = scope.company.today(scope.branch_id)
    held, versions = _held(scope, today), _versions(scope)
    facts: dict[str, Any] = {"held": held, "versions": versions, "today": today}
    facts["since"] = {one["version"]: one["holds_from"] for one in versions.body["items"]} if versions.ok else {}
    facts["sources_of"] = partial(policy_form.sources_of, held.body.get("sources", {}))
    return room("policy", **_shared(scope), **facts)


@blueprint.get("/office/policy/new")
@permits("reception.policy")
def show_new_policy() -> Answer:
    """The form of a new version, as things stand on the day from which it is to hold."""
    return _form(_scope(), None, "", 200)


@blueprint.post("/office/policy/new")
@permits("reception.policy")
def make_policy() -> Answer:
    """A new version, or the trial of it on past days: what would have changed, for whom."""
    scope = _scope()
    held, versions = _held(scope, _from(scope)), _versions(scope)
    if not (held.ok and versions.ok):
        failed = versions if held.ok else held
        return _form(scope, None, wrong_in(failed), failed.status)
    own = policy_form.own_settings(versions.body["items"], held.body["sources"], scope.branch_id)
    values = policy_form.document(request.form, held.body["values"], own, held.body["sources"])
    return _tried(scope, values) if "try" in request.form else _made(scope, values)


def _made(scope: _Scope, values: dict[str, Any]) -> Answer:
    wish = {"branch_id": scope.branch_id, "holds_from": request.form.get("holds_from", ""), "values": values}
    reply = tell(_POLICIES, wish | forms.because(), forms.key())
    if reply.ok:
        return done("/office/policy", "policy.made", branch=scope.named)
    return _form(scope, None, wrong_in(reply), reply.status)


def _tried(scope: _Scope, values: dict[str, Any]) -> Answer:
    days = {name: request.form.get(name, "") for name in ("from_day", "to_day")}
    draft = {"branch_id": scope.branch_id, "values": values} | days
    reply = tell(f"{_POLICIES}/trial", draft, "", within=_TRIAL_TAKES)
    return _form(scope, reply.body if reply.ok else None, wrong_in(reply), reply.status)


def _form(scope: _Scope, trial: dict[str, Any] | None, wrong: str, status: int) -> Answer:
    day = _from(scope)
    held, versions = _held(scope, day), _versions(scope)
    facts: dict[str, Any] = {"held": held, "day": day, "trial": trial, "wrong": wrong, "kinds": KINDS}
    if held.ok and versions.ok:
        values = held.body["values"]
        own = policy_form.own_settings(versions.body["items"], held.body["sources"], scope.branch_id)
        facts["own"] = {setting.partition(".")[0] for setting in own}
        facts["values"] = policy_form.as_typed(request.form, values) if request.method == "POST" else values
        facts["follows"] = request.form.getlist("follow")
    today = scope.company.today(scope.branch_id)
    facts |= {"yesterday": today - timedelta(days=1), "week_ago": today - timedelta(days=7)}
    return room("policy_new", status, **_shared(scope), **facts)


def _scope() -> _Scope:
    company = the_company()
    return _Scope(company, branch_or_company(company))


def _shared(scope: _Scope) -> dict[str, Any]:
    shape = {"groups": policy_form.GROUPS, "in_unit": policy_form.shown, "spare": policy_form.SPARE}
    return shape | {"scope": scope, "company": scope.company, "whole": WHOLE_COMPANY}


def _from(scope: _Scope) -> date:
    tomorrow = scope.company.today(scope.branch_id) + timedelta(days=1)
    return roster_forms.day(request.values.get("holds_from"), tomorrow)


def _held(scope: _Scope, day: date) -> Reply:
    return ask(f"{_POLICIES}/current", branch_id=scope.branch_id, day=day)


def _versions(scope: _Scope) -> Reply:
    return ask(_POLICIES, branch_id=scope.branch_id, limit=200)
