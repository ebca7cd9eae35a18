"""Coming on duty and going off, who is missing, leave, and closing a hall for a day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from chassis import audit, jobs
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.reception.attendance import events, judging, rules, views
from services.reception.attendance.order_of_day import take_place
from services.reception.attendance.rules import LeaveState, Span
from services.reception.attendance.tables import attendances, leaves
from services.reception.attendance.telling import change_duty, tell
from services.reception.people.views import check_works_at, local_time, staff_of, zone_of
from services.reception.policy.rules import Policy
from services.reception.policy.views import policy_of
from services.reception.receptions.actions import actor, original_left, serve_waiting
from services.reception.receptions.views import serves_elsewhere
from services.reception.rosters import actions as rosters
from services.reception.rosters.rules import OnShift, shift_at, shifts_on
from services.reception.rosters.views import roster_between
from services.reception.rotation.actions import stand
from services.reception.rotation.views import hall_of
from services.reception.stepping_out.leaving import go_off_duty

SHIFT_ENDED = "reception.shift_ended"
"""The job that looks for who is missing when a shift is over."""
LOOKED_BACK = timedelta(days=3)
"""How long after a shift its absence is still found, should nothing have looked in time."""
LOOKED_AHEAD = timedelta(days=1, hours=2)


def clock_in(tx: Transaction, who: Who, hall_id: str) -> str:
    """The asker comes on duty; answers the attendance's id. For coming late a penalty is proposed (二.1).

    Raises UnknownHall, NotRostered, HallIsClosed, AlreadyOnDuty, StillServing or NotOnTheLine.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    _check_off_duty(tx, who)
    if serves_elsewhere(tx, who, hall_id):
        raise rules.StillServing
    return come_on_duty(tx, who, hall, policy_of(tx, who, hall["branch_id"]))


def come_on_duty(tx: Transaction, who: Who, hall: RowMapping, policy: Policy) -> str:
    """The same under this policy; the caller has locked the hall, and checked that the asker is on duty nowhere."""
    shift = _shift_now(tx, who, hall, policy)
    late = judging.lateness_now(tx, who, hall["branch_id"], shift, policy)
    row = {
        "id": tx.new_id(),
        "branch_id": hall["branch_id"],
        "hall_id": hall["id"],
        "staff_id": who.actor_id,
        "local_day": shift.day,
        "shift_starts_at": shift.starts_at,
        "clocked_in_at": tx.now(),
        "clocked_out_at": None,
        "late_by": late.seconds,
        "version": 1,
    }
    tx.execute(*scoped(attendances, who).new(row))
    tell(tx, row, events.ClockedIn)
    take_place(tx, who, hall, row, policy)
    stand(tx, who, hall["id"], who.actor_id, on_duty=True, away=False)
    judging.propose_for(tx, row, late, policy, f"attendance/{row['id']}")
    serve_waiting(tx, who, hall)
    return str(row["id"])


def clock_out(tx: Transaction, who: Who, hall_id: str) -> str:
    """The asker goes off duty and keeps the place in the line; raises UnknownHall or NotOnDuty."""
    hall = hall_of(tx, who, hall_id, lock=True)
    duty = views.duty_of(tx, who, hall_id, who.actor_id)
    change_duty(tx, who, duty, {"clocked_out_at": tx.now()}, events.ClockedOut)
    go_off_duty(tx, who, hall, who.actor_id)
    stand(tx, who, hall_id, who.actor_id, on_duty=False, away=False)
    original_left(tx, who, hall_id, who.actor_id)
    return str(duty["id"])


def find_absent(tx: Transaction, who: Who, hall_id: str) -> int:
    """Who was not there for a shift that is over counts as absent, and a penalty is proposed (二.1): once for a shift.

    Answers how many were found now; raises UnknownHall.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    policy = policy_of(tx, who, hall["branch_id"])
    since = tx.now() - LOOKED_BACK
    known = views.accounted_since(tx, who, hall_id, since - LOOKED_AHEAD)
    here = staff_of(tx, who, hall["branch_id"])
    over = [shift for shift in _shifts_around(tx, who, hall) if since < shift.ends_at <= tx.now() and shift.binds]
    missed = [one for one in over if one.staff_id in here and (one.staff_id, one.starts_at) not in known]
    return sum(judging.judge_missed(tx, who, hall, shift, policy) for shift in missed)


def watch_shifts(tx: Transaction, who: Who, hall_id: str) -> None:
    """Have it looked at when each shift of the next day or so is over; raises UnknownHall."""
    hall = hall_of(tx, who, hall_id)
    where = {"hall_id": hall_id, "branch_id": hall["branch_id"]}
    ends = {shift.ends_at for shift in _shifts_around(tx, who, hall)}
    for end in sorted(ends):
        if tx.now() < end <= tx.now() + LOOKED_AHEAD:
            jobs.enqueue(tx, SHIFT_ENDED, where, f"{hall_id}/{end.isoformat()}", end)


def close_day(tx: Transaction, who: Who, hall_id: str, day: date, reason: str) -> None:
    """A hall is closed on a day: nobody is rostered, so nobody was late or absent. Raises UnknownHall."""
    hall = hall_of(tx, who, hall_id, lock=True)
    if not rosters.close_day(tx, who, hall, day, reason):
        return
    for row in views.attended(tx, who, hall_id, day):
        if row["late_by"]:
            judging.excuse(tx, who, row, rules.ON_TIME, reason)
    for row in views.absences_on(tx, who, hall_id, day):
        judging.cancel(tx, who, row, reason)


def ask_for_leave(tx: Transaction, who: Who, span: Span, reason: str) -> str:
    """The asker asks for leave; answers its id. Raises UnknownStaff or LeaveOfNoTime."""
    check_works_at(tx, who, who.branch_id or "", who.actor_id)
    rules.check_leave(span)
    row = {
        "id": tx.new_id(),
        "branch_id": who.branch_id,
        "staff_id": who.actor_id,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "reason": reason,
        "state": LeaveState.ASKED.value,
        "asked_at": tx.now(),
        "decided_by": None,
        "decided_at": None,
        "decided_because": None,
        "version": 1,
    }
    tx.execute(*scoped(leaves, who).new(row))
    _tell_leave(tx, row, events.LeaveAsked)
    return str(row["id"])


def decide_leave(tx: Transaction, who: Who, leave_id: str, state: LeaveState, reason: str) -> None:
    """A supervisor or the manager approves or refuses another's leave; approved, it takes lateness and absence back.

    Raises UnknownLeave, NotYourLeaveToDecide or LeaveDecided.
    """
    asked = views.leave_of(tx, who, leave_id)
    views.lock_halls(tx, who, asked["branch_id"])  # nobody comes late meanwhile without seeing the leave
    row = views.leave_of(tx, who, leave_id, lock=True)
    rules.check_decides(who.actor_id, row["staff_id"], LeaveState(row["state"]), leads=actor(who).leads)
    values = {"state": state.value, "decided_by": who.actor_id, "decided_at": tx.now(), "decided_because": reason}
    values |= {"version": row["version"] + 1}
    tx.execute(scoped(leaves, who).update().where(leaves.c.id == leave_id).values(values))
    _tell_leave(tx, {**row, **values}, events.LeaveDecided)
    audit.note(tx, who, f"leave.{state.value}", f"leave/{leave_id}", row["branch_id"])
    if state is LeaveState.APPROVED:
        judging.relieve(tx, who, row, policy_of(tx, who, row["branch_id"]), reason)


def _check_off_duty(tx: Transaction, who: Who) -> None:
    mine = (attendances.c.staff_id == who.actor_id) & attendances.c.clocked_out_at.is_(None)
    if tx.execute(scoped(attendances, who).select(attendances.c.id).where(mine)).first() is not None:
        raise rules.AlreadyOnDuty


def _shift_now(tx: Transaction, who: Who, hall: RowMapping, policy: Policy) -> OnShift:
    now = local_time(tx, who, hall["branch_id"])
    around = now.date() - timedelta(days=1), now.date() + timedelta(days=1)
    zone = ZoneInfo(zone_of(tx, who, hall["branch_id"]))
    roster = roster_between(tx, who, hall["id"], *around)
    return shift_at(roster, who.actor_id, tx.now(), zone, policy.clock_in_ahead)


def _shifts_around(tx: Transaction, who: Who, hall: RowMapping) -> list[OnShift]:
    """Everybody's shifts of the days that are looked back at, and of today and tomorrow."""
    zone = ZoneInfo(zone_of(tx, who, hall["branch_id"]))
    today = tx.now().astimezone(zone).date()
    days = [today + timedelta(days=by) for by in range(-LOOKED_BACK.days - 1, 3)]
    roster = roster_between(tx, who, hall["id"], days[0], days[-1])
    return [shift for day in days for shift in shifts_on(roster, day, zone)]


def _tell_leave(tx: Transaction, row: Mapping[str, Any], fact: type[events._Leave]) -> None:
    told = ("branch_id", "staff_id", "starts_at", "ends_at", "state", "decided_by", "decided_at")
    said = fact(leave_id=row["id"], **{name: row[name] for name in told})
    record(tx, said, about("leave", row["id"], row["version"], row["branch_id"]))
