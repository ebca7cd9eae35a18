"""Follow-up records over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, acts, reads
from services.followups.records import actions, views
from services.followups.records.schemas import RecordingSchema, RecordPageSchema, RecordsArguments, RecordSchema

blueprint = Blueprint("records", __name__)


@blueprint.get("/api/v1/followups/records")
@blueprint.arguments(RecordsArguments, location="query")
@reads("followups.see")
@blueprint.response(200, RecordPageSchema)
def list_records(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """Records in reach, the last recorded first."""
    return views.records_of(tx, who, asked["customer_id"], asked)


@blueprint.post("/api/v1/followups/records")
@blueprint.arguments(RecordingSchema)
@acts("followups.record")
@blueprint.response(201, RecordSchema)
def record_followup(tx: Transaction, who: Who, said: dict[str, Any]) -> Mapping[str, Any]:
    """Record a contact with a customer; the plan follows from it at once."""
    return actions.record_by_person(tx, who, said)
