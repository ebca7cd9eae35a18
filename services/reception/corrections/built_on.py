"""What was built on an error: penalties are withdrawn, forfeits do not count, and a suspension for them ends."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Select, Update, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.discipline.tables import forfeits, suspensions
from services.reception.discipline.withdrawing import withdraw

_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


def withdraw_all(
    tx: Transaction, who: Who, branch_id: str, evidence: Iterable[str], staff_id: str | None, reason: str
) -> None:
    """Withdraw whatever rests on this evidence (subjects), of one person or (None) of all."""
    grounds = sorted(evidence)
    for ground in grounds:
        withdraw(tx, who, branch_id, ground, reason, staff_id)
    excused = {"excused_by": who.actor_id, "excused_at": tx.now(), "reason": reason}
    for row in tx.execute(*_forfeits(who, branch=branch_id, wanted=grounds)).mappings().all():
        if staff_id not in (None, row["staff_id"]):
            continue
        tx.execute(*_excused(who, one=row["id"], **excused))
        if row["suspension_id"] is not None:
            _end(tx, who, branch_id, row["suspension_id"], reason)


def _end(tx: Transaction, who: Who, branch_id: str, suspension_id: str, reason: str) -> None:
    """The other forfeits that it spent count again."""
    tx.execute(*_ended(who, one=suspension_id, ended_by=who.actor_id, ended_at=tx.now()))
    withdraw(tx, who, branch_id, f"suspension/{suspension_id}", reason)
    tx.execute(*_not_spent(who, one=suspension_id))


@prepared
def _forfeits(who: Who) -> Select[Any]:
    built = forfeits.c.branch_id == bindparam("branch"), forfeits.c.evidence.in_(_WANTED)
    return scoped(forfeits, who).select().where(*built, forfeits.c.excused_at.is_(None))


@prepared
def _excused(who: Who) -> Update:
    return scoped(forfeits, who).update().where(forfeits.c.id == bindparam("one"))


@prepared
def _ended(who: Who) -> Update:
    return scoped(suspensions, who).update().where(suspensions.c.id == bindparam("one"))


@prepared
def _not_spent(who: Who) -> Update:
    spent = scoped(forfeits, who).update().where(forfeits.c.suspension_id == bindparam("one"))
    return spent.values(suspension_id=None)
