"""Reading penalties, forfeits and suspensions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.discipline.rules import Forfeit
from services.reception.discipline.tables import forfeits, suspensions


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


def running_suspension(tx: Transaction, who: Who, branch_id: str, staff_id: str, now: datetime) -> Sequence[RowMapping]:
    """A person's suspensions that have not ended."""
    return tx.execute(*_running(who, branch=branch_id, person=staff_id, now=now)).mappings().all()


@prepared
def _counting(who: Who) -> Select[Any]:
    theirs = forfeits.c.branch_id == bindparam("branch"), forfeits.c.staff_id == bindparam("person")
    counts = forfeits.c.excused_at.is_(None), forfeits.c.suspension_id.is_(None)
    return scoped(forfeits, who).select(forfeits.c.id, forfeits.c.at).where(*theirs, *counts)


@prepared
def _running(who: Who) -> Select[Any]:
    theirs = suspensions.c.branch_id == bindparam("branch"), suspensions.c.staff_id == bindparam("person")
    here = scoped(suspensions, who).select().where(*theirs)
    return here.where(suspensions.c.ended_at.is_(None), suspensions.c.ends_at > bindparam("now"))
