"""Rosters and attendance over HTTP."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, etag, reads
from services.reception.attendance import actions, views
from services.reception.attendance.schemas import AttendanceSchema, NewRosterSchema, RosterSchema
from services.reception.rotation.views import hall_of

blueprint = Blueprint("attendance", __name__)


@blueprint.get("/api/v1/reception/halls/<hall_id>/roster")
@reads("reception.see")
@blueprint.response(200, RosterSchema)
def show_roster(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """The hall's weekly roster; its ETag is what replacing it must name."""
    hall_of(tx, who, hall_id)
    return _tagged(tx, who, hall_id)


@blueprint.put("/api/v1/reception/halls/<hall_id>/roster")
@blueprint.arguments(NewRosterSchema)
@acts("reception.manage")
@blueprint.response(200, RosterSchema)
def make_roster(tx: Transaction, who: Who, roster: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """Replace the hall's weekly roster."""
    actions.make_roster(tx, who, hall_id, roster["shifts"])
    return _tagged(tx, who, hall_id)


@blueprint.post("/api/v1/reception/halls/<hall_id>/clock-in")
@acts("reception.attend")
@blueprint.response(201, AttendanceSchema)
def clock_in(tx: Transaction, who: Who, hall_id: str) -> RowMapping:
    """The asker comes on duty."""
    return views.attendance_of(tx, who, actions.clock_in(tx, who, hall_id))


@blueprint.post("/api/v1/reception/halls/<hall_id>/clock-out")
@acts("reception.attend")
@blueprint.response(200, AttendanceSchema)
def clock_out(tx: Transaction, who: Who, hall_id: str) -> RowMapping:
    """The asker goes off duty; the place in the line stays."""
    return views.attendance_of(tx, who, actions.clock_out(tx, who, hall_id))


def _tagged(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    roster = views.roster_of(tx, who, hall_id)
    etag(roster["version"])
    return roster
