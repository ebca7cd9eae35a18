"""Halls and receptions over HTTP."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, etag, reads, say
from services.reception.people.views import names_of
from services.reception.rotation import actions, views
from services.reception.rotation.schemas import (
    ArrivalSchema,
    BoardSchema,
    CompletionSchema,
    ExplanationSchema,
    HallPageSchema,
    HallSchema,
    MemberSchema,
    NewHallSchema,
    ReceptionSchema,
    ReorderSchema,
)

blueprint = Blueprint("rotation", __name__)


@blueprint.get("/api/v1/reception/halls")
@blueprint.arguments(PageArguments, location="query")
@reads("reception.see")
@blueprint.response(200, HallPageSchema)
def list_halls(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """The halls in reach."""
    return views.halls_of(tx, who, asked)


@blueprint.post("/api/v1/reception/halls")
@blueprint.arguments(NewHallSchema)
@acts("reception.manage")
@blueprint.response(201, HallSchema)
def open_hall(tx: Transaction, who: Who, new: dict[str, Any]) -> RowMapping:
    """Open a hall."""
    return views.hall_of(tx, who, actions.open_hall(tx, who, new["name"], new["branch_id"]))


@blueprint.post("/api/v1/reception/halls/<hall_id>/members")
@blueprint.arguments(MemberSchema)
@acts("reception.manage")
@blueprint.response(201, BoardSchema)
def join_line(tx: Transaction, who: Who, member: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """A salesperson joins the line, at its tail."""
    actions.join_line(tx, who, hall_id, member["staff_id"])
    return views.board_of(tx, who, hall_id)


@blueprint.put("/api/v1/reception/halls/<hall_id>/line")
@blueprint.arguments(ReorderSchema)
@acts("reception.manage")
@blueprint.response(200, BoardSchema)
def reorder_line(tx: Transaction, who: Who, wanted: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """The manager's order, with a reason, on the record. If-Match names the board's `line_version`."""
    actions.reorder_line(tx, who, hall_id, wanted["order"], wanted["reason"])
    return views.board_of(tx, who, hall_id)


@blueprint.get("/api/v1/reception/halls/<hall_id>/board")
@reads("reception.see")
@blueprint.response(200, BoardSchema)
def show_board(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """The hall at this moment, as it may hang on a wall."""
    board = views.board_of(tx, who, hall_id)
    etag(views.version_of(board))
    return board


@blueprint.post("/api/v1/reception/halls/<hall_id>/arrivals")
@blueprint.arguments(ArrivalSchema)
@acts("reception.receive")
@blueprint.response(201, ReceptionSchema)
def open_reception(tx: Transaction, who: Who, arrival: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """A visitor came. With nobody free the visitor waits, and the answer says why."""
    return _shown(tx, who, actions.open_reception(tx, who, hall_id, **arrival))


@blueprint.get("/api/v1/reception/receptions/<reception_id>")
@reads("reception.see")
@blueprint.response(200, ReceptionSchema)
def show_reception(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """One reception."""
    return _shown(tx, who, reception_id)


@blueprint.get("/api/v1/reception/receptions/<reception_id>/explanation")
@reads("reception.see")
@blueprint.response(200, ExplanationSchema)
def explain(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """Why this person receives, or why nobody does yet, in the reader's language."""
    return _explained(tx, who, views.reception_of(tx, who, reception_id))


@blueprint.post("/api/v1/reception/receptions/<reception_id>/greet")
@acts("reception.receive")
@blueprint.response(200, ReceptionSchema)
def greet(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """The visitor was greeted; a colleague may say so for the server."""
    actions.greet(tx, who, reception_id)
    return _shown(tx, who, reception_id)


@blueprint.post("/api/v1/reception/receptions/<reception_id>/complete")
@blueprint.arguments(CompletionSchema)
@acts("reception.receive")
@blueprint.response(200, ReceptionSchema)
def complete(tx: Transaction, who: Who, visitor: dict[str, Any], reception_id: str) -> dict[str, Any]:
    """The visitor is registered, and the server is free again."""
    actions.complete(tx, who, reception_id, visitor)
    return _shown(tx, who, reception_id)


@blueprint.post("/api/v1/reception/receptions/<reception_id>/leave")
@acts("reception.receive")
@blueprint.response(200, ReceptionSchema)
def leave(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """The visitor went without being registered."""
    actions.leave(tx, who, reception_id)
    return _shown(tx, who, reception_id)


def _shown(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    row = views.reception_of(tx, who, reception_id)
    return {**row, "why": _explained(tx, who, row)}


def _explained(tx: Transaction, who: Who, row: Mapping[Any, Any]) -> dict[str, Any]:
    why = row["explanation"]
    passed = why["passed_over"]
    names = names_of(tx, who, [one["staff_id"] for one in passed] + [row["server_id"] or ""])
    over = [one | {"name": names[one["staff_id"]], "text": _passed(one, names)} for one in passed]
    text = say(f"reasons.{why['code']}", name=names[row["server_id"] or ""])
    told = [text, *(one["text"] for one in over)]
    return {
        "reception_id": row["id"],
        "code": why["code"],
        "article": why["article"],
        "policy_version": why["policy"],
        "text": say("reasons.between").join(told),
        "passed_over": over,
    }


def _passed(one: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return say(f"reasons.passed_over.{one['reason']}", name=names[one["staff_id"]])
