"""A hall as it was, over HTTP."""

from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, reads
from services.reception.history import views
from services.reception.history.schemas import LineThenSchema, MomentSchema

blueprint = Blueprint("history", __name__)


@blueprint.get("/api/v1/reception/halls/<hall_id>/line")
@blueprint.arguments(MomentSchema, location="query")
@reads("reception.see")
@blueprint.response(200, LineThenSchema)
def show_line(tx: Transaction, who: Who, asked: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """The hall at any past moment, replayed from its register."""
    return views.line_at(tx, who, hall_id, asked["at"])
