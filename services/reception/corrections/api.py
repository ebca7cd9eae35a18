"""Corrections over HTTP."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, acts, reads
from services.reception.corrections import actions, views
from services.reception.corrections.schemas import (
    AskingSchema,
    ConfirmingSchema,
    RefusingSchema,
    RegisterArguments,
    RegisterEntrySchema,
    RegisterSchema,
    RulingPageSchema,
    RulingsArguments,
    RulingSchema,
    UndoingSchema,
)
from services.reception.history.rules import Entry
from services.reception.rotation.views import hall_of

blueprint = Blueprint("corrections", __name__)

_TOLD = ("cause", "staff_id", "order", "reception_id", "server_id", "original_id", "state", "turn", "voids", "corrects")
"""What a list of entries shows of each: nothing of who the visitor is."""


@blueprint.post("/api/v1/reception/receptions/<reception_id>/re-ruling")
@blueprint.arguments(AskingSchema)
@acts("reception.admit")
@blueprint.response(201, RulingSchema)
def ask_for_ruling(tx: Transaction, who: Who, said: dict[str, Any], reception_id: str) -> RowMapping:
    """撞单: the visitor is somebody's customer; a supervisor confirms, and it is ruled again by 一.6."""
    return views.ruling_of(tx, who, actions.ask_for_ruling(tx, who, reception_id, said))


@blueprint.post("/api/v1/reception/receptions/<reception_id>/re-ruling/confirm")
@blueprint.arguments(ConfirmingSchema)
@acts("reception.receive")
@blueprint.response(200, RulingSchema)
def confirm_ruling(tx: Transaction, who: Who, said: dict[str, Any], reception_id: str) -> RowMapping:
    """A supervisor whom it does not concern confirms."""
    return views.ruling_of(tx, who, actions.confirm_ruling(tx, who, reception_id, said["reason"]))


@blueprint.post("/api/v1/reception/receptions/<reception_id>/re-ruling/refuse")
@blueprint.arguments(RefusingSchema)
@acts("reception.receive")
@blueprint.response(200, RulingSchema)
def refuse_ruling(tx: Transaction, who: Who, said: dict[str, Any], reception_id: str) -> RowMapping:
    """A supervisor whom it does not concern refuses."""
    return views.ruling_of(tx, who, actions.refuse_ruling(tx, who, reception_id, said["reason"]))


@blueprint.get("/api/v1/reception/halls/<hall_id>/re-rulings")
@blueprint.arguments(RulingsArguments, location="query")
@reads("reception.see")
@blueprint.response(200, RulingPageSchema)
def list_rulings(tx: Transaction, who: Who, asked: dict[str, Any], hall_id: str) -> Page:
    """What was asked in a hall and decided, the last first."""
    return views.rulings_of(tx, who, hall_of(tx, who, hall_id)["id"], asked)


@blueprint.get("/api/v1/reception/halls/<hall_id>/register")
@blueprint.arguments(RegisterArguments, location="query")
@reads("reception.see")
@blueprint.response(200, RegisterSchema)
def show_register(tx: Transaction, who: Who, asked: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """What happened in a hall, entry by entry, without who the visitors are."""
    hall_of(tx, who, hall_id)
    found = views.register_of(tx, hall_id, asked["after"], asked["limit"] + 1)
    items, corrected = found[: asked["limit"]], views.corrected_in(tx, who, hall_id)
    shown = [_shown(entry, corrected) for entry in items]
    return {"items": shown, "next_after": items[-1].n if len(found) > asked["limit"] else None}


@blueprint.post("/api/v1/reception/halls/<hall_id>/register/<int:n>/undo")
@blueprint.arguments(UndoingSchema)
@acts("reception.admit")
@blueprint.response(200, RegisterEntrySchema)
def undo(tx: Transaction, who: Who, said: dict[str, Any], hall_id: str, n: int) -> dict[str, Any]:
    """An entry was a mistake: a new one corrects it. Answers the entry that was corrected."""
    actions.undo(tx, who, hall_id, n, said["reason"])
    return _shown(views.entry_of(tx, hall_id, n), views.corrected_in(tx, who, hall_id))


def _shown(entry: Entry, corrected: dict[int, int]) -> dict[str, Any]:
    what = {name: entry.body[name] for name in _TOLD if entry.body.get(name) is not None}
    return {**vars(entry), "by": entry.by, "what": what, "corrected_by": corrected.get(entry.n)}
