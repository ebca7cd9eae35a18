"""Stepping out, coming back and forfeits over HTTP."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.reception.forfeits.views import forfeit_of, forfeits_of, own_forfeits
from services.reception.receptions.actions import actor
from services.reception.receptions.views import line_of
from services.reception.stepping_out import actions, views
from services.reception.stepping_out.schemas import (
    ForfeitPageSchema,
    ForfeitSchema,
    NewForfeitSchema,
    NewStepOutSchema,
    OwnForfeitsSchema,
    ReadySchema,
    ReasonSchema,
    StepOutSchema,
)

blueprint = Blueprint("stepping_out", __name__)


@blueprint.post("/api/v1/reception/halls/<hall_id>/step-out")
@blueprint.arguments(NewStepOutSchema)
@acts("reception.attend")
@blueprint.response(201, StepOutSchema)
def step_out(tx: Transaction, who: Who, asked: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """The asker steps out; A and B wait for the stand-in to accept, unless they forfeit."""
    without = asked["without_stand_in"]
    return _shown(tx, who, actions.step_out(tx, who, hall_id, asked["reason"], without_stand_in=without))


@blueprint.post("/api/v1/reception/step-outs/<step_out_id>/accept")
@acts("reception.attend")
@blueprint.response(200, StepOutSchema)
def accept(tx: Transaction, who: Who, step_out_id: str) -> dict[str, Any]:
    """The asker takes the place of who wants to leave."""
    actions.accept(tx, who, step_out_id)
    return _shown(tx, who, step_out_id)


@blueprint.post("/api/v1/reception/step-outs/<step_out_id>/grant")
@blueprint.arguments(ReasonSchema)
@acts("reception.attend")
@blueprint.response(200, StepOutSchema)
def grant(tx: Transaction, who: Who, granted: dict[str, Any], step_out_id: str) -> dict[str, Any]:
    """With nobody free to take the place, a supervisor grants leave, for a reason."""
    actions.grant(tx, who, step_out_id, granted["reason"])
    return _shown(tx, who, step_out_id)


@blueprint.post("/api/v1/reception/step-outs/<step_out_id>/cancel")
@acts("reception.attend")
@blueprint.response(200, StepOutSchema)
def cancel(tx: Transaction, who: Who, step_out_id: str) -> dict[str, Any]:
    """Whoever asked to step out stays."""
    actions.cancel(tx, who, step_out_id)
    return _shown(tx, who, step_out_id)


@blueprint.post("/api/v1/reception/halls/<hall_id>/return")
@acts("reception.attend")
@blueprint.response(200, StepOutSchema)
def come_back(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """The asker is back."""
    return _shown(tx, who, actions.come_back(tx, who, hall_id))


@blueprint.post("/api/v1/reception/halls/<hall_id>/ready")
@acts("reception.attend")
@blueprint.response(200, ReadySchema)
def confirm_ready(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """A confirms that the materials are ready."""
    actions.confirm_ready(tx, who, hall_id)
    return {"hall_id": hall_id, "a": who.actor_id, "is_ready": True}


@blueprint.post("/api/v1/reception/halls/<hall_id>/forfeits")
@blueprint.arguments(NewForfeitSchema)
@acts("reception.attend")
@blueprint.response(201, ForfeitSchema)
def walk_off(tx: Transaction, who: Who, gone: dict[str, Any], hall_id: str) -> RowMapping:
    """Somebody walked off without a stand-in, says a colleague."""
    return forfeit_of(tx, who, actions.walk_off(tx, who, hall_id, gone["staff_id"]))


@blueprint.get("/api/v1/reception/forfeits")
@blueprint.arguments(PageArguments, location="query")
@reads("reception.attend")
@blueprint.response(200, ForfeitPageSchema)
def list_forfeits(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """One's own forfeits; for who leads, everybody's in reach."""
    return forfeits_of(tx, who, None if actor(who).leads else who.actor_id, asked)


@blueprint.get("/api/v1/reception/forfeits/mine")
@blueprint.arguments(PageArguments, location="query")
@reads("reception.attend")
@blueprint.response(200, OwnForfeitsSchema)
def show_own_forfeits(tx: Transaction, who: Who, asked: dict[str, Any]) -> dict[str, Any]:
    """One's own forfeits, the latest first, which of them count, and one's suspension."""
    return own_forfeits(tx, who, asked)


@blueprint.post("/api/v1/reception/forfeits/<forfeit_id>/excuse")
@blueprint.arguments(ReasonSchema)
@acts("reception.attend")
@blueprint.response(200, ForfeitSchema)
def excuse(tx: Transaction, who: Who, said: dict[str, Any], forfeit_id: str) -> RowMapping:
    """A supervisor excuses a forfeit, for a reason."""
    actions.excuse(tx, who, forfeit_id, said["reason"])
    return forfeit_of(tx, who, forfeit_id)


def _shown(tx: Transaction, who: Who, step_out_id: str) -> dict[str, Any]:
    row = views.step_out_of(tx, who, step_out_id)
    return views.shown(row, line_of(tx, who, row["hall_id"]))
