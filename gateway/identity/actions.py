"""Making and changing branches, departments, teams and people; each change is announced with its version."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import func

from chassis.audit import note
from chassis.database import Scoped, Transaction, insert_if_new, scoped
from chassis.events import Fact, about, record
from chassis.identity import Who, system
from gateway.events import BranchChanged, DepartmentChanged, StaffChanged, TeamChanged
from gateway.identity import rules
from gateway.identity.passwords import hash_password
from gateway.identity.tables import branches, departments, staff, teams

Row = Mapping[str, Any]
Expect = Callable[[int], None]  # called with the row's version; raises when the caller saw another one


def add_branch(tx: Transaction, who: Who, new: Row) -> Row:
    """Open a branch; raises CodeTaken, UnknownTimeZone."""
    rules.check_time_zone(new["time_zone"])
    row = {"branch_id": tx.new_id(), "active": True, "version": 1, **new}
    _insert_or(rules.CodeTaken(new["code"]), tx, scoped(branches, who), row, ["code"])
    return _announced(tx, who, BranchChanged, row)


def change_branch(tx: Transaction, who: Who, branch_id: str, changes: Row, expect: Expect) -> Row:
    """Rename, close or reopen a branch; raises UnknownInIdentity, UnknownTimeZone, or what `expect` raises."""
    if "time_zone" in changes:
        rules.check_time_zone(changes["time_zone"])
    return _announced(tx, who, BranchChanged, _change(tx, scoped(branches, who), branch_id, changes, expect))


def add_department(tx: Transaction, who: Who, new: Row) -> Row:
    """Make a department; raises ElsewherePlaced."""
    _check_open(tx, scoped(branches, who), new["branch_id"], new["branch_id"])
    row = {"id": tx.new_id(), "active": True, "version": 1, **new}
    tx.execute(scoped(departments, who).insert(row))
    return _announced(tx, who, DepartmentChanged, row)


def change_department(tx: Transaction, who: Who, department_id: str, changes: Row, expect: Expect) -> Row:
    """Rename, close or reopen a department; raises UnknownInIdentity, or what `expect` raises."""
    return _announced(tx, who, DepartmentChanged, _change(tx, scoped(departments, who), department_id, changes, expect))


def add_team(tx: Transaction, who: Who, new: Row) -> Row:
    """Make a team; raises ElsewherePlaced."""
    _check_open(tx, scoped(branches, who), new["branch_id"], new["branch_id"])
    _check_open(tx, scoped(departments, who), new.get("department_id"), new["branch_id"])
    row = {"id": tx.new_id(), "department_id": None, "active": True, "version": 1, **new}
    tx.execute(scoped(teams, who).insert(row))
    return _announced(tx, who, TeamChanged, row)


def change_team(tx: Transaction, who: Who, team_id: str, changes: Row, expect: Expect) -> Row:
    """Rename, move, close or reopen a team; raises UnknownInIdentity, ElsewherePlaced, or what `expect` raises."""
    row = _change(tx, scoped(teams, who), team_id, changes, expect)
    _check_open(tx, scoped(departments, who), changes.get("department_id"), row["branch_id"])
    return _announced(tx, who, TeamChanged, row)


def add_staff(tx: Transaction, who: Who, new: Row) -> Row:
    """Take someone on. `new`: username, password, name, role, branch_id, department_id, team_id (the last three may
    be None). Raises what `rules` says of usernames, passwords, places and grants.
    """
    role = rules.ROLES[new["role"]]
    _check_role(who, role)
    rules.check_place(role, new.get("branch_id"))
    _check_places(tx, who, new, new.get("branch_id"))
    return _store_staff(tx, who, new)


def create_first_administrator(tx: Transaction, username: str, password: str, name: str = "总部管理员") -> Row:
    """The one who makes all others; raises AdministratorExists unless the company has nobody yet."""
    who = system("gateway", None)
    if tx.execute(scoped(staff, who).select(func.count())).scalar_one():
        raise rules.AdministratorExists
    new = {"username": username, "password": password, "name": name, "role": "headquarters"}
    return _store_staff(tx, who, new)


def change_staff(tx: Transaction, who: Who, staff_id: str, changes: Row, expect: Expect) -> Row:
    """Another name, role, department or team; leaving and coming back. Who leaves is signed out everywhere.

    Raises UnknownInIdentity, ElsewherePlaced, GrantTooWide, LastAdministrator, or what `expect` raises.
    """
    before = _locked(tx, scoped(staff, who), staff_id)
    role = rules.ROLES[changes.get("role", before["role"])]
    _check_role(who, rules.ROLES[before["role"]])
    _check_role(who, role)
    rules.check_place(role, before["branch_id"])
    _check_places(tx, who, changes, before["branch_id"])
    leaves = changes.get("active") is False and before["active"]
    if before["role"] == "headquarters" and (leaves or role.name != "headquarters"):
        _check_another_administrator(tx, staff_id)
    signed_out = {"generation": before["generation"] + 1} if leaves else {}
    row = _change(tx, scoped(staff, who), staff_id, {**changes, **signed_out}, expect)
    return _announced(tx, who, StaffChanged, row)


def set_password(tx: Transaction, who: Who, staff_id: str, password: str) -> None:
    """Another password; whoever was signed in with the old one is signed out."""
    row = _locked(tx, scoped(staff, who), staff_id)
    _check_role(who, rules.ROLES[row["role"]])
    rules.check_password(row["username"], password)
    new = {"password_hash": hash_password(password), "generation": row["generation"] + 1}
    tx.execute(scoped(staff, who).update().where(staff.c.id == staff_id).values(new))
    note(tx, who, "staff.password_set", f"staff/{staff_id}", row["branch_id"])


def _store_staff(tx: Transaction, who: Who, new: Row) -> Row:
    username = rules.plain_username(new["username"])
    rules.check_password(username, new["password"])
    row = {
        "id": tx.new_id(),
        **{place: new.get(place) for place in ("branch_id", "department_id", "team_id")},
        "username": username,
        "name": new["name"],
        "role": new["role"],
        "active": True,
        "password_hash": hash_password(new["password"]),
        "generation": 1,
        "version": 1,
        "created_at": tx.now(),
    }
    _insert_or(rules.UsernameTaken(username), tx, scoped(staff, who), row, ["username"])
    return _announced(tx, who, StaffChanged, row)


def _insert_or(taken: Exception, tx: Transaction, scope: Scoped, row: Row, keys: list[str]) -> None:
    scope.insert(row)  # refuses another branch
    if not insert_if_new(tx, scope.table, row, keys):
        raise taken


def _locked(tx: Transaction, scope: Scoped, identifier: str) -> Row:
    key = scope.table.primary_key.columns[0]
    row = tx.execute(scope.select().where(key == identifier).with_for_update()).mappings().one_or_none()
    if row is None:
        raise rules.UnknownInIdentity
    return dict(row)


def _change(tx: Transaction, scope: Scoped, identifier: str, changes: Row, expect: Expect) -> Row:
    row = _locked(tx, scope, identifier)
    expect(row["version"])
    new = {**changes, "version": row["version"] + 1}
    tx.execute(scope.update().where(scope.table.primary_key.columns[0] == identifier).values(new))
    return {**row, **new}


def _check_places(tx: Transaction, who: Who, places: Row, branch_id: str | None) -> None:
    _check_open(tx, scoped(branches, who), branch_id if "branch_id" in places else None, branch_id)
    _check_open(tx, scoped(departments, who), places.get("department_id"), branch_id)
    _check_open(tx, scoped(teams, who), places.get("team_id"), branch_id)


def _check_open(tx: Transaction, scope: Scoped, identifier: str | None, branch_id: str | None) -> None:
    if identifier is None:
        return
    table, key = scope.table, scope.table.primary_key.columns[0]
    here = scope.select(key).where(key == identifier, table.c.branch_id == branch_id, table.c.active)
    if tx.execute(here).first() is None:
        raise rules.ElsewherePlaced(table.name)


def _check_role(who: Who, role: rules.Role) -> None:
    if who.kind != "system":
        rules.check_grant(who.permissions, role.permissions)


def _check_another_administrator(tx: Transaction, staff_id: str) -> None:
    everyone = scoped(staff, system("gateway", None))
    others = everyone.select(staff.c.id).where(staff.c.role == "headquarters", staff.c.active)
    ids = {row.id for row in tx.execute(others.with_for_update())}
    if not ids - {staff_id}:
        raise rules.LastAdministrator


def _announced(tx: Transaction, who: Who, fact: type[Fact], row: Row) -> Row:
    kind = fact.TYPE.partition(".")[0]
    identifier = row.get("id", row["branch_id"])
    state = {**row, f"{kind}_id": identifier}
    of = about(kind, identifier, row["version"], row["branch_id"])
    record(tx, fact(**{field.name: state[field.name] for field in fields(fact)}), of)
    told = {name: row[name] for name in ("version", "active", "role") if name in row}
    note(tx, who, f"{kind}.changed", of.subject, row["branch_id"], **told)
    return row
