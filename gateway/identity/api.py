"""/api/v1/identity: who works where."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, etag, if_match, page_schema, reads
from gateway.identity import actions, schemas, views

blueprint = Blueprint("identity", __name__)
Row = Mapping[str, Any]


def _tagged(row: Row) -> Row:
    etag(row["version"])
    return row


@blueprint.get("/api/v1/identity/branches")
@blueprint.arguments(PageArguments, location="query")
@reads("identity.see")
@blueprint.response(200, page_schema(schemas.BranchSchema))
def list_branches(tx: Transaction, who: Who, page: Row) -> Page:
    """The branches in reach, by id."""
    return views.list_branches(tx, who, page)


@blueprint.post("/api/v1/identity/branches")
@blueprint.arguments(schemas.NewBranchSchema)
@acts("identity.manage")
@blueprint.response(201, schemas.BranchSchema)
def add_branch(tx: Transaction, who: Who, new: Row) -> Row:
    """Open a branch."""
    return _tagged(actions.add_branch(tx, who, new))


@blueprint.get("/api/v1/identity/branches/<branch_id>")
@reads("identity.see")
@blueprint.response(200, schemas.BranchSchema)
def get_branch(tx: Transaction, who: Who, branch_id: str) -> Row:
    """One branch."""
    return _tagged(views.one_branch(tx, who, branch_id))


@blueprint.patch("/api/v1/identity/branches/<branch_id>")
@blueprint.arguments(schemas.BranchChangesSchema)
@acts("identity.manage")
@blueprint.response(200, schemas.BranchSchema)
def change_branch(tx: Transaction, who: Who, changes: Row, branch_id: str) -> Row:
    """Rename a branch, move it to another time zone, close it or open it again."""
    return _tagged(actions.change_branch(tx, who, branch_id, changes, if_match))


@blueprint.get("/api/v1/identity/departments")
@blueprint.arguments(PageArguments, location="query")
@reads("identity.see")
@blueprint.response(200, page_schema(schemas.DepartmentSchema))
def list_departments(tx: Transaction, who: Who, page: Row) -> Page:
    """The departments in reach, by id."""
    return views.list_departments(tx, who, page)


@blueprint.post("/api/v1/identity/departments")
@blueprint.arguments(schemas.NewDepartmentSchema)
@acts("identity.manage")
@blueprint.response(201, schemas.DepartmentSchema)
def add_department(tx: Transaction, who: Who, new: Row) -> Row:
    """Make a department of a branch."""
    return _tagged(actions.add_department(tx, who, new))


@blueprint.get("/api/v1/identity/departments/<department_id>")
@reads("identity.see")
@blueprint.response(200, schemas.DepartmentSchema)
def get_department(tx: Transaction, who: Who, department_id: str) -> Row:
    """One department."""
    return _tagged(views.one_department(tx, who, department_id))


@blueprint.patch("/api/v1/identity/departments/<department_id>")
@blueprint.arguments(schemas.DepartmentChangesSchema)
@acts("identity.manage")
@blueprint.response(200, schemas.DepartmentSchema)
def change_department(tx: Transaction, who: Who, changes: Row, department_id: str) -> Row:
    """Rename a department, close it or open it again."""
    return _tagged(actions.change_department(tx, who, department_id, changes, if_match))


@blueprint.get("/api/v1/identity/teams")
@blueprint.arguments(PageArguments, location="query")
@reads("identity.see")
@blueprint.response(200, page_schema(schemas.TeamSchema))
def list_teams(tx: Transaction, who: Who, page: Row) -> Page:
    """The teams in reach, by id."""
    return views.list_teams(tx, who, page)


@blueprint.post("/api/v1/identity/teams")
@blueprint.arguments(schemas.NewTeamSchema)
@acts("identity.manage")
@blueprint.response(201, schemas.TeamSchema)
def add_team(tx: Transaction, who: Who, new: Row) -> Row:
    """Make a team of a branch."""
    return _tagged(actions.add_team(tx, who, new))


@blueprint.get("/api/v1/identity/teams/<team_id>")
@reads("identity.see")
@blueprint.response(200, schemas.TeamSchema)
def get_team(tx: Transaction, who: Who, team_id: str) -> Row:
    """One team."""
    return _tagged(views.one_team(tx, who, team_id))


@blueprint.patch("/api/v1/identity/teams/<team_id>")
@blueprint.arguments(schemas.TeamChangesSchema)
@acts("identity.manage")
@blueprint.response(200, schemas.TeamSchema)
def change_team(tx: Transaction, who: Who, changes: Row, team_id: str) -> Row:
    """Rename a team, move it to another department, close it or open it again."""
    return _tagged(actions.change_team(tx, who, team_id, changes, if_match))


@blueprint.get("/api/v1/identity/staff")
@blueprint.arguments(PageArguments, location="query")
@reads("identity.see")
@blueprint.response(200, page_schema(schemas.StaffSchema))
def list_staff(tx: Transaction, who: Who, page: Row) -> Page:
    """The people in reach, by id."""
    return views.list_staff(tx, who, page)


@blueprint.post("/api/v1/identity/staff")
@blueprint.arguments(schemas.NewStaffSchema)
@acts("identity.manage")
@blueprint.response(201, schemas.StaffSchema)
def add_person(tx: Transaction, who: Who, new: Row) -> Row:
    """Take someone on: role, place, name and how they sign in."""
    return _tagged(actions.add_staff(tx, who, new))


@blueprint.get("/api/v1/identity/staff/<staff_id>")
@reads("identity.see")
@blueprint.response(200, schemas.StaffSchema)
def get_person(tx: Transaction, who: Who, staff_id: str) -> Row:
    """One person."""
    return _tagged(views.one_person(tx, who, staff_id))


@blueprint.patch("/api/v1/identity/staff/<staff_id>")
@blueprint.arguments(schemas.StaffChangesSchema)
@acts("identity.manage")
@blueprint.response(200, schemas.StaffSchema)
def change_person(tx: Transaction, who: Who, changes: Row, staff_id: str) -> Row:
    """Change someone's role, place or name, let them go or take them back."""
    return _tagged(actions.change_staff(tx, who, staff_id, changes, if_match))


@blueprint.post("/api/v1/identity/staff/<staff_id>/password")
@blueprint.arguments(schemas.PasswordSchema)
@acts("identity.manage")
@blueprint.response(204)
def set_password(tx: Transaction, who: Who, new: Row, staff_id: str) -> None:
    """Give someone another password; whoever used the old one is signed out."""
    actions.set_password(tx, who, staff_id, new["password"])
