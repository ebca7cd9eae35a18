"""Rosters over HTTP."""

from datetime import date
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, etag, reads
from services.reception.rosters import actions, views
from services.reception.rosters.reader import LIMITS
from services.reception.rosters.rules import Hours, day_named, hours, of_one_day
from services.reception.rosters.schemas import (
    BetweenArguments,
    DayPlansSchema,
    NewDayPlanSchema,
    NewRosterSchema,
    NewSwapSchema,
    OwnDaysSchema,
    RosterFileSchema,
    RosterImportSchema,
    RosterSchema,
)
from services.reception.rotation.views import hall_of

blueprint = Blueprint("rosters", __name__)
_FORM = 100_000  # bytes around the file


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


@blueprint.get("/api/v1/reception/halls/<hall_id>/roster/days")
@blueprint.arguments(BetweenArguments, location="query")
@reads("reception.see")
@blueprint.response(200, DayPlansSchema)
def show_days(tx: Transaction, who: Who, asked: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """The days that differ from the weekly roster: other hours, days off, swaps, closed days."""
    return _days(tx, who, hall_id, asked["first"], asked["last"])


@blueprint.get("/api/v1/reception/roster/mine")
@blueprint.arguments(BetweenArguments, location="query")
@reads("reception.attend")
@blueprint.response(200, OwnDaysSchema)
def show_own_days(tx: Transaction, who: Who, asked: dict[str, Any]) -> dict[str, Any]:
    """One's own shifts of some days, in all halls, with what was changed and which days a hall is closed."""
    return views.own_days(tx, who, asked["first"], asked["last"])


@blueprint.put("/api/v1/reception/halls/<hall_id>/roster/days/<day>/<staff_id>")
@blueprint.arguments(NewDayPlanSchema)
@acts("reception.manage")
@blueprint.response(200, DayPlansSchema)
def plan_day(tx: Transaction, who: Who, plan: dict[str, Any], hall_id: str, day: str, staff_id: str) -> dict[str, Any]:
    """Other hours for somebody on one day, a day off, or the week's again."""
    meant = day_named(day)
    actions.plan_day(tx, who, hall_id, actions.Planned(staff_id, meant, _hours(plan["shifts"]), plan["reason"]))
    return _days(tx, who, hall_id, meant, meant)


@blueprint.post("/api/v1/reception/halls/<hall_id>/roster/swaps")
@blueprint.arguments(NewSwapSchema)
@acts("reception.manage")
@blueprint.response(200, DayPlansSchema)
def swap(tx: Transaction, who: Who, wish: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """Two people change shifts, of one day or of two."""
    days = wish["day"], wish["other_day"] or wish["day"]
    people = wish["staff_id"], wish["with_staff_id"]
    actions.swap(tx, who, hall_id, actions.Swap(people[0], days[0], people[1], days[1], wish["reason"]))
    return _days(tx, who, hall_id, min(days), max(days))


@blueprint.post("/api/v1/reception/halls/<hall_id>/roster/imports")
@blueprint.arguments(RosterFileSchema, location="files", content_type="multipart/form-data")
@acts("reception.manage", body_limit=LIMITS.bytes + _FORM)
@blueprint.response(200, RosterImportSchema)
def import_sheet(tx: Transaction, who: Who, file: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """A month's roster from a file, with what became of each row; the same file again changes nothing."""
    return views.imported(actions.import_sheet(tx, who, hall_id, file["content"]))


@blueprint.delete("/api/v1/reception/halls/<hall_id>/closed-days/<day>")
@acts("reception.manage")
@blueprint.response(204)
def open_day(tx: Transaction, who: Who, hall_id: str, day: str) -> None:
    """The hall is open on this day after all; shifts that have begun by now make nobody late."""
    actions.open_day(tx, who, hall_id, day_named(day))


def _hours(shifts: list[dict[str, str]] | None) -> tuple[Hours, ...] | None:
    return None if shifts is None else of_one_day([hours(one["starts"], one["ends"]) for one in shifts])


def _days(tx: Transaction, who: Who, hall_id: str, first: date, last: date) -> dict[str, Any]:
    hall_of(tx, who, hall_id)
    closed = views.closed_between(tx, who, hall_id, first, last)
    return {"days": views.plans_between(tx, who, hall_id, first, last), "closed": closed}


def _tagged(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    roster = views.roster_of(tx, who, hall_id)
    etag(roster["version"])
    return roster
