"""Counting forfeits, suspending, excusing. Whoever calls has locked the halls that the person stands in."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, Update, bindparam

from chassis import audit, jobs
from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.discipline.actions import propose
from services.reception.discipline.rules import Proposal
from services.reception.discipline.withdrawing import withdraw
from services.reception.forfeits import events, rules, telling, views
from services.reception.forfeits.rules import Forfeit, GivenUp
from services.reception.forfeits.tables import forfeits, suspensions
from services.reception.people.views import lock_person, zone_of
from services.reception.policy.rules import Cause, Policy

SUSPENSIONS = "reception.suspensions"
"""The job that ends a suspension when its time is over."""


def forfeit(tx: Transaction, who: Who, given_up: GivenUp, policy: Policy, *, entry: int, serving: bool) -> str:
    """Count a forfeit; past what the week allows it suspends (一.1). Answers the forfeit's id.

    `entry` is the register's by which the person lost their place. While `serving`, a suspension waits for the end of
    that reception.
    """
    lock_person(tx, who, given_up.staff_id)
    row = {
        "id": tx.new_id(),
        **vars(given_up),
        "cause": given_up.cause.value,
        "at": tx.now(),
        "recorded_by": who.actor_id,
        "line_entry": entry,
        "excused_by": None,
        "excused_at": None,
        "reason": None,
        "suspension_id": None,
        "version": 1,
    }
    telling.recorded(tx, who, row)
    _suspend_if_due(tx, who, row, policy, serving=serving)
    return str(row["id"])


def excuse(tx: Transaction, who: Who, forfeit_id: str, reason: str, policy: Policy, *, serving: bool) -> None:
    """Count a forfeit no longer. One that was spent ends the suspension, withdraws its penalty, and the others count
    again. Raises UnknownForfeit or AlreadyExcused.
    """
    lock_person(tx, who, views.forfeit_of(tx, who, forfeit_id)["staff_id"])
    row = views.forfeit_of(tx, who, forfeit_id)
    if row["excused_at"] is not None:
        raise rules.AlreadyExcused
    excused = {"excused_by": who.actor_id, "excused_at": tx.now(), "reason": reason}
    telling.excused(tx, who, row, excused)
    if row["suspension_id"] is not None:
        _undo(tx, who, views.suspension_by_id(tx, who, row["suspension_id"]), reason)
        _suspend_if_due(tx, who, row, policy, serving=serving)
    audit.note(tx, who, "forfeit.excused", f"forfeit/{forfeit_id}", row["branch_id"])


def begin_suspension(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> None:
    """A reception of theirs ended: a suspension that waited for that begins."""
    waiting = views.suspension_of(tx, who, branch_id, staff_id)
    if waiting is not None and waiting["starts_at"] is None:
        _begin(tx, who, waiting)


def end_suspension(tx: Transaction, who: Who, suspension_id: str) -> None:
    """The time of a suspension is over, if it is. Done twice it changes nothing more."""
    row = views.suspension_by_id(tx, who, suspension_id)
    if row["ended_at"] is None and row["ends_at"] is not None and row["ends_at"] <= tx.now():
        _end(tx, who, row)


def _suspend_if_due(tx: Transaction, who: Who, row: Mapping[Any, Any], policy: Policy, *, serving: bool) -> None:
    branch_id, staff_id = row["branch_id"], row["staff_id"]
    if views.suspension_of(tx, who, branch_id, staff_id):
        return
    counted = views.counting_forfeits(tx, who, branch_id, staff_id)
    spent = rules.those_that_suspend(counted, tx.now(), policy, ZoneInfo(zone_of(tx, who, branch_id)))
    if not spent:
        return
    ordered = _order(tx, who, row, spent, policy)
    if not serving:
        _begin(tx, who, ordered)


def _order(
    tx: Transaction, who: Who, forfeit: Mapping[Any, Any], spent: Sequence[Forfeit], policy: Policy
) -> dict[str, Any]:
    """The suspension, not begun yet, and the penalty for it, once."""
    row: dict[str, Any] = dict.fromkeys(suspensions.c.keys()) | {
        "id": tx.new_id(),
        **{name: forfeit[name] for name in ("branch_id", "hall_id", "staff_id")},
        "ordered_at": tx.now(),
        "lasts": policy.suspended_for,
        "version": 1,
    }
    telling.ordered(tx, who, row, [one.forfeit_id for one in spent])
    amount, evidence = policy.amounts[Cause.FORFEITS], f"suspension/{row['id']}"
    proposal = Proposal(row["branch_id"], row["staff_id"], Cause.FORFEITS, amount, evidence, policy.version)
    propose(tx, who, proposal)
    return row


def _begin(tx: Transaction, who: Who, row: Mapping[Any, Any]) -> None:
    starts_at, ends_at = rules.suspension(tx.now(), row["lasts"])
    telling.changed(tx, who, row, {"starts_at": starts_at, "ends_at": ends_at}, events.SuspensionBegan)
    where = {"suspension_id": row["id"], "branch_id": row["branch_id"]}
    jobs.enqueue(tx, SUSPENSIONS, where, row["id"], ends_at)


def _end(tx: Transaction, who: Who, row: Mapping[Any, Any]) -> None:
    telling.changed(tx, who, row, {"ended_at": tx.now(), "ended_by": who.actor_id}, events.SuspensionEnded)


def _undo(tx: Transaction, who: Who, row: RowMapping, reason: str) -> None:
    if row["ended_at"] is None:
        _end(tx, who, row)
    withdraw(tx, who, row["branch_id"], f"suspension/{row['id']}", reason)
    tx.execute(*_spent_on(who, suspension=row["id"]))


@prepared
def _spent_on(who: Who) -> Update:
    of_it = scoped(forfeits, who).update().where(forfeits.c.suspension_id == bindparam("suspension"))
    return of_it.values(suspension_id=None)
