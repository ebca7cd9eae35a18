"""Reading the copies."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, Column, ColumnElement, Select, bindparam, or_, true

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.people.rules import UnknownBranch, UnknownStaff
from services.reception.people.tables import branches, staff


def local_time(tx: Transaction, who: Who, branch_id: str | None) -> datetime:
    """The present moment on the branch's wall clock; raises UnknownBranch."""
    return tx.now().astimezone(ZoneInfo(zone_of(tx, who, branch_id)))


def local_time_of(tx: Transaction, who: Who, branch_id: str, at: datetime) -> datetime:
    """A moment on the branch's wall clock; raises UnknownBranch."""
    return at.astimezone(ZoneInfo(zone_of(tx, who, branch_id)))


def zone_of(tx: Transaction, who: Who, branch_id: str | None) -> str:
    """The name of the branch's time zone; raises UnknownBranch."""
    zone: str | None = tx.execute(*_zone(who, branch=branch_id)).scalar()
    if zone is None:
        raise UnknownBranch(branch_id)
    return zone


def branches_in_reach(tx: Transaction, who: Who) -> Sequence[str]:
    """The ids of the branches that are open."""
    here = scoped(branches, who).select(branches.c.branch_id).where(branches.c.active)
    return tx.execute(here.order_by(branches.c.branch_id)).scalars().all()


def check_works_at(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> None:
    """Raises UnknownStaff unless this person works at the branch."""
    at_branch = (staff.c.staff_id == staff_id) & (staff.c.branch_id == branch_id) & staff.c.active
    if tx.execute(scoped(staff, who).select(staff.c.staff_id).where(at_branch)).first() is None:
        raise UnknownStaff(staff_id)


def role_at(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> str | None:
    """As what this person works at the branch; raises UnknownStaff."""
    theirs = (staff.c.staff_id == staff_id) & (staff.c.branch_id == branch_id) & staff.c.active
    row = tx.execute(scoped(staff, who).select(staff.c.role).where(theirs)).first()
    if row is None:
        raise UnknownStaff(staff_id)
    role: str | None = row.role
    return role


def staff_of(tx: Transaction, who: Who, branch_id: str) -> dict[str, str]:
    """The names of those who work at the branch, by id."""
    here = scoped(staff, who).select(staff.c.staff_id, staff.c.name).where(staff.c.branch_id == branch_id)
    return {row.staff_id: row.name for row in tx.execute(here.where(staff.c.active))}


def branch_of(tx: Transaction, who: Who, staff_id: str) -> str:
    """The branch at which this person works; raises UnknownStaff."""
    theirs = (staff.c.staff_id == staff_id) & staff.c.active
    branch_id: str | None = tx.execute(scoped(staff, who).select(staff.c.branch_id).where(theirs)).scalar()
    if branch_id is None:
        raise UnknownStaff(staff_id)
    return branch_id


def lock_person(tx: Transaction, who: Who, staff_id: str) -> None:
    """What counts over all halls of a person is decided by one after the other."""
    tx.execute(*_locked(who, person=staff_id))


def works_there(who: Who, branch_id: Column[Any], staff_id: Column[Any]) -> ColumnElement[bool]:
    """The condition that `staff_id` works at `branch_id` still."""
    at_branch = (staff.c.staff_id == staff_id) & (staff.c.branch_id == branch_id) & staff.c.active
    return scoped(staff, who).select(staff.c.staff_id).where(at_branch).correlate(staff_id.table).exists()


def of_people_in_reach(who: Who, staff_id: Column[Any]) -> ColumnElement[bool]:
    """The condition that `staff_id` is the asker, or of the asker's team; true for those who see a whole branch."""
    if who.reach in ("branch", "all"):
        return true()
    if who.reach == "own" or who.team_id is None:
        return staff_id == who.actor_id
    team = scoped(staff, who).select(staff.c.staff_id).where(staff.c.team_id == who.team_id)
    return or_(staff_id == who.actor_id, staff_id.in_(team))


def is_in_reach(tx: Transaction, who: Who, staff_id: str) -> bool:
    """Whether this is the asker, or somebody whose work the asker sees."""
    known = scoped(staff, who).select(staff.c.staff_id).where(staff.c.staff_id == staff_id)
    found = tx.execute(known.where(of_people_in_reach(who, staff.c.staff_id))).first()
    return staff_id == who.actor_id or found is not None


def names_of(tx: Transaction, who: Who, staff_ids: Iterable[str]) -> dict[str, str]:
    """Names by id; an id that has not been heard of stands for itself."""
    wanted = sorted(set(staff_ids))
    rows = tx.execute(*_names(who, wanted=wanted))
    return {staff_id: staff_id for staff_id in wanted} | {row.staff_id: row.name for row in rows}


def leads(who: Who) -> bool:
    """Whether the asker may act for colleagues: a supervisor or manager."""
    return who.role == "supervisor" or who.may("reception.manage")


@prepared
def _zone(who: Who) -> Select[Any]:
    here = scoped(branches, who).select(branches.c.time_zone).where(branches.c.branch_id == bindparam("branch"))
    return here.where(branches.c.active)


@prepared
def _locked(who: Who) -> Select[Any]:
    return scoped(staff, who).select(staff.c.staff_id).where(staff.c.staff_id == bindparam("person")).with_for_update()


@prepared
def _names(who: Who) -> Select[Any]:
    wanted: BindParameter[str] = bindparam("wanted", expanding=True)
    return scoped(staff, who).select(staff.c.staff_id, staff.c.name).where(staff.c.staff_id.in_(wanted))
