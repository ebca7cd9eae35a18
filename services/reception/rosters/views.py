"""Reading rosters."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, RowMapping, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.people.views import zone_of
from services.reception.rosters.rules import EVER, DayPlan, Roster, Shift, clock, shifts_on
from services.reception.rosters.rules_of_sheet import Decided, Fate
from services.reception.rosters.tables import closed_days, roster_days, rosters, shifts
from services.reception.rotation.views import open_halls


def roster_of(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """The hall's shifts, one line per person and hours, with the roster's version (0: none was made yet)."""
    by_hours: dict[tuple[str, int, int], list[int]] = {}
    for shift in shifts_in(tx, who, hall_id):
        by_hours.setdefault((shift.staff_id, shift.starts, shift.ends), []).append(shift.weekday)
    lines = [
        {"staff_id": staff_id, "weekdays": sorted(days), "starts": clock(starts), "ends": clock(ends)}
        for (staff_id, starts, ends), days in sorted(by_hours.items())
    ]
    return {"hall_id": hall_id, "version": version_of(tx, who, hall_id), "shifts": lines}


def own_days(tx: Transaction, who: Who, first: date, last: date) -> dict[str, Any]:
    """The asker's shifts from the first day to the last in all halls in use, what was changed, and closed days.

    Raises UnknownBranch.
    """
    zone = ZoneInfo(zone_of(tx, who, who.branch_id))
    days = [first + timedelta(days=by) for by in range((last - first).days + 1)]
    found: dict[str, list[dict[str, Any]]] = {"shifts": [], "changed": [], "closed": []}
    for hall in open_halls(tx, who):
        here = {"hall_id": hall["id"], "hall": hall["name"]}
        roster = roster_between(tx, who, hall["id"], first, last)
        mine = [one for day in days for one in shifts_on(roster, day, zone) if one.staff_id == who.actor_id]
        found["shifts"] += [here | {"day": one.day, "starts_at": one.starts_at, "ends_at": one.ends_at} for one in mine]
        plans = plans_between(tx, who, hall["id"], first, last)
        changed = [one for one in plans if one["staff_id"] == who.actor_id and one["shifts"] is not None]
        found["changed"] += [here | one for one in changed]
        found["closed"] += [here | dict(one) for one in closed_between(tx, who, hall["id"], first, last)]
    found["shifts"].sort(key=lambda one: (one["starts_at"], one["hall_id"]))
    return found


def version_of(tx: Transaction, who: Who, hall_id: str) -> int:
    """The roster's version; 0 before the first."""
    here = scoped(rosters, who).select(rosters.c.version).where(rosters.c.hall_id == hall_id)
    return tx.execute(here).scalar() or 0


def shifts_in(tx: Transaction, who: Who, hall_id: str) -> list[Shift]:
    """The weekly shifts of a hall."""
    rows = tx.execute(*_shifts(who, hall=hall_id))
    return [Shift(row.staff_id, row.weekday, row.starts, row.ends, row.since or EVER) for row in rows]


def roster_between(tx: Transaction, who: Who, hall_id: str, first: date, last: date) -> Roster:
    """Everything that is rostered in a hall from the first day to the last, both included."""
    days = {
        (row.staff_id, row.day): DayPlan(None if row.hours is None else tuple(map(tuple, row.hours)), row.since)
        for row in tx.execute(*_days(who, hall=hall_id, first=first, last=last))
    }
    noted = tx.execute(*_closed(who, hall=hall_id, first=first, last=last)).all()
    closed = frozenset(row.day for row in noted if row.opened_at is None)
    opened = {row.day: row.opened_at for row in noted if row.opened_at is not None}
    return Roster(shifts_in(tx, who, hall_id), days, closed, opened)


def closed_between(tx: Transaction, who: Who, hall_id: str, first: date, last: date) -> Sequence[RowMapping]:
    """The days on which a hall is closed, in their order."""
    noted = tx.execute(*_closed(who, hall=hall_id, first=first, last=last)).mappings()
    return [row for row in noted if row["opened_at"] is None]


def plans_between(tx: Transaction, who: Who, hall_id: str, first: date, last: date) -> list[dict[str, Any]]:
    """The days on which somebody's hours differ from the week's, in their order."""
    rows = tx.execute(*_days(who, hall=hall_id, first=first, last=last)).mappings()
    return [{**row, "shifts": _spelled(row["hours"])} for row in rows]


def imported(decided: Sequence[Decided]) -> dict[str, Any]:
    """What became of the rows of a file, counted and one by one."""
    counts = dict.fromkeys((fate.value for fate in Fate), 0) | Counter(one.fate.value for one in decided)
    rows = [
        {
            "row_number": one.row.number,
            "staff_id": one.row.staff_id,
            "day": one.row.day,
            "fate": one.fate.value,
            "reason": one.refusal and one.refusal.value,
        }
        for one in decided
    ]
    return {**counts, "rows": rows}


def _spelled(hours: Any) -> list[dict[str, str]] | None:
    return None if hours is None else [{"starts": clock(starts), "ends": clock(ends)} for starts, ends in hours]


@prepared
def _shifts(who: Who) -> Select[Any]:
    return scoped(shifts, who).select().where(shifts.c.hall_id == bindparam("hall"))


def _between(day: Column[date]) -> ColumnElement[bool]:
    return (day >= bindparam("first")) & (day <= bindparam("last"))


@prepared
def _days(who: Who) -> Select[Any]:
    here = scoped(roster_days, who).select().where(roster_days.c.hall_id == bindparam("hall"))
    return here.where(_between(roster_days.c.day)).order_by(roster_days.c.day, roster_days.c.staff_id)


@prepared
def _closed(who: Who) -> Select[Any]:
    here = scoped(closed_days, who).select().where(closed_days.c.hall_id == bindparam("hall"))
    return here.where(_between(closed_days.c.day)).order_by(closed_days.c.day)
