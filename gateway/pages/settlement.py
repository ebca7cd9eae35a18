"""The settlement of a month: the table, what is held past the cap, settling, and each one's pay."""

import re
from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import Company, the_company
from gateway.pages.inside import ask, put, tell
from gateway.pages.matters import DISCIPLINE
from gateway.pages.rooms import Answer, dialog, done, room, the_branch

_PAGE = "/office/settlement"


@blueprint.get("/office/settlement")
@permits("office.see")
def show_settlement() -> Answer:
    """A branch's month; without one named, the present."""
    company = the_company()
    branch_id = the_branch(company)
    today = company.today(branch_id)
    month = _month(f"{today:%Y-%m}")
    reply = ask(f"{DISCIPLINE}/settlements/{month}", branch_id=branch_id)
    over = month < f"{today:%Y-%m}"
    return room("settlement", company=company, branch_id=branch_id, month=month, reply=reply, over=over)


@blueprint.get("/office/settlement/settle")
@permits("discipline.decide")
def show_settling() -> Answer:
    """What settling a month means, before it is done."""
    return _dialog("settle", "", 200)


@blueprint.post("/office/settlement/settle")
@permits("discipline.decide")
def settle() -> Answer:
    """The month stays as it is from now on."""
    branch_id, month = _where()
    reply = tell(f"{DISCIPLINE}/settlements/{month}/settle", None, forms.key(), branch_id=branch_id)
    if reply.ok:
        return done(_PAGE, "settlement.settled", month=month, branch=branch_id or "")
    return _dialog("settle", wrong_in(reply), reply.status)


@blueprint.get("/office/settlement/held/<staff_id>")
@permits("discipline.decide")
def show_review(staff_id: str) -> Answer:
    """Somebody's fines past the cap."""
    return _dialog("review", "", 200, staff_id=staff_id)


@blueprint.post("/office/settlement/held/<staff_id>")
@permits("discipline.decide")
def review(staff_id: str) -> Answer:
    """They are taken for all that, or let go, with a reason."""
    branch_id, month = _where()
    said = {"staff_id": staff_id, "verdict": request.form.get("choice", "")} | forms.because()
    reply = tell(f"{DISCIPLINE}/settlements/{month}/reviews", said, forms.key(), branch_id=branch_id)
    if reply.ok:
        return done(_PAGE, "settlement.reviewed", month=month, branch=branch_id or "")
    return _dialog("review", wrong_in(reply), reply.status, staff_id=staff_id)


@blueprint.get("/office/settlement/pay/<staff_id>")
@permits("discipline.decide")
def show_pay(staff_id: str) -> Answer:
    """Somebody's monthly pay, of which the cap is a share."""
    return _dialog("pay", "", 200, staff_id=staff_id)


@blueprint.post("/office/settlement/pay/<staff_id>")
@permits("discipline.decide")
def set_pay(staff_id: str) -> Answer:
    """Their pay from the month on."""
    branch_id, month = _where()
    sent = request.form.get("monthly", "").strip()
    said = {"monthly": int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else sent, "month": month}
    reply = put(f"{DISCIPLINE}/pay/{staff_id}", said, forms.key(), branch_id=branch_id)
    if reply.ok:
        return done(_PAGE, "settlement.pay_set", month=month, branch=branch_id or "")
    return _dialog("pay", wrong_in(reply), reply.status, staff_id=staff_id)


def _dialog(name: str, wrong: str, status: int, **facts: Any) -> Answer:
    company = the_company()
    branch_id, month = _where(company)
    facts |= {"company": company, "branch_id": branch_id, "month": month}
    if name == "pay":
        facts["pay"] = ask(f"{DISCIPLINE}/pay/{facts['staff_id']}", branch_id=branch_id)
    return dialog(name, f"{_PAGE}?month={month}&branch={branch_id or ''}", wrong, status, **facts)


def _where(company: Company | None = None) -> tuple[str | None, str]:
    company = company or the_company()
    branch_id = the_branch(company)
    return branch_id, _month(f"{company.today(branch_id):%Y-%m}")


def _month(otherwise: str) -> str:
    """The month that the address names, if it is written as one: it becomes a part of an address."""
    sent = request.values.get("month", "")
    return sent if re.fullmatch(r"[0-9]{4}-[0-9]{2}", sent) else otherwise
