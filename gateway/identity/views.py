"""Branches, departments, teams and staff as who asks may see them; passwords never leave."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Select

from chassis.database import Transaction, scoped
from chassis.identity import Who
from gateway.identity import rules
from gateway.identity.tables import branches, departments, staff, teams

Row = Mapping[str, Any]

_OF_A_PERSON = tuple(column for column in staff.c if column.name not in {"password_hash", "generation"})


def list_branches(tx: Transaction, who: Who, after: str | None, limit: int) -> Sequence[Row]:
    """Up to `limit` branches with ids after `after`, by id."""
    return _page(tx, scoped(branches, who).select(), branches.c.branch_id, after, limit)


def list_departments(tx: Transaction, who: Who, after: str | None, limit: int) -> Sequence[Row]:
    """Up to `limit` departments with ids after `after`, by id."""
    return _page(tx, scoped(departments, who).select(), departments.c.id, after, limit)


def list_teams(tx: Transaction, who: Who, after: str | None, limit: int) -> Sequence[Row]:
    """Up to `limit` teams with ids after `after`, by id."""
    return _page(tx, scoped(teams, who).select(), teams.c.id, after, limit)


def list_staff(tx: Transaction, who: Who, after: str | None, limit: int) -> Sequence[Row]:
    """Up to `limit` people with ids after `after`, by id."""
    return _page(tx, scoped(staff, who).select(*_OF_A_PERSON), staff.c.id, after, limit)


def one_branch(tx: Transaction, who: Who, branch_id: str) -> Row:
    """Raises UnknownInIdentity."""
    return _one(tx, scoped(branches, who).select().where(branches.c.branch_id == branch_id))


def one_department(tx: Transaction, who: Who, department_id: str) -> Row:
    """Raises UnknownInIdentity."""
    return _one(tx, scoped(departments, who).select().where(departments.c.id == department_id))


def one_team(tx: Transaction, who: Who, team_id: str) -> Row:
    """Raises UnknownInIdentity."""
    return _one(tx, scoped(teams, who).select().where(teams.c.id == team_id))


def one_person(tx: Transaction, who: Who, staff_id: str) -> Row:
    """Raises UnknownInIdentity."""
    return _one(tx, scoped(staff, who).select(*_OF_A_PERSON).where(staff.c.id == staff_id))


def _page(tx: Transaction, query: Select[Any], key: Column[str], after: str | None, limit: int) -> Sequence[Row]:
    beyond = query if after is None else query.where(key > after)
    return [dict(row) for row in tx.execute(beyond.order_by(key).limit(limit)).mappings()]


def _one(tx: Transaction, query: Select[Any]) -> Row:
    row = tx.execute(query).mappings().one_or_none()
    if row is None:
        raise rules.UnknownInIdentity
    return dict(row)
