"""Branches, departments, teams and staff as who asks may see them; passwords never leave."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from gateway.identity import rules
from gateway.identity.tables import branches, departments, staff, teams

Row = Mapping[str, Any]

_OF_A_PERSON = tuple(column for column in staff.c if column.name not in {"password_hash", "generation"})


def list_branches(tx: Transaction, who: Who, page: Row) -> Page:
    """The branches in reach, by id."""
    return paginate(tx, scoped(branches, who).select(), [branches.c.branch_id], page)


def list_departments(tx: Transaction, who: Who, page: Row) -> Page:
    """The departments in reach, by id."""
    return paginate(tx, scoped(departments, who).select(), [departments.c.id], page)


def list_teams(tx: Transaction, who: Who, page: Row) -> Page:
    """The teams in reach, by id."""
    return paginate(tx, scoped(teams, who).select(), [teams.c.id], page)


def list_staff(tx: Transaction, who: Who, page: Row) -> Page:
    """The people in reach, by id."""
    return paginate(tx, scoped(staff, who).select(*_OF_A_PERSON), [staff.c.id], page)


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


def who_lead(tx: Transaction, who: Who) -> list[Row]:
    """`id` and `name` of everybody in reach who may act for others in a hall, by name."""
    leading = staff.c.active, staff.c.role.in_(rules.LEADING)
    query = scoped(staff, who).select(staff.c.id, staff.c.name).where(*leading)
    return [dict(row) for row in tx.execute(query.order_by(staff.c.name)).mappings()]


def _one(tx: Transaction, query: Select[Any]) -> Row:
    row = tx.execute(query).mappings().one_or_none()
    if row is None:
        raise rules.UnknownInIdentity
    return dict(row)
