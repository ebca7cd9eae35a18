"""Erasing who a customer is because it was asked for, and what was erased: for managers."""

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer_forms import page_of, path_of, the_file
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.rooms import Answer, dialog, done, room

_PAGE = "/office/erasures"
_REQUESTERS = ("person", "representative", "relative", "authority", "company")


@blueprint.get("/office/erasures")
@permits("customers.manage")
def show_erasures() -> Answer:
    """Which customers were erased, when and by whom, and who had asked; the last first."""
    return room("erasures", reply=ask(path_of("erasures"), after=request.args.get("after")))


@blueprint.get("/customers/<customer_id>/erasure")
@permits("customers.manage")
def show_erasing(customer_id: str) -> Answer:
    """What is forgotten and what stays, before anything is done."""
    held = the_file(customer_id)
    return _erasing(customer_id, held, held)


@blueprint.post("/customers/<customer_id>/erasure")
@permits("customers.manage")
def erase(customer_id: str) -> Answer:
    """The customer is forgotten for good; a family only when the form says that all of them asked."""
    sent = request.form
    said = {"code": sent.get("code", "").strip(), "requested_by": sent.get("requested_by", "")}
    reply = tell(path_of(customer_id, "erasure"), said | {"family_too": "family_too" in sent}, forms.key())
    return done(_PAGE, "erasure.done") if reply.ok else _erasing(customer_id, the_file(customer_id), reply)


def _erasing(customer_id: str, held: Reply, reply: Reply) -> Answer:
    """The form; `reply` is what it has to say: of the file, or of the act that was refused."""
    family = "family_too" in request.form or reply.body.get("code") == "stands_for_relatives"
    facts = {"customer_id": customer_id, "held": held, "family": family, "requesters": _REQUESTERS}
    return dialog("erase", page_of(customer_id), wrong_in(reply), reply.status, **facts)
