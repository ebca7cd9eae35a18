"""A small company, made through the actions."""

from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import update

from chassis.database import Database
from chassis.identity import Who, system
from gateway.identity import actions
from gateway.identity.rules import ROLES
from gateway.identity.tables import staff

PASSWORD = "a long password"
_SYSTEM = system("gateway", None)
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # a thousand tests sign in, and guess nothing


class Company:
    """Two branches, `east` and `west`, and in `east` (or the whole company) one person of each role, named by it."""

    def __init__(self, database: Database) -> None:
        self.east = _branch(database, "E", "东区")
        self.west = _branch(database, "W", "西区")
        self.people = {role: _person(database, role, role, self.east) for role in ROLES}
        self.people["westerner"] = _person(database, "westerner", "manager", self.west)
        with database.write() as tx:
            tx.execute(update(staff).values(password_hash=_QUICK.hash(PASSWORD)))

    def who(self, username: str) -> Who:
        """That person, as the gateway would say."""
        person, role = self.people[username], ROLES[self.people[username]["role"]]
        return Who(person["id"], "person", role.name, person["branch_id"], None, role.reach, role.permissions)


def _person(database: Database, username: str, role: str, branch_id: str) -> dict[str, Any]:
    place = branch_id if ROLES[role].belongs_to_a_branch else None
    new = {"username": username, "password": PASSWORD, "name": username, "role": role, "branch_id": place}
    with database.write() as tx:
        return dict(actions.add_staff(tx, _SYSTEM, new))


def _branch(database: Database, code: str, name: str) -> str:
    new = {"code": code, "name": name, "time_zone": "Asia/Shanghai"}
    with database.write() as tx:
        return str(actions.add_branch(tx, _SYSTEM, new)["branch_id"])
