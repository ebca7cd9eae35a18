"""Stepping out, standing in, coming back, and A's materials, on the page of the hall."""

from typing import Any

from chassis.web import permits
from gateway.pages import forms, hall
from gateway.pages.acting import act
from gateway.pages.api import HALLS, Answer, after
from gateway.pages.asking import in_dialog, wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.board import Board
from gateway.pages.inside import Reply

STEP_OUTS = "/api/v1/reception/step-outs"


@blueprint.post("/halls/<hall_id>/step-out")
@permits("reception.admit")
def step_out(hall_id: str) -> Answer:
    """The reader steps out; A and B ask for a stand-in, and wait."""
    reply = act(f"{HALLS}/{hall_id}/step-out", forms.because())
    return after(hall_id, reply, _came(reply))


@blueprint.post("/halls/<hall_id>/return")
@permits("reception.admit")
def come_back(hall_id: str) -> Answer:
    """The reader is back."""
    return after(hall_id, act(f"{HALLS}/{hall_id}/return", None), "back")


@blueprint.post("/halls/<hall_id>/ready")
@permits("reception.admit")
def confirm_ready(hall_id: str) -> Answer:
    """The reader, who is A, has the materials ready."""
    return after(hall_id, act(f"{HALLS}/{hall_id}/ready", None), "ready")


@blueprint.post("/halls/<hall_id>/step-outs/<step_out_id>/accept")
@permits("reception.admit")
def accept(hall_id: str, step_out_id: str) -> Answer:
    """The reader takes the place, and who asked may go."""
    return after(hall_id, act(f"{STEP_OUTS}/{step_out_id}/accept", None), "stands_in")


@blueprint.post("/halls/<hall_id>/step-outs/<step_out_id>/cancel")
@permits("reception.admit")
def cancel(hall_id: str, step_out_id: str) -> Answer:
    """The reader stays after all."""
    return after(hall_id, act(f"{STEP_OUTS}/{step_out_id}/cancel", None), "stays")


@blueprint.get("/halls/<hall_id>/step-outs/<step_out_id>/grant")
@permits("reception.admit")
def show_grant(hall_id: str, step_out_id: str) -> Answer:
    """Why somebody may leave without a stand-in."""
    return _grant(hall_id, step_out_id, "", 200)


@blueprint.post("/halls/<hall_id>/step-outs/<step_out_id>/grant")
@permits("reception.admit")
def grant(hall_id: str, step_out_id: str) -> Answer:
    """With nobody free to take the place, who leads grants leave."""
    reply = act(f"{STEP_OUTS}/{step_out_id}/grant", forms.because())
    if reply.ok:
        return after(hall_id, reply, "granted")
    return _grant(hall_id, step_out_id, wrong_in(reply), reply.status)


@blueprint.get("/halls/<hall_id>/line/<staff_id>/walk-off")
@permits("reception.admit")
def show_walk_off(hall_id: str, staff_id: str) -> Answer:
    """What it costs a colleague to have walked off, before it is said."""
    return _walk_off(hall_id, staff_id, "", 200)


@blueprint.post("/halls/<hall_id>/line/<staff_id>/walk-off")
@permits("reception.admit")
def walk_off(hall_id: str, staff_id: str) -> Answer:
    """A colleague says that A, B or who was called walked off (自动放弃)."""
    reply = act(f"{HALLS}/{hall_id}/forfeits", {"staff_id": staff_id})
    if reply.ok:
        return after(hall_id, reply, "walked_off")
    return _walk_off(hall_id, staff_id, wrong_in(reply), reply.status)


def _grant(hall_id: str, step_out_id: str, wrong: str, status: int) -> Answer:
    board, facts = hall.board_of(hall_id), {"step_out_id": step_out_id, "name": "", "why": None}
    if isinstance(board, Board):
        asked = (one for one in board.hall["out"] if one["step_out_id"] == step_out_id)
        facts |= next(({"name": board.name_of(one["staff_id"]), "why": board.why(one["reason"])} for one in asked), {})
    return in_dialog("grant", facts, hall_id, wrong, status)


def _walk_off(hall_id: str, staff_id: str, wrong: str, status: int) -> Answer:
    board = hall.board_of(hall_id)
    facts: dict[str, Any] = {"staff_id": staff_id}
    facts["name"] = board.name_of(staff_id) if isinstance(board, Board) else ""
    return in_dialog("walk_off", facts, hall_id, wrong, status)


def _came(reply: Reply) -> str:
    if reply.body.get("state") != "asked":
        return "stepped_out"
    return "asks_colleague" if reply.body.get("asked_id") else "asks_supervisor"
