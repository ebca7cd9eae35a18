"""Reading the roster and who is on duty."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reception.attendance.rules import NotOnDuty, Shift, clock
from services.reception.attendance.tables import attendances, rosters, shifts


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


def version_of(tx: Transaction, who: Who, hall_id: str) -> int:
    """The roster's version; 0 before the first."""
    here = scoped(rosters, who).select(rosters.c.version).where(rosters.c.hall_id == hall_id)
    return tx.execute(here).scalar() or 0


def shifts_in(tx: Transaction, who: Who, hall_id: str, staff_id: str | None = None) -> list[Shift]:
    """The weekly shifts of a hall, or of one person in it."""
    statement = scoped(shifts, who).select().where(shifts.c.hall_id == hall_id)
    if staff_id is not None:
        statement = statement.where(shifts.c.staff_id == staff_id)
    return [Shift(row.staff_id, row.weekday, row.starts, row.ends) for row in tx.execute(statement)]


def duty_of(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> RowMapping:
    """The attendance that is running; raises NotOnDuty."""
    here = (attendances.c.hall_id == hall_id) & (attendances.c.staff_id == staff_id)
    statement = scoped(attendances, who).select().where(here, attendances.c.clocked_out_at.is_(None))
    row = tx.execute(statement).mappings().first()
    if row is None:
        raise NotOnDuty
    return row


def attendance_of(tx: Transaction, who: Who, attendance_id: str) -> RowMapping:
    """One attendance that was just written."""
    return tx.execute(scoped(attendances, who).select().where(attendances.c.id == attendance_id)).mappings().one()
