"""Reading delegations."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.delegations.rules import Delegation, delegate_of
from services.reception.delegations.tables import delegations


def delegate_for(
    tx: Transaction, who: Who, branch_id: str, staff_id: str, customer_id: str | None, at: datetime
) -> str | None:
    """Who stands in this salesperson's shoes for this customer at a moment."""
    rows = tx.execute(*_of_person(who, branch=branch_id, person=staff_id, now=at))
    return delegate_of([Delegation(**row) for row in rows.mappings()], customer_id, at)


@prepared
def _of_person(who: Who) -> Select[Any]:
    names = ("staff_id", "delegate_id", "customer_id", "starts_at", "ends_at", "made_at")
    held = scoped(delegations, who).select(*(delegations.c[name] for name in names))
    mine = delegations.c.branch_id == bindparam("branch"), delegations.c.staff_id == bindparam("person")
    return held.where(*mine, delegations.c.ends_at > bindparam("now"), delegations.c.taken_back_at.is_(None))
