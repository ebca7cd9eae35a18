"""Reading forfeits and suspensions."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, RowMapping, Select, bindparam, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.forfeits.rules import Forfeit, of_the_week
from services.reception.forfeits.tables import forfeits, suspensions
from services.reception.people.views import zone_of
from services.reception.policy.views import policy_of


class UnknownForfeit(Exception):
    """There is no such forfeit within reach."""


def is_suspended(who: Who, branch_id: Column[Any], staff_id: Column[Any]) -> ColumnElement[bool]:
    """The condition that `staff_id` is suspended at the moment `now` (a parameter of the statement)."""
    running = suspensions.c.starts_at <= bindparam("now"), suspensions.c.ends_at > bindparam("now")
    theirs = suspensions.c.staff_id == staff_id, suspensions.c.branch_id == branch_id, suspensions.c.ended_at.is_(None)
    found = scoped(suspensions, who).select(suspensions.c.id).where(*running, *theirs)
    return found.correlate(staff_id.table).exists()


def counting_forfeits(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> list[Forfeit]:
    """A person's forfeits that are neither excused nor spent."""
    rows = tx.execute(*_counting(who, branch=branch_id, person=staff_id))
    return [Forfeit(row.id, row.at) for row in rows]


def suspension_of(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> RowMapping | None:
    """A person's suspension that has not ended, begun or not."""
    return tx.execute(*_running(who, branch=branch_id, person=staff_id, now=tx.now())).mappings().first()


def suspension_by_id(tx: Transaction, who: Who, suspension_id: str) -> RowMapping:
    """One suspension that a forfeit names."""
    return tx.execute(*_one_suspension(who, suspension=suspension_id)).mappings().one()


def spent_on(tx: Transaction, who: Who, suspension_id: str) -> Sequence[str]:
    """The forfeits that a suspension spent, oldest first."""
    return tx.execute(*_spent(who, suspension=suspension_id)).scalars().all()


def forfeit_of(tx: Transaction, who: Who, forfeit_id: str) -> RowMapping:
    """One forfeit; raises UnknownForfeit."""
    row = tx.execute(*_one_forfeit(who, forfeit=forfeit_id)).mappings().first()
    if row is None:
        raise UnknownForfeit
    return row


def forfeits_of(tx: Transaction, who: Who, staff_id: str | None, page: dict[str, Any]) -> Page:
    """Forfeits in reach, the oldest first: of one person, or (None) of everybody."""
    found = scoped(forfeits, who).select()
    if staff_id is not None:
        found = found.where(forfeits.c.staff_id == staff_id)
    return paginate(tx, found, [forfeits.c.at, forfeits.c.id], page)


def own_forfeits(tx: Transaction, who: Who, page: dict[str, Any]) -> dict[str, Any]:
    """The asker's forfeits, the latest first, which of them count now, and the suspension; raises UnknownBranch."""
    zone, me = ZoneInfo(zone_of(tx, who, who.branch_id)), who.actor_id
    branch_id = str(who.branch_id)
    policy = policy_of(tx, who, branch_id)
    counting = of_the_week(counting_forfeits(tx, who, branch_id, me), tx.now(), policy, zone)
    theirs = scoped(forfeits, who).select().where(forfeits.c.staff_id == me)
    found = paginate(tx, theirs, [forfeits.c.at, forfeits.c.id], page, descending=True)
    return {
        "items": found.items,
        "next_after": found.next_after,
        "counting": [one.forfeit_id for one in counting],
        "allowed": policy.forfeits_allowed,
        "suspension": suspension_of(tx, who, branch_id, me),
    }


@prepared
def _counting(who: Who) -> Select[Any]:
    theirs = forfeits.c.branch_id == bindparam("branch"), forfeits.c.staff_id == bindparam("person")
    counts = forfeits.c.excused_at.is_(None), forfeits.c.suspension_id.is_(None)
    return scoped(forfeits, who).select(forfeits.c.id, forfeits.c.at).where(*theirs, *counts)


@prepared
def _running(who: Who) -> Select[Any]:
    theirs = suspensions.c.branch_id == bindparam("branch"), suspensions.c.staff_id == bindparam("person")
    here = scoped(suspensions, who).select().where(*theirs, suspensions.c.ended_at.is_(None))
    return here.where(or_(suspensions.c.ends_at.is_(None), suspensions.c.ends_at > bindparam("now")))


@prepared
def _one_suspension(who: Who) -> Select[Any]:
    return scoped(suspensions, who).select().where(suspensions.c.id == bindparam("suspension"))


@prepared
def _spent(who: Who) -> Select[Any]:
    of_it = scoped(forfeits, who).select(forfeits.c.id).where(forfeits.c.suspension_id == bindparam("suspension"))
    return of_it.order_by(forfeits.c.at, forfeits.c.id)


@prepared
def _one_forfeit(who: Who) -> Select[Any]:
    return scoped(forfeits, who).select().where(forfeits.c.id == bindparam("forfeit"))
