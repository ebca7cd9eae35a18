"""A phone that is masked, shown whole for a reason; and for managers, who was shown whose."""

from functools import partial
from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer_forms import form, path_of
from gateway.pages.inside import Reply, ask, asked_in_turn, tell
from gateway.pages.language import text
from gateway.pages.rooms import Answer, room

_SHOWN = 20


@blueprint.get("/customers/<customer_id>/reveal")
@permits("customers.reveal")
def show_revealing(customer_id: str) -> Answer:
    """What the whole number is needed for."""
    return form("reveal", customer_id)


@blueprint.post("/customers/<customer_id>/reveal")
@permits("customers.reveal")
def reveal(customer_id: str) -> Answer:
    """The whole numbers, in this answer alone: no address and no further page holds them."""
    because = forms.because()
    if not because["reason"]:
        return form("reveal", customer_id, text("reveal.why"), 422)
    reply = tell(path_of(customer_id, "reveal"), because, forms.key())
    if not reply.ok:
        return form("reveal", customer_id, wrong_in(reply), reply.status)
    return form("revealed", customer_id, phones=reply.body["phones"])


@blueprint.get("/office/reveals")
@permits("customers.manage")
def show_reveals() -> Answer:
    """Who was shown whose number, when and what for, the last first."""
    reply = ask(path_of("reveals"), after=request.args.get("after"), limit=_SHOWN)
    return room("reveals", reply=reply, files=_files(reply))


def _files(reply: Reply) -> dict[str, dict[str, Any]]:
    """The files of those whose numbers were shown, as far as they still stand."""
    ids = list(dict.fromkeys(one["customer_id"] for one in reply.body["items"])) if reply.ok else []
    replies = asked_in_turn(*(partial(ask, path_of(one)) for one in ids))
    return {one: file.body for one, file in zip(ids, replies, strict=True) if file.ok}
