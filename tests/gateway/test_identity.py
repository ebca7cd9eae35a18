"""Branches, departments, teams and staff, and who may see and change them."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from chassis.database import Database
from chassis.events.tables import outbox
from chassis.identity import system
from gateway.identity import actions
from gateway.identity.rules import PERMISSIONS, ROLES, AdministratorExists, UsernameTaken
from tests.gateway.company import PASSWORD, Company
from tests.gateway.door import Door

_PLACES = ("branches", "departments", "teams", "staff")


def announced(database: Database) -> list[dict[str, Any]]:
    with database.read() as tx:
        return [json.loads(body) for body in tx.execute(select(outbox.c.body).order_by(outbox.c.n)).scalars()]


def new_person(**changes: Any) -> dict[str, Any]:
    return {"username": "new.one", "password": PASSWORD, "name": "新人", "role": "salesperson", **changes}


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("place", _PLACES)
def test_who_sees_identity(door: Door, role: str, place: str) -> None:
    """Exactly the roles with identity.see may list, exactly those with identity.manage may add."""
    token = door.token(role)
    may = ROLES[role].permissions
    listed = door.ask(token, "GET", f"/api/v1/identity/{place}").status_code
    added = door.ask(token, "POST", f"/api/v1/identity/{place}", json={}).status_code
    assert listed == (200 if "identity.see" in may else 403)
    assert added == (422 if "identity.manage" in may else 403)


def test_roles_include_each_other() -> None:
    """A supervisor may all that a salesperson may, and so on up to headquarters; an auditor changes nothing."""
    order = ("salesperson", "supervisor", "manager", "sales_administrator", "headquarters")
    for lower, higher in zip(order, order[1:], strict=False):
        assert ROLES[lower].permissions < ROLES[higher].permissions
    assert ROLES["headquarters"].permissions == PERMISSIONS
    assert all(name.endswith((".see", ".read", ".watch")) for name in ROLES["auditor"].permissions)
    assert {name.partition(".")[0] for name in ROLES["front_desk"].permissions} == {"reception", "events"}


@pytest.mark.parametrize("place", _PLACES)
def test_branches_are_apart(door: Door, company: Company, place: str) -> None:
    """A manager sees their own branch and nothing of another, by list or by id."""
    hq, westerner = door.token("headquarters"), door.token("westerner")
    for branch in (company.east, company.west):
        department = door.ask(
            hq, "POST", "/api/v1/identity/departments", json={"branch_id": branch, "name": "销售部"}
        ).json
        team = {"branch_id": branch, "department_id": department["department_id"], "name": "一组"}
        assert door.ask(hq, "POST", "/api/v1/identity/teams", json=team).status_code == 201
    listed = door.ask(westerner, "GET", f"/api/v1/identity/{place}").json["items"]
    assert {row["branch_id"] for row in listed} == {company.west}
    for row in door.ask(hq, "GET", f"/api/v1/identity/{place}").json["items"]:
        identifier = row[{"branches": "branch_id", "staff": "staff_id"}.get(place, f"{place[:-1]}_id")]
        seen = door.ask(westerner, "GET", f"/api/v1/identity/{place}/{identifier}").status_code
        assert seen == (200 if row["branch_id"] == company.west else 404)


def test_announced_with_versions(door: Door, database: Database, company: Company) -> None:
    """Each change is announced with the full public state and the row's version; no password is ever in it."""
    hq = door.token("headquarters")
    made = door.ask(hq, "POST", "/api/v1/identity/staff", json=new_person(branch_id=company.east))
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    path = f"/api/v1/identity/staff/{made.json['staff_id']}"
    door.ask(hq, "PATCH", path, json={"name": "老人"}, headers={"If-Match": '"1"'})
    first, second = announced(database)[-2:]
    assert (first["type"], first["subject"]) == ("staff.changed.v1", f"staff/{made.json['staff_id']}")
    assert [first["sequence"], second["sequence"]] == [1, 2]
    assert (second["branch"], second["data"]["name"], second["data"]["active"]) == (company.east, "老人", True)
    assert "password" not in json.dumps(announced(database))


def test_if_match(door: Door, company: Company) -> None:
    """Without If-Match a change is refused, with a stale one too."""
    hq, path = door.token("headquarters"), f"/api/v1/identity/branches/{company.east}"
    assert door.ask(hq, "PATCH", path, json={"name": "新"}).status_code == 428
    assert door.ask(hq, "PATCH", path, json={"name": "新"}, headers={"If-Match": '"9"'}).status_code == 412
    assert door.ask(hq, "PATCH", path, json={"name": "新"}, headers={"If-Match": '"1"'}).json["version"] == 2


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"branch_id": None}, 422, "branch_needed"),
        ({"role": "headquarters"}, 422, "branch_not_wanted"),
        ({"branch_id": "nowhere"}, 422, "elsewhere_placed"),
        ({"team_id": "nowhere"}, 422, "elsewhere_placed"),
        ({"password": "short"}, 422, "password_too_weak"),
        ({"username": "long.username", "password": "LONG.username"}, 422, "password_too_weak"),
        ({"username": "MANAGER"}, 409, "username_taken"),
        ({"role": "king"}, 422, "invalid"),
        ({"admin": True}, 422, "invalid"),
        ({"username": "a b"}, 422, "invalid"),
    ],
)
def test_refused(door: Door, company: Company, changes: dict[str, Any], status: int, code: str) -> None:
    """What makes no sense is refused with a code of its own, and nobody is taken on."""
    hq = door.token("headquarters")
    before = len(door.ask(hq, "GET", "/api/v1/identity/staff").json["items"])
    body = new_person(branch_id=company.east) | changes
    refused = door.ask(hq, "POST", "/api/v1/identity/staff", json=body)
    assert (refused.status_code, refused.json["code"]) == (status, code), refused.json
    assert len(door.ask(hq, "GET", "/api/v1/identity/staff").json["items"]) == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": "E", "name": "又一个"}, "code_taken"),
        ({"code": "X", "name": "x", "time_zone": "Mars/Base"}, "unknown_time_zone"),
    ],
)
def test_branch_refused(door: Door, body: dict[str, str], code: str) -> None:
    """A branch needs a code of its own and a time zone that exists."""
    assert door.as_("headquarters", "POST", "/api/v1/identity/branches", json=body).json["code"] == code


def test_team_of_another_branch(door: Door, company: Company) -> None:
    """Nobody is put into a team of another branch."""
    hq = door.token("headquarters")
    team = door.ask(hq, "POST", "/api/v1/identity/teams", json={"branch_id": company.west, "name": "西一组"}).json
    body = new_person(branch_id=company.east, team_id=team["team_id"])
    assert door.ask(hq, "POST", "/api/v1/identity/staff", json=body).json["code"] == "elsewhere_placed"


def test_last_administrator_stays(door: Door, company: Company) -> None:
    """The company is never left without someone who may manage it."""
    path = f"/api/v1/identity/staff/{company.people['headquarters']['id']}"
    refused = door.as_("headquarters", "PATCH", path, json={"active": False}, headers={"If-Match": '"1"'})
    assert refused.json["code"] == "last_administrator"


def test_first_administrator_once(sqlite_url: str) -> None:
    """The first administrator is made on an empty database, and only there."""
    from tests.gateway.conftest import opened

    database = opened(sqlite_url)
    with database.write() as tx:
        assert actions.create_first_administrator(tx, "hq", PASSWORD)["role"] == "headquarters"
    with pytest.raises(AdministratorExists), database.write() as tx:
        actions.create_first_administrator(tx, "hq2", PASSWORD)
    database.close()


def test_one_username_once(any_database: Database) -> None:
    """Eight administrators who take on the same person at once make one."""
    new = {"username": "twin", "password": PASSWORD, "name": "双", "role": "headquarters"}

    def add(_number: int) -> bool:
        try:
            with any_database.write() as tx:
                actions.add_staff(tx, system("gateway", None), new)
        except UsernameTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(add, range(8))) == 1
