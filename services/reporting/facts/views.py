"""What every report shares: whose rows an asker sees, and which customers are one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Column, ColumnElement, Select, Table, and_, exists, or_, select, true

from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reporting.facts.rules import BranchUnknown
from services.reporting.facts.tables import aliases, branches, staff


@dataclass(frozen=True)
class Asked:
    """Who asks, and of which branch (None: all that they see)."""

    who: Who
    branch_id: str | None

    def sees(self, table: Table, person: Column[Any]) -> ColumnElement[bool]:
        """The condition on rows of `table`: of the branch asked for, and of a `person` in the asker's reach."""
        here = true() if self.branch_id is None else table.c.branch_id == self.branch_id
        return and_(here, _of_people_in_reach(self.who, person))


def asked_of(tx: Transaction, who: Who, branch_id: str | None) -> Asked:
    """What `who` may ask of `branch_id`; raises BranchUnknown for one that is not theirs, or is not."""
    if branch_id is None:
        return Asked(who, None if who.sees_all_branches else who.branch_id)
    if not who.sees_all_branches:
        if branch_id != who.branch_id:
            raise BranchUnknown(branch_id)
    elif tx.execute(scoped(branches, who).select().where(branches.c.branch_id == branch_id)).first() is None:
        raise BranchUnknown(branch_id)
    return Asked(who, branch_id)


def winners(who: Who, customer_ids: Select[Any]) -> CTE:
    """For each of these customers that was merged: `customer_id` and the `winner_id` it is in the end.

    Only the merges of the customers asked for are followed, so a report costs what it shows. Merges in a circle, which
    the register never makes, name no winner.
    """
    start = scoped(aliases, who).select(aliases.c.loser_id.label("customer_id"), aliases.c.winner_id)
    walk = start.where(aliases.c.active, aliases.c.loser_id.in_(customer_ids)).cte("walk", recursive=True)
    step = scoped(aliases, who).select(walk.c.customer_id, aliases.c.winner_id)
    walk = walk.union(step.where(aliases.c.active, aliases.c.loser_id == walk.c.winner_id))
    return select(walk).where(~merged_away(walk.c.winner_id)).cte("winners")


def merged_away(customer_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that this customer lives on in another one."""
    return exists().where(aliases.c.loser_id == customer_id, aliases.c.active)


def _of_people_in_reach(who: Who, staff_id: Column[Any]) -> ColumnElement[bool]:
    if who.reach in ("branch", "all"):
        return true()
    if who.reach == "own" or who.team_id is None:
        return staff_id == who.actor_id
    team = scoped(staff, who).select(staff.c.staff_id).where(staff.c.team_id == who.team_id)
    return or_(staff_id == who.actor_id, staff_id.in_(team))
