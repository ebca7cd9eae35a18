"""Who has entrusted their customers to whom: the list, and one made by who leads for an absent colleague."""

from datetime import datetime
from typing import Any

from flask import request

from chassis.web import permits, the_asker
from gateway.pages import forms, hall
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import Company, the_company
from gateway.pages.inside import ask, tell
from gateway.pages.rooms import Answer, dialog, done, room

_DELEGATIONS = "/api/v1/reception/delegations"
_PAGE = "/office/delegations"


@blueprint.get("/office/delegations")
@permits("office.see")
def show_delegations() -> Answer:
    """Those that hold or will hold, and those that are over."""
    reply = ask(_DELEGATIONS, limit=200)
    items = reply.body["items"] if reply.ok else []
    holding = [one for one in items if _stands(one)]
    return room("delegations", reply=reply, holding=holding, over=[one for one in items if one not in holding])


@blueprint.get("/office/delegations/new")
@permits("reception.attend")
def show_new_delegation() -> Answer:
    """Whose customers, to whom, until when."""
    return _new("", 200)


@blueprint.post("/office/delegations/new")
@permits("reception.attend")
def entrust() -> Answer:
    """A colleague stands in an absent colleague's shoes."""
    company = the_company()
    reply = tell(_DELEGATIONS, _wish(company), forms.key())
    return done(_PAGE, "delegations.entrusted") if reply.ok else _new(wrong_in(reply), reply.status)


@blueprint.get("/office/delegations/<delegation_id>/take-back")
@permits("reception.attend")
def show_take_back(delegation_id: str) -> Answer:
    """Which delegation ends now."""
    return dialog("take_back", _PAGE, delegation_id=delegation_id)


@blueprint.post("/office/delegations/<delegation_id>/take-back")
@permits("reception.attend")
def take_back(delegation_id: str) -> Answer:
    """It ends now; what was assigned by it stands."""
    reply = tell(f"{_DELEGATIONS}/{delegation_id}/take-back", None, forms.key())
    if reply.ok:
        return done(_PAGE, "delegations.taken_back")
    return dialog("take_back", _PAGE, wrong_in(reply), reply.status, delegation_id=delegation_id)


def _new(wrong: str, status: int) -> Answer:
    company = the_company()
    people = company.sellers(the_asker().branch_id)
    return dialog("entrust", _PAGE, wrong, status, company=company, people=people)


def _wish(company: Company) -> dict[str, Any]:
    form, zone = request.form, company.zone(company.branch_of(request.form.get("staff_id", "")))
    said = {name: form.get(name, "") for name in ("staff_id", "delegate_id")} | forms.because()
    moments = {name: form.get(name, "").strip() for name in ("starts_at", "ends_at")}
    return said | {name: _moment(sent, zone) for name, sent in moments.items() if sent or name == "ends_at"}


def _moment(sent: str, zone: Any) -> str:
    """A local time as an instant; what is none goes on as it is, for reception to say so."""
    try:
        return datetime.fromisoformat(sent).replace(tzinfo=zone).isoformat()
    except ValueError:
        return sent


def _stands(one: dict[str, Any]) -> bool:
    return one["taken_back_at"] is None and datetime.fromisoformat(one["ends_at"]) > hall.now()
