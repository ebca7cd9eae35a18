"""Branches, departments, teams, staff.

Invariants: `version` rises by one with each change and is the `sequence` of the event that announces it. A branch's
`branch_id` is its own id, so that a branch is scoped like all that belongs to it. A person without branch belongs to
the whole company. `generation` rises when someone is deactivated or gets another password: sessions of an older one
are over.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from chassis.database import Instant
from gateway.tables import METADATA

branches = Table(
    "branches",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

departments = Table(
    "departments",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), ForeignKey("branches.branch_id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
Index("departments_of_branch", departments.c.branch_id, departments.c.id)

teams = Table(
    "teams",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), ForeignKey("branches.branch_id"), nullable=False),
    Column("department_id", String(36), ForeignKey("departments.id")),
    Column("name", String(80), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
Index("teams_of_branch", teams.c.branch_id, teams.c.id)

staff = Table(
    "staff",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), ForeignKey("branches.branch_id")),
    Column("department_id", String(36), ForeignKey("departments.id")),
    Column("team_id", String(36), ForeignKey("teams.id")),
    Column("username", String(64), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("role", String(30), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
)
Index("staff_of_branch", staff.c.branch_id, staff.c.id)
