"""What the gateway announces: branches, departments, teams and staff, each time with their full public state."""

from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class BranchChanged(Fact):
    """A branch was opened, renamed, closed or opened again. `time_zone` is an IANA name; its local days follow it."""

    TYPE: ClassVar[str] = "branch.changed.v1"
    branch_id: str
    code: str
    name: str
    time_zone: str
    active: bool


@dataclass(frozen=True)
class DepartmentChanged(Fact):
    """A department of a branch was made, renamed, closed or opened again."""

    TYPE: ClassVar[str] = "department.changed.v1"
    department_id: str
    branch_id: str
    name: str
    active: bool


@dataclass(frozen=True)
class TeamChanged(Fact):
    """A team of a branch was made, renamed, moved to another department, closed or opened again."""

    TYPE: ClassVar[str] = "team.changed.v1"
    team_id: str
    branch_id: str
    department_id: str | None
    name: str
    active: bool


@dataclass(frozen=True)
class StaffChanged(Fact):
    """Someone joined, changed role, place or name, left or came back. Without a branch: one of the whole company."""

    TYPE: ClassVar[str] = "staff.changed.v1"
    staff_id: str
    branch_id: str | None
    department_id: str | None
    team_id: str | None
    role: str
    name: str
    active: bool


FACTS: tuple[type[Fact], ...] = (BranchChanged, DepartmentChanged, TeamChanged, StaffChanged)
