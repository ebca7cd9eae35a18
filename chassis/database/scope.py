"""The only way to a table that belongs to branches: through who asks.

The condition stands in the statement itself, so that what may not be seen is never read. Building a statement costs
more than running it: what is asked often is `prepared`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Protocol, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Executable,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    true,
    update,
)

from chassis.identity import Reach, Who

Ready = tuple[Executable, dict[str, Any]]
"""A statement and its values: what `tx.execute(*ready)` takes."""


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
        self._check(values)
        return insert(self.table).values(dict(values))

    def new(self, values: Mapping[str, Any]) -> Ready:
        """The same, by the one statement that all rows of the table share."""
        self._check(values)
        return _insert_into(self.table), dict(values)

    def _check(self, values: Mapping[str, Any]) -> None:
        if not self.who.sees_all_branches and values["branch_id"] != self.who.branch_id:
            raise OutOfReach(self.table.name)


class OutOfReach(Exception):
    """A row of a branch that the asker does not belong to."""


def scoped(table: Table, who: Who) -> Scoped:
    """`table`, as `who` may touch it."""
    return Scoped(table, who)


class Prepared(Protocol):
    """A statement that waits for its asker and its values."""

    def __call__(self, who: Who, /, **values: Any) -> Ready: ...


def prepared(build: Callable[[Who], Executable]) -> Prepared:
    """Build a scoped statement once for each kind of asker, not once for each question.

        @prepared
        def _one_note(who: Who) -> Select[Any]:
            return scoped(notes, who).select().where(notes.c.id == bindparam("note"))

        tx.execute(*_one_note(who, note=note_id))

    `build` is handed a stand-in that has what conditions on rows are made of: `reach`, and as parameters `branch_id`,
    `team_id` and `actor_id`. It lacks role, kind and permissions: what they decide is decided outside. Run without its
    asker, the statement fails.
    """

    @cache
    def built(reach: Reach, in_a_team: bool) -> Executable:
        return build(cast(Who, _AnyAsker(reach, in_a_team)))

    @wraps(build)
    def ready(who: Who, /, **values: Any) -> Ready:
        asker = {_BRANCH: who.branch_id, _TEAM: who.team_id, _ACTOR: who.actor_id}
        return built(who.reach, who.team_id is not None), asker | values

    return ready


_BRANCH, _TEAM, _ACTOR = "asker_branch", "asker_team", "asker_actor"


@dataclass(frozen=True)
class _AnyAsker:
    """Everybody of one reach, while a statement is built."""

    reach: Reach
    in_a_team: bool
    sees_all_branches = Who.sees_all_branches

    @property
    def branch_id(self) -> BindParameter[str]:
        return bindparam(_BRANCH)

    @property
    def actor_id(self) -> BindParameter[str]:
        return bindparam(_ACTOR)

    @property
    def team_id(self) -> BindParameter[str] | None:
        return bindparam(_TEAM) if self.in_a_team else None


@cache
def _insert_into(table: Table) -> Insert:
    return insert(table)
