"""The only way to a table that belongs to branches: through who asks.

The condition stands in the statement itself, so that what may not be seen is never read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Delete, Insert, Select, Table, Update, delete, insert, select, true, update

from chassis.identity import Who


@dataclass(frozen=True)
class Scoped:
    """One table as one asker may touch it. The table has a `branch_id` column."""

    table: Table
    who: Who

    @property
    def visible(self) -> ColumnElement[bool]:
        """The condition for joins: rows of the asker's branch, or all rows for those who see all branches."""
        if self.who.sees_all_branches:
            return true()
        return self.table.c.branch_id == self.who.branch_id

    def select(self, *columns: Any) -> Select[Any]:
        """SELECT the given columns (default: all) of the rows in reach."""
        return select(*(columns or (self.table,))).select_from(self.table).where(self.visible)

    def update(self) -> Update:
        """UPDATE only rows in reach."""
        return update(self.table).where(self.visible)

    def delete(self) -> Delete:
        """DELETE only rows in reach."""
        return delete(self.table).where(self.visible)

    def insert(self, values: Mapping[str, Any]) -> Insert:
        """INSERT one row; raises OutOfReach for another branch than the asker's."""
        if not self.who.sees_all_branches and values["branch_id"] != self.who.branch_id:
            raise OutOfReach(self.table.name)
        return insert(self.table).values(dict(values))


class OutOfReach(Exception):
    """A row of a branch that the asker does not belong to."""


def scoped(table: Table, who: Who) -> Scoped:
    """`table`, as `who` may touch it."""
    return Scoped(table, who)
