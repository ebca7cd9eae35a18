"""Stepping out and coming back: each locks the hall, decides, stores, appends to the register and announces."""

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from services.reception.forfeits import actions as forfeits
from services.reception.forfeits.views import forfeit_of, suspension_by_id
from services.reception.policy.views import policy_of
from services.reception.receptions.actions import actor, pass_on, serve_waiting
from services.reception.receptions.views import line_of
from services.reception.rotation.actions import stand
from services.reception.rotation.rules import Role
from services.reception.rotation.views import hall_of
from services.reception.stepping_out import rules, views
from services.reception.stepping_out.leaving import asked_of, end, give_up, leave, overstay
from services.reception.stepping_out.rules import Freely, State
from services.reception.stepping_out.telling import change, confirm


def step_out(tx: Transaction, who: Who, hall_id: str, reason: str, *, without_stand_in: bool) -> str:
    """The asker steps out; A and B first ask for a stand-in, unless they forfeit by not waiting for one (一.1).

    Answers the step-out's id. Raises UnknownHall, UnknownReason, AskedAlready, or as `rules.leave_of`.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    policy = policy_of(tx, who, hall["branch_id"])
    rules.limit_of(reason, policy.out_for)
    needed = rules.leave_of(line_of(tx, who, hall_id), who.actor_id)
    row = asked_of(tx, who, hall, who.actor_id)
    if isinstance(needed, Freely):
        leave(tx, who, row, reason)
    elif without_stand_in:
        give_up(tx, who, hall, {**row, "reason": reason}, None)
    elif row["version"]:
        raise rules.AskedAlready
    else:
        change(tx, who, row, State.ASKED, reason=reason)
    return str(row["id"])


def accept(tx: Transaction, who: Who, step_out_id: str) -> None:
    """The next free person takes the place, and who asked may go (顺位代替).

    Raises UnknownStepOut, StepOutIsOver, or as `rules.check_may_accept`.
    """
    row, hall = _asked(tx, who, step_out_id)
    rules.check_may_accept(line_of(tx, who, hall["id"]), row["staff_id"], who.actor_id)
    leave(tx, who, row, row["reason"], stand_in_id=who.actor_id)


def grant(tx: Transaction, who: Who, step_out_id: str, reason: str) -> None:
    """With nobody free to take the place, a supervisor grants leave.

    Raises UnknownStepOut, StepOutIsOver, or as `rules.check_may_grant`.
    """
    row, hall = _asked(tx, who, step_out_id)
    rules.check_may_grant(line_of(tx, who, hall["id"]), row["staff_id"], actor(who))
    leave(tx, who, row, row["reason"], granted_by=who.actor_id, granted_because=reason)


def cancel(tx: Transaction, who: Who, step_out_id: str) -> None:
    """Whoever asked stays; raises UnknownStepOut, StepOutIsOver or NotYourStepOut."""
    row, _hall = _asked(tx, who, step_out_id)
    rules.check_may_cancel(actor(who), row["staff_id"])
    change(tx, who, row, State.CANCELLED, ended_at=tx.now())


def come_back(tx: Transaction, who: Who, hall_id: str) -> str:
    """The asker is back and receives who waits; answers the step-out's id. Raises UnknownHall or NotAway."""
    hall = hall_of(tx, who, hall_id, lock=True)
    step_out_id: str = views.away_of(tx, who, hall_id, who.actor_id)["id"]
    overstay(tx, who, hall, step_out_id, policy_of(tx, who, hall["branch_id"]))
    be_back(tx, who, hall, views.step_out_of(tx, who, step_out_id))
    return step_out_id


def be_back(tx: Transaction, who: Who, hall: RowMapping, step_out: RowMapping) -> None:
    """The asker is back, in time or not, and receives who waits. The caller has locked the hall."""
    end(tx, who, step_out, State.BACK)
    stand(tx, who, hall["id"], who.actor_id, away=False)
    serve_waiting(tx, who, hall)


def walk_off(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> str:
    """A colleague, or who leads, says that A or B walked off (自动放弃); answers the forfeit's id.

    Raises UnknownHall, NotAColleague, or as `rules.check_forfeits`.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    pass_on(tx, who, hall)
    return report(tx, who, hall, staff_id)


def report(tx: Transaction, who: Who, hall: RowMapping, staff_id: str) -> str:
    """The same of whoever is called as it stands, be it past the time to greet. The caller has locked the hall."""
    line = line_of(tx, who, hall["id"])
    rules.check_may_report(line, actor(who))
    called = views.call_of(tx, who, hall["id"], staff_id)
    rules.check_forfeits(line, staff_id, Role(called["role"]) if called else None)
    return give_up(tx, who, hall, asked_of(tx, who, hall, staff_id), called)


def excuse(tx: Transaction, who: Who, forfeit_id: str, reason: str) -> None:
    """A supervisor excuses a forfeit: it counts no longer; if it suspended, the suspension and its penalty are undone.

    The place in the line is not given back. Raises UnknownForfeit, NotASupervisor, OwnCase or AlreadyExcused.
    """
    row = forfeit_of(tx, who, forfeit_id)
    rules.check_leads(actor(who), row["staff_id"])
    theirs = views.locked_halls_of(tx, who, row["staff_id"])
    serving = any(views.serves_in(tx, who, hall["id"], row["staff_id"]) for hall in theirs)
    policy = policy_of(tx, who, row["branch_id"])
    forfeits.excuse(tx, who, forfeit_id, reason, policy, serving=serving)
    for hall in theirs:
        serve_waiting(tx, who, hall)


def resume(tx: Transaction, who: Who, suspension_id: str) -> None:
    """The time of a suspension is over: the person receives again. Before that, or done twice, it changes nothing."""
    staff_id = suspension_by_id(tx, who, suspension_id)["staff_id"]
    theirs = views.locked_halls_of(tx, who, staff_id)
    forfeits.end_suspension(tx, who, suspension_id)
    for hall in theirs:
        serve_waiting(tx, who, hall)


def confirm_ready(tx: Transaction, who: Who, hall_id: str) -> None:
    """A has the materials ready (资料准备好); raises UnknownHall or NotA."""
    hall = hall_of(tx, who, hall_id, lock=True)
    rules.check_is_a(line_of(tx, who, hall_id), who.actor_id)
    stand(tx, who, hall_id, who.actor_id, is_ready=True)
    confirm(tx, who, hall, who.actor_id)


def _asked(tx: Transaction, who: Who, step_out_id: str) -> tuple[RowMapping, RowMapping]:
    """The step-out that waits for an answer, and its hall, locked; raises UnknownStepOut or StepOutIsOver."""
    hall = views.locked_hall_of(tx, who, step_out_id)
    row = views.step_out_of(tx, who, step_out_id)
    if row["state"] != State.ASKED:
        raise rules.StepOutIsOver
    return row, hall
