"""Reading the copies."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reception.people.rules import UnknownBranch, UnknownStaff
from services.reception.people.tables import branches, staff


def local_time(tx: Transaction, who: Who, branch_id: str | None) -> datetime:
    """The present moment on the branch's wall clock; raises UnknownBranch."""
    here = scoped(branches, who).select(branches.c.time_zone).where(branches.c.branch_id == branch_id)
    zone = tx.execute(here.where(branches.c.active)).scalar()
    if zone is None:
        raise UnknownBranch(branch_id)
    return tx.now().astimezone(ZoneInfo(zone))


def check_works_at(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> None:
    """Raises UnknownStaff unless this person works at the branch."""
    at_branch = (staff.c.staff_id == staff_id) & (staff.c.branch_id == branch_id) & staff.c.active
    if tx.execute(scoped(staff, who).select(staff.c.staff_id).where(at_branch)).first() is None:
        raise UnknownStaff(staff_id)


def working_at(tx: Transaction, who: Who, wanted: Iterable[tuple[str, str]]) -> set[str]:
    """Of these (branch, person), who works there still."""
    pairs = set(wanted)
    asked = staff.c.staff_id.in_({staff_id for _, staff_id in pairs})
    rows = tx.execute(scoped(staff, who).select(staff.c.branch_id, staff.c.staff_id).where(asked, staff.c.active))
    return {staff_id for branch_id, staff_id in rows if (branch_id, staff_id) in pairs}


def names_of(tx: Transaction, who: Who, staff_ids: Iterable[str]) -> dict[str, str]:
    """Names by id; an id that has not been heard of stands for itself."""
    wanted = set(staff_ids)
    rows = tx.execute(scoped(staff, who).select(staff.c.staff_id, staff.c.name).where(staff.c.staff_id.in_(wanted)))
    return {staff_id: staff_id for staff_id in wanted} | {row.staff_id: row.name for row in rows}
