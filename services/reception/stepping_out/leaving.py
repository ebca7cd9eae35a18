"""What it takes for somebody to leave the floor, and to be out for too long. The caller has locked the hall."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping

from chassis import jobs
from chassis.database import Transaction
from chassis.identity import Who
from services.reception.forfeits.actions import forfeit
from services.reception.forfeits.rules import ForfeitCause, GivenUp
from services.reception.policy.rules import Policy
from services.reception.policy.views import policy_of
from services.reception.receptions.actions import serve_waiting, wait_for_another
from services.reception.rotation.actions import move, stand
from services.reception.rotation.rules import Moved
from services.reception.stepping_out import rules, views
from services.reception.stepping_out.rules import State
from services.reception.stepping_out.telling import BLANK, change

LIMITS = "reception.step_outs"
"""The job that looks at a step-out when its time is over."""


def asked_of(tx: Transaction, who: Who, hall: RowMapping, staff_id: str) -> dict[str, Any]:
    """What this person has asked for in this hall, or a new step-out of theirs, of version 0.

    Whatever was left open when they were last on duty ends first.
    """
    row = views.open_of(tx, who, staff_id)
    if row is not None and row["state"] == State.ASKED and row["hall_id"] == hall["id"]:
        return dict(row)
    if row is not None:
        end(tx, who, row, State.OFF_DUTY)
    names = {"hall_id": hall["id"], "branch_id": hall["branch_id"], "staff_id": staff_id}
    return BLANK | names | {"id": tx.new_id(), "asked_at": tx.now()}


def leave(tx: Transaction, who: Who, row: Mapping[Any, Any], reason: str, **how: Any) -> None:
    """Somebody is out from now on, for as long as the policy allows for the reason."""
    policy = policy_of(tx, who, row["branch_id"])
    until = tx.now() + rules.limit_of(reason, policy.out_for)
    change(tx, who, row, State.AWAY, reason=reason, since=tx.now(), until=until, **how)
    stand(tx, who, row["hall_id"], row["staff_id"], away=True)
    _watch(tx, row, until)


def allow_anew(tx: Transaction, who: Who, row: RowMapping) -> None:
    """Whoever is out has the whole time that was allowed again, from now on. The caller has locked the hall."""
    until = tx.now() + (row["until"] - row["since"])
    change(tx, who, row, State.AWAY, until=until)
    _watch(tx, row, until)


def give_up(tx: Transaction, who: Who, hall: RowMapping, row: Mapping[str, Any], called: RowMapping | None) -> str:
    """A or B is gone without a stand-in: to the tail, counted, and away until back, without a limit. Answers the
    forfeit's id; the caller has locked the hall.

    A visitor for whom they were called goes to the next free person at once; that one is no "not greeted".
    """
    staff_id, evidence = row["staff_id"], f"step_out/{row['id']}"
    entry = move(tx, who, hall, Moved.FORFEIT, {"staff_id": staff_id, "step_out_id": row["id"]})
    given_up = GivenUp(hall["branch_id"], hall["id"], staff_id, ForfeitCause.WALKED_OFF, evidence)
    policy = policy_of(tx, who, hall["branch_id"])
    forfeit_id = forfeit(tx, who, given_up, policy, entry=entry, serving=called is not None)
    change(tx, who, row, State.AWAY, reason=row["reason"], since=tx.now(), forfeit_id=forfeit_id)
    stand(tx, who, hall["id"], staff_id, away=True)
    if called is not None:
        wait_for_another(tx, who, called)
        serve_waiting(tx, who, hall)
    return forfeit_id


def overstay(tx: Transaction, who: Who, hall: RowMapping, step_out_id: str, policy: Policy) -> None:
    """Whoever is not back in time goes to the tail, once, and stays away; a forfeit only by policy (the product's own).

    The caller has locked the hall. Before the time is over, or done twice, it changes nothing.
    """
    row = views.step_out_of(tx, who, step_out_id)
    if row["state"] != State.AWAY or row["until"] is None or not rules.is_over(row["until"], tx.now()):
        return
    staff_id, evidence = row["staff_id"], f"step_out/{row['id']}"
    entry = move(tx, who, hall, Moved.OVERSTAYED, {"staff_id": staff_id, "step_out_id": row["id"]})
    forfeit_id = None
    if policy.overstaying_counts_as_forfeit:
        given_up = GivenUp(row["branch_id"], hall["id"], staff_id, ForfeitCause.OVERSTAYED, evidence)
        forfeit_id = forfeit(tx, who, given_up, policy, entry=entry, serving=False)
    change(tx, who, row, State.OVERSTAYED, forfeit_id=forfeit_id)


def go_off_duty(tx: Transaction, who: Who, hall: RowMapping, staff_id: str) -> None:
    """Somebody goes off duty: whatever they asked for or were out for ends. The caller has locked the hall."""
    row = views.open_of(tx, who, staff_id)
    if row is not None:
        overstay(tx, who, hall, row["id"], policy_of(tx, who, hall["branch_id"]))
        end(tx, who, views.step_out_of(tx, who, row["id"]), State.OFF_DUTY)


def end(tx: Transaction, who: Who, row: RowMapping, state: State) -> None:
    """A step-out is over: one that was only asked for is cancelled, and that somebody overstayed stays said."""
    kept = {State.ASKED: State.CANCELLED, State.OVERSTAYED: State.OVERSTAYED}
    change(tx, who, row, kept.get(State(row["state"]), state), ended_at=tx.now())


def _watch(tx: Transaction, row: Mapping[Any, Any], until: datetime) -> None:
    """Have it looked at when the time to be back is over."""
    where = {"step_out_id": row["id"], "hall_id": row["hall_id"], "branch_id": row["branch_id"]}
    jobs.enqueue(tx, LIMITS, where, f"{row['id']}/{until.isoformat()}", until + timedelta(seconds=1))
