"""Reading delegations."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, true

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.delegations.rules import Delegation, delegate_of
from services.reception.delegations.tables import delegations
from services.reception.people.views import leads
from services.reception.visitors.views import winner_of


class UnknownDelegation(Exception):
    """There is no such delegation within reach."""


def delegate_for(
    tx: Transaction, who: Who, branch_id: str, staff_id: str, customer_id: str | None, at: datetime
) -> str | None:
    """Who stands in this salesperson's shoes for this customer at a moment."""
    rows = tx.execute(*_of_person(who, branch=branch_id, person=staff_id, now=at)).mappings().all()
    return delegate_of([Delegation(**{**row, **_as_it_lives_now(tx, who, row)}) for row in rows], customer_id, at)


def delegation_of(tx: Transaction, who: Who, delegation_id: str, *, lock: bool = False) -> RowMapping:
    """One delegation, locked if it is to be changed; raises UnknownDelegation."""
    row = tx.execute(*(_locked if lock else _one)(who, delegation=delegation_id)).mappings().first()
    if row is None:
        raise UnknownDelegation
    return row


def delegations_of(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """What the asker has entrusted and was entrusted with; who leads sees the branch's. Oldest first."""
    mine = (delegations.c.staff_id == who.actor_id) | (delegations.c.delegate_id == who.actor_id)
    seen = scoped(delegations, who).select().where(true() if leads(who) else mine)
    return paginate(tx, seen, [delegations.c.made_at, delegations.c.id], page)


def _as_it_lives_now(tx: Transaction, who: Who, row: RowMapping) -> dict[str, str | None]:
    """A customer that was merged since is the one that stays."""
    customer_id = row["customer_id"]
    return {"customer_id": customer_id and winner_of(tx, who, customer_id)}


@prepared
def _one(who: Who) -> Select[Any]:
    return scoped(delegations, who).select().where(delegations.c.id == bindparam("delegation"))


@prepared
def _locked(who: Who) -> Select[Any]:
    return scoped(delegations, who).select().where(delegations.c.id == bindparam("delegation")).with_for_update()


@prepared
def _of_person(who: Who) -> Select[Any]:
    names = ("staff_id", "delegate_id", "customer_id", "starts_at", "ends_at", "made_at")
    held = scoped(delegations, who).select(*(delegations.c[name] for name in names))
    mine = delegations.c.branch_id == bindparam("branch"), delegations.c.staff_id == bindparam("person")
    return held.where(*mine, delegations.c.ends_at > bindparam("now"), delegations.c.taken_back_at.is_(None))
