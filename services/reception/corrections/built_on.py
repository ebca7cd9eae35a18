"""What was built on an error: penalties are withdrawn, forfeits do not count, and a suspension for them ends."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.discipline.actions import withdraw
from services.reception.forfeits.actions import excuse
from services.reception.forfeits.tables import forfeits
from services.reception.policy.views import policy_of
from services.reception.receptions.views import open_in

_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


def withdraw_all(
    tx: Transaction, who: Who, branch_id: str, evidence: Iterable[str], staff_id: str | None, reason: str
) -> None:
    """Withdraw whatever rests on this evidence (subjects), of one person or (None) of all.

    The caller has locked the halls of the one whose forfeits may rest on it.
    """
    grounds = sorted(evidence)
    for ground in grounds:
        withdraw(tx, who, branch_id, ground, reason, staff_id)
    policy = policy_of(tx, who, branch_id)
    for row in tx.execute(*_forfeits(who, branch=branch_id, wanted=grounds)).mappings().all():
        if staff_id in (None, row["staff_id"]):
            serving = any(one["server_id"] == row["staff_id"] for one in open_in(tx, who, row["hall_id"]))
            excuse(tx, who, row["id"], reason, policy, serving=serving)


@prepared
def _forfeits(who: Who) -> Select[Any]:
    built = forfeits.c.branch_id == bindparam("branch"), forfeits.c.evidence.in_(_WANTED)
    return scoped(forfeits, who).select().where(*built, forfeits.c.excused_at.is_(None))
