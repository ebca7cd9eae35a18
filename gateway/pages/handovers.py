"""Handing over 移交: all customers of a leaver go to colleagues, in one act, split fairly."""

from typing import Any

from flask import request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.customer_forms import CUSTOMERS
from gateway.pages.inside import ask, tell
from gateway.pages.rooms import Answer, dialog, done, room, the_branch

_PAGE = "/office/handovers"


@blueprint.get("/office/handovers")
@permits("customers.manage")
def show_handovers() -> Answer:
    """Whose customers wait for another owner."""
    company = the_company()
    return room("handovers", company=company, branch_id=the_branch(company), reply=ask(f"{CUSTOMERS}/leavers"))


@blueprint.get("/office/handovers/new")
@permits("customers.manage")
def show_handing_over() -> Answer:
    """To whom they go: somebody who has left is named by the list, else it is chosen who leaves."""
    return _form("", 200)


@blueprint.post("/office/handovers/new")
@permits("customers.manage")
def hand_over() -> Answer:
    """They go, all of them."""
    said: dict[str, Any] = {"from_id": request.form.get("from_id", ""), "to_ids": request.form.getlist("to_id")}
    if the_asker().sees_all_branches:
        said["branch_id"] = the_branch(the_company())
    reply = tell(f"{CUSTOMERS}/handovers", said | forms.because(), forms.key())
    return done(_PAGE, "handed_over") if reply.ok else _form(wrong_in(reply), reply.status)


def _form(wrong: str, status: int) -> Answer:
    company = the_company()
    branch_id, from_id = the_branch(company), request.values.get("from_id", "")
    sellers = company.sellers(branch_id)
    facts: dict[str, Any] = {"company": company, "branch_id": branch_id, "from_id": from_id, "sellers": sellers}
    facts["left"] = from_id not in {one["id"] for one in sellers} and bool(from_id)
    return dialog("handover", _PAGE, wrong, status, **facts)
