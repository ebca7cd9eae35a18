"""Whose customers an asker may see, who works at a branch, and which day it is there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, or_, true

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.people.rules import Branch, BranchNeeded, UnknownBranch
from services.customers.people.tables import branches, staff


def of_people_in_reach(who: Who, owner: Column[Any]) -> ColumnElement[bool]:
    """The condition that `owner` is the asker, or of the asker's team; true for those who see a whole branch."""
    if who.reach in ("branch", "all"):
        return true()
    if who.reach == "own" or who.team_id is None:
        return owner == who.actor_id
    team = scoped(staff, who).select(staff.c.staff_id).where(staff.c.team_id == who.team_id)
    return or_(owner == who.actor_id, owner.in_(team))


def is_in_reach(tx: Transaction, who: Who, staff_id: str | None) -> bool:
    """Whether the asker sees what this member of the branch owns; None: what nobody owns."""
    if who.reach in ("branch", "all") or staff_id == who.actor_id:
        return True
    found = scoped(staff, who).select(staff.c.staff_id).where(staff.c.staff_id == staff_id)
    return tx.execute(found.where(of_people_in_reach(who, staff.c.staff_id))).first() is not None


def works_in_reach(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> bool:
    """Whether this is an active member of the branch whose customers the asker sees."""
    here = staff.c.staff_id == staff_id, staff.c.branch_id == branch_id, staff.c.active
    found = scoped(staff, who).select(staff.c.staff_id).where(*here, of_people_in_reach(who, staff.c.staff_id))
    return tx.execute(found).first() is not None


def staff_by_name(tx: Transaction, who: Who, branch_id: str) -> Mapping[str, Sequence[str]]:
    """The ids of the branch's active staff, by name."""
    here = (
        scoped(staff, who).select(staff.c.name, staff.c.staff_id).where(staff.c.branch_id == branch_id, staff.c.active)
    )
    ids: dict[str, list[str]] = defaultdict(list)
    for row in tx.execute(here):
        ids[row.name].append(row.staff_id)
    return ids


def names_of_staff(tx: Transaction, who: Who) -> Mapping[str, str]:
    """The names of everyone in reach, those who have left included, by their ids."""
    named = scoped(staff, who).select(staff.c.staff_id, staff.c.name)
    return {row.staff_id: row.name for row in tx.execute(named)}


def names_of_branches(tx: Transaction, who: Who) -> Mapping[str, str]:
    """The names of the branches in reach, those that are closed included, by their ids."""
    named = scoped(branches, who).select(branches.c.branch_id, branches.c.name)
    return {row.branch_id: row.name for row in tx.execute(named)}


def branch_meant(tx: Transaction, who: Who, named: str | None) -> Branch:
    """The branch that `who` acts in: the one named, else their own. Raises BranchNeeded, UnknownBranch."""
    branch_id = named or who.branch_id
    if branch_id is None:
        raise BranchNeeded
    row = tx.execute(*_open_branch(who, branch=branch_id)).first()
    if row is None:
        raise UnknownBranch
    return Branch(row.branch_id, row.time_zone)


def branches_in_reach(tx: Transaction, who: Who) -> Sequence[str]:
    """The asker's branch, or every one for those who see all branches."""
    if who.branch_id is not None:
        return [who.branch_id]
    return tx.execute(scoped(branches, who).select(branches.c.branch_id)).scalars().all()


def branch_of(tx: Transaction, who: Who, branch_id: str) -> Branch:
    """A branch that something belongs to, open or not."""
    return Branch(branch_id, tx.execute(*_zone(who, branch=branch_id)).scalar())


def local_day(tx: Transaction, who: Who, branch_id: str) -> date:
    """Which day it is now at the branch."""
    return branch_of(tx, who, branch_id).day(tx.now())


def open_branches(tx: Transaction, who: Who) -> Sequence[str]:
    """The ids of the branches in reach that are open, in order."""
    found = scoped(branches, who).select(branches.c.branch_id).where(branches.c.active)
    return tx.execute(found.order_by(branches.c.branch_id)).scalars().all()


@prepared
def _open_branch(who: Who) -> Select[Any]:
    named = branches.c.branch_id == bindparam("branch"), branches.c.active
    return scoped(branches, who).select(branches.c.branch_id, branches.c.time_zone).where(*named)


@prepared
def _zone(who: Who) -> Select[Any]:
    return scoped(branches, who).select(branches.c.time_zone).where(branches.c.branch_id == bindparam("branch"))
