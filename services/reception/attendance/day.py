"""What became of a hall's day: the manager's list."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from services.reception.attendance import rules, views
from services.reception.attendance.rules import Span
from services.reception.people.views import names_of, zone_of
from services.reception.rosters.rules import OnShift, shifts_on
from services.reception.rosters.views import closed_between, roster_between
from services.reception.rotation.views import hall_of


def day_of(tx: Transaction, who: Who, hall_id: str, day: date) -> dict[str, Any]:
    """Everybody's shifts of the day and what became of them, and who came without one; raises UnknownHall."""
    hall = hall_of(tx, who, hall_id)
    zone = ZoneInfo(zone_of(tx, who, hall["branch_id"]))
    shifts = shifts_on(roster_between(tx, who, hall_id, day, day), day, zone)
    closed = closed_between(tx, who, hall_id, day, day)
    people = list(_people(tx, who, hall, day, shifts))
    names = names_of(tx, who, [one["staff_id"] for one in people])
    named = [one | {"name": names[one["staff_id"]]} for one in people]
    return {"hall_id": hall_id, "day": day, "closed_because": closed[0]["reason"] if closed else None, "people": named}


def _people(
    tx: Transaction, who: Who, hall: RowMapping, day: date, shifts: Sequence[OnShift]
) -> Iterator[dict[str, Any]]:
    came: dict[tuple[str, Any], list[RowMapping]] = {}
    for row in views.attended(tx, who, hall["id"], day):
        came.setdefault((row["staff_id"], row["shift_starts_at"]), []).append(row)
    absent = {(row["staff_id"], row["shift_starts_at"]): row for row in views.absences_on(tx, who, hall["id"], day)}
    leave = _leave(tx, who, hall["branch_id"], shifts)
    for shift in shifts:
        key = shift.staff_id, shift.starts_at
        duties, missing = came.pop(key, []), absent.pop(key, None)
        yield _line(tx, shift, duties, leave.get(shift.staff_id, []), absent=missing is not None)
    for (staff_id, starts_at), duties in came.items():  # the roster was changed after they came
        yield _line(tx, OnShift(staff_id, day, starts_at, starts_at), duties, [], absent=False)
    for (staff_id, starts_at), row in absent.items():
        yield _line(tx, OnShift(staff_id, day, starts_at, row["shift_ends_at"]), [], [], absent=True)


def _line(
    tx: Transaction, shift: OnShift, duties: Sequence[RowMapping], leave: Sequence[Span], *, absent: bool
) -> dict[str, Any]:
    late_by = max((row["late_by"] for row in duties), default=None)
    became = rules.what_became(shift, late_by, leave, tx.now(), came=bool(duties), absent=absent)
    touching = [span for span in leave if span.starts_at < shift.ends_at and span.ends_at > shift.starts_at]
    return {
        "staff_id": shift.staff_id,
        "shift_starts_at": shift.starts_at,
        "shift_ends_at": shift.ends_at if shift.ends_at > shift.starts_at else None,
        "state": became.value,
        "late_by": late_by,
        "duties": duties,
        "leave": touching,
    }


def _leave(tx: Transaction, who: Who, branch_id: str, shifts: Sequence[OnShift]) -> Mapping[str, list[Span]]:
    if not shifts:
        return {}
    whole = Span(min(one.starts_at for one in shifts), max(one.ends_at for one in shifts))
    return views.leave_in(tx, who, branch_id, whole)
