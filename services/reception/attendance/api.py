"""Attendance, leave and draws over HTTP."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, acts, reads
from services.reception.attendance import actions, views
from services.reception.attendance.day import day_of
from services.reception.attendance.rules import LeaveState, Span
from services.reception.attendance.schemas import (
    AttendanceDaySchema,
    AttendanceSchema,
    DayArguments,
    DrawSchema,
    GroundsSchema,
    LeaveArguments,
    LeavePageSchema,
    LeaveSchema,
    NewLeaveSchema,
)
from services.reception.receptions.actions import actor
from services.reception.rosters.rules import day_named
from services.reception.rotation.views import hall_of

blueprint = Blueprint("attendance", __name__)


@blueprint.post("/api/v1/reception/halls/<hall_id>/clock-in")
@acts("reception.attend")
@blueprint.response(201, AttendanceSchema)
def clock_in(tx: Transaction, who: Who, hall_id: str) -> RowMapping:
    """The asker comes on duty. For coming late a penalty is proposed (二.1)."""
    return views.attendance_of(tx, who, actions.clock_in(tx, who, hall_id))


@blueprint.post("/api/v1/reception/halls/<hall_id>/clock-out")
@acts("reception.attend")
@blueprint.response(200, AttendanceSchema)
def clock_out(tx: Transaction, who: Who, hall_id: str) -> RowMapping:
    """The asker goes off duty; the place in the line stays."""
    return views.attendance_of(tx, who, actions.clock_out(tx, who, hall_id))


@blueprint.get("/api/v1/reception/halls/<hall_id>/attendance")
@blueprint.arguments(DayArguments, location="query")
@reads("reception.manage")
@blueprint.response(200, AttendanceDaySchema)
def show_attendance(tx: Transaction, who: Who, asked: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """What became of everybody's shifts of a day: lateness, leave, absence."""
    return day_of(tx, who, hall_id, asked["day"])


@blueprint.get("/api/v1/reception/halls/<hall_id>/draws/<day>")
@reads("reception.see")
@blueprint.response(200, DrawSchema)
def show_draw(tx: Transaction, who: Who, hall_id: str, day: str) -> Mapping[str, Any]:
    """How the hall's line was drawn by lot on a day, with the seed: anybody can check it."""
    hall_of(tx, who, hall_id)
    return views.published_draw(tx, who, hall_id, day_named(day))


@blueprint.get("/api/v1/reception/leaves")
@blueprint.arguments(LeaveArguments, location="query")
@reads("reception.attend")
@blueprint.response(200, LeavePageSchema)
def list_leaves(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """One's own leave; for supervisors and managers, everybody's in reach."""
    return views.leaves_page(tx, who, asked, leads=actor(who).leads)


@blueprint.post("/api/v1/reception/leaves")
@blueprint.arguments(NewLeaveSchema)
@acts("reception.attend")
@blueprint.response(201, LeaveSchema)
def ask_for_leave(tx: Transaction, who: Who, wish: dict[str, Any]) -> RowMapping:
    """The asker asks for leave."""
    span = Span(wish["starts_at"], wish["ends_at"])
    return views.leave_of(tx, who, actions.ask_for_leave(tx, who, span, wish["reason"]))


@blueprint.post("/api/v1/reception/leaves/<leave_id>/approve")
@blueprint.arguments(GroundsSchema)
@acts("reception.attend")
@blueprint.response(200, LeaveSchema)
def approve_leave(tx: Transaction, who: Who, said: dict[str, Any], leave_id: str) -> RowMapping:
    """A supervisor or the manager approves another's leave: it takes back lateness and absence within its time."""
    actions.decide_leave(tx, who, leave_id, LeaveState.APPROVED, said["reason"])
    return views.leave_of(tx, who, leave_id)


@blueprint.post("/api/v1/reception/leaves/<leave_id>/refuse")
@blueprint.arguments(GroundsSchema)
@acts("reception.attend")
@blueprint.response(200, LeaveSchema)
def refuse_leave(tx: Transaction, who: Who, said: dict[str, Any], leave_id: str) -> RowMapping:
    """A supervisor or the manager refuses another's leave."""
    actions.decide_leave(tx, who, leave_id, LeaveState.REFUSED, said["reason"])
    return views.leave_of(tx, who, leave_id)


@blueprint.put("/api/v1/reception/halls/<hall_id>/closed-days/<day>")
@blueprint.arguments(GroundsSchema)
@acts("reception.manage")
@blueprint.response(204)
def close_day(tx: Transaction, who: Who, said: dict[str, Any], hall_id: str, day: str) -> None:
    """The hall is closed on this day: nobody is rostered, nobody late or absent. Visitors are recorded all the same."""
    actions.close_day(tx, who, hall_id, day_named(day), said["reason"])
