"""Corrections of deals over HTTP."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, acts, reads
from services.followups.corrections import actions, views
from services.followups.corrections.schemas import (
    CorrectionPageSchema,
    CorrectionsArguments,
    CorrectionSchema,
    NewCorrectionSchema,
    RefusalSchema,
)

blueprint = Blueprint("corrections", __name__)


@blueprint.get("/api/v1/followups/corrections")
@blueprint.arguments(CorrectionsArguments, location="query")
@reads("followups.see")
@blueprint.response(200, CorrectionPageSchema)
def list_corrections(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """Corrections of deals in reach, waiting or decided, the last asked for first."""
    return views.corrections_of(tx, who, asked)


@blueprint.post("/api/v1/followups/corrections")
@blueprint.arguments(NewCorrectionSchema)
@acts("followups.record")
@blueprint.response(201, CorrectionSchema)
def ask_for_correction(tx: Transaction, who: Who, said: dict[str, Any]) -> RowMapping:
    """Ask that a deal's signing or amount be corrected; nothing changes until somebody else signs."""
    return views.correction_of(tx, who, actions.ask(tx, who, said))


@blueprint.post("/api/v1/followups/corrections/<correction_id>/sign")
@acts("followups.sign")
@blueprint.response(200, CorrectionSchema)
def sign_correction(tx: Transaction, who: Who, correction_id: str) -> RowMapping:
    """Sign what somebody else asked for: the deal is so from now on, and its credit is booked again."""
    actions.sign(tx, who, correction_id)
    return views.correction_of(tx, who, correction_id)


@blueprint.post("/api/v1/followups/corrections/<correction_id>/refuse")
@blueprint.arguments(RefusalSchema)
@acts("followups.sign")
@blueprint.response(200, CorrectionSchema)
def refuse_correction(tx: Transaction, who: Who, said: dict[str, Any], correction_id: str) -> RowMapping:
    """Refuse what somebody else asked for, with a reason; the deal stays as it stands."""
    actions.refuse(tx, who, correction_id, said["reason"])
    return views.correction_of(tx, who, correction_id)
