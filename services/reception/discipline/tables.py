"""Penalties.

Invariant: a penalty is proposed once for what caused it (person, cause, evidence), and never deleted: its state moves
on, with who and why.
"""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text, UniqueConstraint

from chassis.database import Instant
from services.reception.tables import METADATA

penalties = Table(
    "penalties",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("article", String(12)),
    Column("fine", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("policy_version", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_by", String(36), nullable=False),
    Column("state", String(12), nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    UniqueConstraint("branch_id", "staff_id", "cause", "evidence", name="penalties_once"),
    CheckConstraint(
        "state IN ('proposed','confirmed','appealed','waived','upheld','withdrawn')", name="penalties_state"
    ),
)
Index("penalties_of_person", penalties.c.branch_id, penalties.c.staff_id, penalties.c.at)
