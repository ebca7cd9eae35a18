"""Who asks: the facts about a person, a program or the system itself that every decision may use."""

from dataclasses import dataclass
from typing import Literal

Reach = Literal["own", "team", "branch", "all"]


@dataclass(frozen=True)
class Who:
    """The one who acts.

    `actor_id` is a staff member's or an API client's id, or the service's name when the system acts by itself.
    `branch_id` is None only for those who belong to the whole company. `reach` says how far they see.
    """

    actor_id: str
    kind: Literal["person", "client", "system"]
    role: str
    branch_id: str | None
    team_id: str | None
    reach: Reach
    permissions: frozenset[str]

    @property
    def sees_all_branches(self) -> bool:
        return self.reach == "all"

    def may(self, permission: str) -> bool:
        return self.kind == "system" or permission in self.permissions


def system(service: str, branch_id: str | None) -> Who:
    """A service acting by itself for one branch (None: for the company as a whole)."""
    reach: Reach = "branch" if branch_id else "all"
    return Who(service, "system", "system", branch_id, None, reach, frozenset())
