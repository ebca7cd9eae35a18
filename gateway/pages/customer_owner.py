"""Whose a customer is: a manager gives it to somebody, or takes it back to the pool."""

from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.customer_forms import done, form, path_of, the_file, typed
from gateway.pages.inside import tell
from gateway.pages.rooms import Answer

_POOL = "pool"


@blueprint.get("/customers/<customer_id>/owner")
@permits("customers.manage")
def show_owner(customer_id: str) -> Answer:
    """To whom the customer could go."""
    return _form(customer_id, "", 200)


@blueprint.post("/customers/<customer_id>/owner")
@permits("customers.manage")
def assign_owner(customer_id: str) -> Answer:
    """The customer is somebody's from now, or the pool's."""
    chosen = request.form.get("owner_id", "")
    said = {"owner_id": None if chosen == _POOL else chosen, "reason": typed("reason")}
    reply = tell(path_of(customer_id, "owner"), said, forms.key())
    return done(customer_id, "owner_set") if reply.ok else _form(customer_id, wrong_in(reply), reply.status)


def _form(customer_id: str, wrong: str, status: int) -> Answer:
    file = the_file(customer_id)
    if not file.ok:
        return form("owner", customer_id, wrong_in(file), file.status, colleagues=[], file={}, pool=_POOL)
    people = [one for one in the_company().sellers(file.body["branch_id"]) if one["id"] != file.body["owner_id"]]
    facts: dict[str, Any] = {"colleagues": people, "file": file.body, "pool": _POOL}
    return form("owner", customer_id, wrong, status, **facts)
