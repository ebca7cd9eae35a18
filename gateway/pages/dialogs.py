"""What is asked in a dialog, or without scripts on a page of its own: an arrival, a non-buyer, the registration."""

from collections.abc import Mapping
from typing import Any

from flask import request

from chassis.web import permits, the_asker
from gateway.pages import forms, hall
from gateway.pages.acting import Unproved, act
from gateway.pages.api import HALLS, RECEPTIONS, Answer, after
from gateway.pages.asking import in_dialog, wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.board import Board
from gateway.pages.inside import Reply, tell


@blueprint.get("/halls/<hall_id>/arrival")
@permits("reception.admit")
def show_arrival(hall_id: str) -> Answer:
    """Who came, and whose customer it is; a first visit needs none of it."""
    return _arrival(hall_id, None, "", 200)


@blueprint.post("/halls/<hall_id>/look-ups")
@permits("reception.admit")
def look_up(hall_id: str) -> Answer:
    """来过吗？谁接待的？ The same form, with whom the phone belongs to."""
    reply = tell(f"{HALLS}/{hall_id}/look-ups", forms.look_up(), "")
    return _arrival(hall_id, reply if reply.ok else None, wrong_in(reply), 200 if reply.ok else reply.status)


@blueprint.post("/halls/<hall_id>/arrivals")
@permits("reception.admit")
def record_arrival(hall_id: str) -> Answer:
    """Somebody stands at the door; what is wrong comes back to the form it was typed in."""
    reply = tell(f"{HALLS}/{hall_id}/arrivals", forms.arrival(), forms.key())
    if reply.ok:
        return after(hall_id, reply, _came(reply))
    if "kind" in request.form:
        return _arrival(hall_id, None, wrong_in(reply), reply.status)
    return after(hall_id, reply, "arrived")


@blueprint.get("/halls/<hall_id>/receptions/<reception_id>/not-buying")
@permits("reception.admit")
def show_not_buying(hall_id: str, reception_id: str) -> Answer:
    """As what the visitor came who is not buying, and who heard it."""
    return _not_buying(hall_id, reception_id, "", 200)


@blueprint.post("/halls/<hall_id>/receptions/<reception_id>/not-buying")
@permits("reception.admit")
def declare_not_buying(hall_id: str, reception_id: str) -> Answer:
    """The visitor said openly that they are not buying."""
    reply = act(f"{RECEPTIONS}/{reception_id}/not-buying", forms.not_buying())
    if reply.ok:
        return after(hall_id, reply, "not_buying")
    return _not_buying(hall_id, reception_id, wrong_in(reply), reply.status)


@blueprint.get("/halls/<hall_id>/receptions/<reception_id>/complete")
@permits("reception.admit")
def show_completion(hall_id: str, reception_id: str) -> Answer:
    """The form that takes fifteen seconds."""
    return _completion(hall_id, reception_id, None)


@blueprint.post("/halls/<hall_id>/receptions/<reception_id>/complete")
@permits("reception.admit")
def complete(hall_id: str, reception_id: str) -> Answer:
    """The visitor is registered; what is wrong comes back with what was typed."""
    reply = act(f"{RECEPTIONS}/{reception_id}/complete", forms.completion())
    if reply.ok:
        return after(hall_id, reply, "kept" if reply.body.get("turn") == "kept" else "completed", reception_id)
    return _completion(hall_id, reception_id, reply)


def _arrival(hall_id: str, found: Reply | None, wrong: str, status: int) -> Answer:
    board = hall.board_of(hall_id)
    facts: dict[str, Any] = {"line": [], "trades": []}
    if isinstance(board, Board):
        facts = {"line": board.hall["line"], "trades": board.hall["non_buyers"]}
    shown = facts | {"found": found and found.body, "kinds": forms.KINDS, "theirs": forms.THEIRS}
    return in_dialog("arrival", shown | {"family": forms.FAMILY, "others": forms.OTHERS}, hall_id, wrong, status)


def _not_buying(hall_id: str, reception_id: str, wrong: str, status: int) -> Answer:
    board = hall.board_of(hall_id)
    facts: dict[str, Any] = {"reception_id": reception_id, "line": [], "trades": []}
    if isinstance(board, Board):
        served = [one["staff_id"] for one in board.hall["line"] if _serves(one, reception_id)]
        others = [one for one in board.hall["line"] if one["staff_id"] not in [*served, the_asker().actor_id]]
        facts |= {"line": others, "trades": board.hall["non_buyers"]}
    return in_dialog("not_buying", facts, hall_id, wrong, status)


def _serves(one: Mapping[str, Any], reception_id: str) -> bool:
    return one["reception"] is not None and one["reception"]["reception_id"] == reception_id


def _completion(hall_id: str, reception_id: str, reply: Reply | None) -> Answer:
    wrong, status = (wrong_in(reply), reply.status) if reply else ("", 200)
    rows = forms.companions_typed()
    rows += [("", "")] * (forms.rows_for_companions() - len(rows))
    facts: dict[str, Any] = {"reception_id": reception_id, "intents": forms.INTENTS, "companions": rows}
    facts |= {"party": request.values.get("party", "1"), "unproved": isinstance(reply, Unproved)}
    return in_dialog("completion", facts, hall_id, wrong, status)


def _came(reply: Reply) -> str:
    if reply.body.get("state") == "waiting":
        return "waits"
    return "arrived_own" if reply.body.get("role") in ("original", "delegate") else "arrived"
