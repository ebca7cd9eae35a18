"""Halls and lines over HTTP."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.reception.people.views import names_of
from services.reception.rotation import actions, views
from services.reception.rotation.schemas import (
    HallPageSchema,
    HallSchema,
    LineSchema,
    MemberSchema,
    NewHallSchema,
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
@blueprint.response(201, LineSchema)
def join_line(tx: Transaction, who: Who, member: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """A salesperson joins the line, at its tail."""
    actions.join_line(tx, who, hall_id, member["staff_id"])
    return _line(tx, who, hall_id)


@blueprint.put("/api/v1/reception/halls/<hall_id>/line")
@blueprint.arguments(ReorderSchema)
@acts("reception.manage")
@blueprint.response(200, LineSchema)
def reorder_line(tx: Transaction, who: Who, wanted: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """The manager's order, with a reason, on the record. If-Match names the board's `line_version`."""
    actions.reorder_line(tx, who, hall_id, wanted["order"], wanted["reason"])
    return _line(tx, who, hall_id)


def _line(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    order = views.order_of(tx, who, hall_id)
    names = names_of(tx, who, order)
    version = views.hall_of(tx, who, hall_id)["line_version"]
    people = [{"staff_id": one, "name": names[one]} for one in order]
    return {"hall_id": hall_id, "line_version": version, "order": people}
