"""What lateness and absence bring (二.1), and what takes it back: leave, and closed days.

What the system saw by itself it proposes by itself; what a person's decision takes back names that person.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction, insert_if_new, scoped
from chassis.identity import Who, system
from services.reception.attendance import events, rules, views
from services.reception.attendance.rules import Lateness, Span
from services.reception.attendance.tables import absences
from services.reception.attendance.telling import cancel_absence, change_duty, tell
from services.reception.discipline.actions import propose, withdraw
from services.reception.discipline.rules import Proposal
from services.reception.policy.rules import Cause, Policy
from services.reception.rosters.rules import OnShift


def lateness_now(tx: Transaction, who: Who, branch_id: str, shift: OnShift, policy: Policy) -> Lateness:
    """How late somebody is who comes now for this shift; who was there before in it is not."""
    earlier = views.duties_around(tx, who, branch_id, shift.staff_id, Span(shift.starts_at, shift.ends_at))
    starts = [row["shift_starts_at"] for row in earlier]
    if not rules.is_first(shift, zip(starts, views.spans_of(earlier, tx.now()), strict=True)):
        return rules.ON_TIME
    return rules.lateness(shift, tx.now(), policy, views.leave_during(tx, who, branch_id, shift))


def propose_for(tx: Transaction, row: Mapping[str, Any], late: Lateness, policy: Policy, evidence: str) -> None:
    """A penalty is proposed for lateness that costs something."""
    if late.cause is not None and late.amount is not None:
        by = system("reception", row["branch_id"])
        propose(tx, by, Proposal(row["branch_id"], row["staff_id"], late.cause, late.amount, evidence, policy.version))


def judge_missed(tx: Transaction, who: Who, hall: RowMapping, shift: OnShift, policy: Policy) -> bool:
    """Who never came to a shift that is over counts as absent, once; says whether that is new."""
    branch_id, span = hall["branch_id"], Span(shift.starts_at, shift.ends_at)
    present = views.spans_of(views.duties_around(tx, who, branch_id, shift.staff_id, span), tx.now())
    if not rules.is_absent(shift, present, policy, views.leave_during(tx, who, branch_id, shift)):
        return False
    row = {
        "id": tx.new_id(),
        "branch_id": branch_id,
        "hall_id": hall["id"],
        "staff_id": shift.staff_id,
        "local_day": shift.day,
        "shift_starts_at": shift.starts_at,
        "shift_ends_at": shift.ends_at,
        "state": rules.AbsenceState.FOUND.value,
        "found_at": tx.now(),
        "version": 1,
    }
    if not insert_if_new(tx, scoped(absences, who).table, row, ["hall_id", "staff_id", "shift_starts_at"]):
        return False
    tell(tx, row, events.AbsenceFound)
    missing = Lateness(0, Cause.ABSENT, policy.amounts[Cause.ABSENT])
    propose_for(tx, row, missing, policy, f"absence/{row['id']}")
    return True


def relieve(tx: Transaction, who: Who, leave: RowMapping, policy: Policy, reason: str) -> None:
    """Leave was approved: lateness and absence within it are taken back, with what was proposed for them.

    Less lateness may cost less: what remains is proposed anew. The line stays as it is. The caller has locked the
    branch's halls.
    """
    branch_id, staff_id, span = leave["branch_id"], leave["staff_id"], Span(leave["starts_at"], leave["ends_at"])
    for row in views.late_in(tx, who, branch_id, staff_id, span):
        shift = OnShift(staff_id, row["local_day"], row["shift_starts_at"], row["clocked_in_at"])
        late = rules.lateness(shift, row["clocked_in_at"], policy, views.leave_during(tx, who, branch_id, shift))
        if late.seconds < row["late_by"]:
            changed = excuse(tx, who, row, late, reason)
            propose_for(tx, changed, late, policy, f"attendance/{row['id']}/{changed['version']}")
    for row in views.absences_of(tx, who, branch_id, staff_id, span):
        shift = OnShift(staff_id, row["local_day"], row["shift_starts_at"], row["shift_ends_at"])
        if not rules.is_absent(shift, (), policy, views.leave_during(tx, who, branch_id, shift)):
            cancel(tx, who, row, reason)


def excuse(tx: Transaction, who: Who, row: RowMapping, late: Lateness, reason: str) -> Mapping[str, Any]:
    """Less lateness holds: the penalties that rest on more are withdrawn. Answers the row as it is now."""
    subject = f"attendance/{row['id']}"
    for evidence in (subject, *(f"{subject}/{version}" for version in range(2, row["version"] + 1))):
        withdraw(tx, who, row["branch_id"], evidence, reason)
    return change_duty(tx, who, row, {"late_by": late.seconds}, events.LatenessChanged)


def cancel(tx: Transaction, who: Who, row: RowMapping, reason: str) -> None:
    """Somebody does not count as absent any more, and what was proposed for it is withdrawn."""
    withdraw(tx, who, row["branch_id"], f"absence/{row['id']}", reason)
    cancel_absence(tx, who, row)
