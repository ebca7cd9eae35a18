"""Who sees and decides whose dead letters: every role, in every service, towards its own branch, another's and none."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from chassis.database import Database
from chassis.events import dead_letters
from chassis.identity import Who
from deploy.catalogue import NAMES, metadata_of, service
from gateway.identity.rules import ROLES, Role
from tests.services.asking import Ask, asking

_BRANCHES = ("north", "south", None)
_WHY = {"reason": "mended"}
# Roles that may see, and those that may decide; all others may do neither.
_SEE = {"sales_administrator": ["north"], "headquarters": list(_BRANCHES), "auditor": list(_BRANCHES)}
_DECIDE = {"headquarters"}


@dataclass(frozen=True)
class Door:
    """One service, and where its dead letters are asked for."""

    ask: Ask
    path: str
    database: Database

    def park(self) -> dict[str, str | None]:
        """A letter of each branch: their branches by their ids."""
        letters = {f"of-{branch}": branch for branch in _BRANCHES}
        with self.database.write() as tx:
            for letter, branch in letters.items():
                dead_letters.park(tx, json.dumps({"id": letter, "branch": branch}), "Refused", 4)
        return letters


@pytest.fixture(params=NAMES, scope="module")
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    name = request.param
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('letters')}/{name}.db", name)
    metadata_of(name).create_all(database.engine)
    segment = "events" if name == "gateway" else name
    yield Door(asking(service(name), database), f"/api/v1/{segment}/dead-letters", database)
    database.close()


def _somebody(role: Role, permissions: frozenset[str] | None = None) -> Who:
    branch = "north" if role.belongs_to_a_branch else None
    held = role.permissions if permissions is None else permissions
    return Who(f"a-{role.name}", "person", role.name, branch, None, role.reach, held)


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
def test_each_role_sees_what_is_in_its_reach(door: Door, role: Role) -> None:
    """Headquarters and auditors see all letters, sales administrators their branch's, everybody else is refused."""
    letters = door.park()
    answer = door.ask(_somebody(role), "GET", door.path)
    assert answer.status_code == (200 if role.name in _SEE else 403)
    seen = [letters[letter["id"]] for letter in answer.get_json().get("items", [])]
    assert sorted(seen, key=str) == sorted(_SEE.get(role.name, []), key=str)


@pytest.mark.parametrize("decision", ["retry", "discard"])
@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
def test_each_role_decides_what_is_in_its_hands(door: Door, role: Role, decision: str) -> None:
    """Headquarters decides on all letters; everybody else is refused, whosever the letter is."""
    for letter in door.park():
        answer = door.ask(_somebody(role), "POST", f"{door.path}/{letter}/{decision}", json=_WHY)
        assert answer.status_code == (200 if role.name in _DECIDE else 403)


@pytest.mark.parametrize("decision", ["retry", "discard"])
@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
def test_the_permission_alone_reaches_no_other_branch(door: Door, role: Role, decision: str) -> None:
    """Whoever is allowed to decide, but belongs to a branch, finds only that branch's letters; the rest is 404."""
    who = _somebody(role, frozenset({"operations.manage"}))
    for letter, branch in door.park().items():
        in_reach = not role.belongs_to_a_branch or branch == "north"
        answer = door.ask(who, "POST", f"{door.path}/{letter}/{decision}", json=_WHY)
        assert answer.status_code == (200 if in_reach else 404)


def test_nobody_without_an_identity_is_answered(door: Door) -> None:
    """Neither the list nor a decision is there for those who have not signed in."""
    assert door.ask(None, "GET", door.path).status_code == 401
    for decision in ("retry", "discard"):
        assert door.ask(None, "POST", f"{door.path}/x/{decision}", json=_WHY).status_code == 401
