"""The recycle bin 回收站 of customers, for managers: deleting, restoring, purging."""

from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer_forms import page_of, path_of
from gateway.pages.inside import ask, tell
from gateway.pages.rooms import Answer, dialog, done, room

_BIN = "recycle-bin"
_PAGE = "/office/recycle-bin"


@blueprint.get("/office/recycle-bin")
@permits("customers.manage")
def show_bin() -> Answer:
    """Who was deleted, by whom and why, and until when they can be restored."""
    return _room()


@blueprint.post("/office/recycle-bin/<customer_id>/restore")
@permits("customers.manage")
def restore(customer_id: str) -> Answer:
    """The customer is back; what happened meanwhile is said on the page."""
    reply = tell(path_of(_BIN, customer_id, "restore"), None, forms.key())
    if not reply.ok:
        return _room(reply.status, wrong=wrong_in(reply))
    return _room(back=reply.body) if reply.body["notices"] else done(_PAGE, "bin.restored")


@blueprint.get("/office/recycle-bin/<customer_id>/purge")
@permits("customers.manage")
def show_purging(customer_id: str) -> Answer:
    """What purging means, before it is done."""
    return dialog("purge", _PAGE, customer_id=customer_id)


@blueprint.post("/office/recycle-bin/<customer_id>/purge")
@permits("customers.manage")
def purge(customer_id: str) -> Answer:
    """The customer is forgotten for good; who stands for a family (一.5) only when it is said that all are meant."""
    said = {"code": request.form.get("code", "").strip(), "family_too": "family_too" in request.form}
    reply = tell(path_of(_BIN, customer_id, "purge"), said, forms.key())
    if reply.ok:
        return done(_PAGE, "bin.purged")
    family = said["family_too"] or reply.body.get("code") == "stands_for_relatives"
    return dialog("purge", _PAGE, wrong_in(reply), reply.status, customer_id=customer_id, family=family)


@blueprint.get("/customers/<customer_id>/delete")
@permits("customers.manage")
def show_deleting(customer_id: str) -> Answer:
    """Why the customer is deleted."""
    return _deleting(customer_id, "", 200)


@blueprint.post("/customers/<customer_id>/delete")
@permits("customers.manage")
def delete(customer_id: str) -> Answer:
    """The customer is in the recycle bin."""
    reply = tell(path_of(customer_id, _BIN), forms.because(), forms.key())
    if reply.ok:
        return done(page_of(customer_id), "bin.deleted")
    return _deleting(customer_id, wrong_in(reply), reply.status)


def _deleting(customer_id: str, wrong: str, status: int) -> Answer:
    return dialog("delete_customer", page_of(customer_id), wrong, status, customer_id=customer_id)


def _room(status: int = 200, **said: Any) -> Answer:
    reply = ask(path_of(_BIN), after=request.args.get("after"))
    return room("recycle_bin", status, reply=reply, items=reply.body["items"] if reply.ok else [], **said)
