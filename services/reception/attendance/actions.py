"""Making the roster, coming on duty and going off."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from chassis import audit, ledger
from chassis.database import Transaction, scoped, upsert
from chassis.events import about, record
from chassis.identity import Who
from chassis.web import if_match
from services.reception import events
from services.reception.attendance import rules, views
from services.reception.attendance.tables import attendances, rosters, shifts
from services.reception.people.views import check_works_at, local_time
from services.reception.receptions.actions import original_left, serve_waiting
from services.reception.receptions.views import serves_elsewhere
from services.reception.rotation.actions import stand
from services.reception.rotation.views import hall_of
from services.reception.stepping_out.leaving import go_off_duty


def make_roster(tx: Transaction, who: Who, hall_id: str, lines: Sequence[Mapping[str, Any]]) -> None:
    """Replace the hall's weekly roster; `lines` as RosterSchema loads them. If-Match names the version it replaces.

    Raises UnknownHall, UnknownStaff or BadTime.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    version = views.version_of(tx, who, hall_id)
    if_match(version)
    tx.execute(scoped(shifts, who).delete().where(shifts.c.hall_id == hall_id))
    for line in lines:
        check_works_at(tx, who, hall["branch_id"], line["staff_id"])
        _add(tx, who, hall, line)
    kept = {"hall_id": hall_id, "branch_id": hall["branch_id"], "version": version + 1}
    upsert(tx, scoped(rosters, who).table, kept, ["hall_id"])
    audit.note(tx, who, "roster.made", f"hall/{hall_id}", hall["branch_id"])


def clock_in(tx: Transaction, who: Who, hall_id: str) -> str:
    """The asker comes on duty; answers the attendance's id.

    Raises UnknownHall, NotRostered, AlreadyOnDuty, StillServing or NotOnTheLine.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    _check_off_duty(tx, who)
    if serves_elsewhere(tx, who, hall_id):
        raise rules.StillServing
    mine = views.shifts_in(tx, who, hall_id, who.actor_id)
    shift = rules.running(mine, local_time(tx, who, hall["branch_id"]))
    row = {
        "id": tx.new_id(),
        "branch_id": hall["branch_id"],
        "hall_id": hall_id,
        "staff_id": who.actor_id,
        "local_day": shift.day,
        "shift_starts_at": shift.starts_at,
        "clocked_in_at": tx.now(),
        "version": 1,
    }
    tx.execute(scoped(attendances, who).insert(row))
    _announce(tx, views.attendance_of(tx, who, row["id"]), events.ClockedIn)
    stand(tx, who, hall_id, who.actor_id, on_duty=True, away=False)
    serve_waiting(tx, who, hall)
    return str(row["id"])


def clock_out(tx: Transaction, who: Who, hall_id: str) -> str:
    """The asker goes off duty and keeps the place in the line; raises UnknownHall or NotOnDuty."""
    hall = hall_of(tx, who, hall_id, lock=True)
    duty = views.duty_of(tx, who, hall_id, who.actor_id)
    changes = {"clocked_out_at": tx.now(), "version": duty["version"] + 1}
    tx.execute(scoped(attendances, who).update().where(attendances.c.id == duty["id"]).values(changes))
    _announce(tx, views.attendance_of(tx, who, duty["id"]), events.ClockedOut)
    go_off_duty(tx, who, hall, who.actor_id)
    stand(tx, who, hall_id, who.actor_id, on_duty=False, away=False)
    original_left(tx, who, hall_id, who.actor_id)
    return str(duty["id"])


def _check_off_duty(tx: Transaction, who: Who) -> None:
    mine = (attendances.c.staff_id == who.actor_id) & attendances.c.clocked_out_at.is_(None)
    if tx.execute(scoped(attendances, who).select(attendances.c.id).where(mine)).first() is not None:
        raise rules.AlreadyOnDuty


def _add(tx: Transaction, who: Who, hall: RowMapping, line: Mapping[str, Any]) -> None:
    starts, ends = rules.hours(line["starts"], line["ends"])
    hours = {"starts": starts, "ends": ends}
    place = {"branch_id": hall["branch_id"], "hall_id": hall["id"], "staff_id": line["staff_id"]}
    for weekday in sorted(set(line["weekdays"])):
        tx.execute(scoped(shifts, who).insert({"id": tx.new_id(), "weekday": weekday, **hours, **place}))


def _announce(tx: Transaction, row: RowMapping, fact: type[events._Attendance]) -> None:
    names = {field.name for field in fields(fact)} - {"attendance_id"}
    subject = about("attendance", row["id"], row["version"], row["branch_id"])
    announced = record(tx, fact(attendance_id=row["id"], **{name: row[name] for name in names}), subject)
    ledger.append(tx, f"hall/{row['hall_id']}", fact.TYPE.removesuffix(".v1"), subject.subject, announced.data)
