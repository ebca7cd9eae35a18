"""Penalties, forfeits and suspensions.

Invariants: a penalty is proposed once for what caused it (person, cause, evidence), and never deleted: its state moves
on, with who and why. A forfeit counts until it is excused or spent by a suspension. A person has at most one
suspension that has not ended.
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

forfeits = Table(
    "forfeits",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("recorded_by", String(36), nullable=False),
    Column("excused_by", String(36)),
    Column("excused_at", Instant),
    Column("reason", Text),
    Column("suspension_id", String(36)),
)
Index("forfeits_of_person", forfeits.c.branch_id, forfeits.c.staff_id, forfeits.c.at)

suspensions = Table(
    "suspensions",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("ended_by", String(36)),
    Column("ended_at", Instant),
)
Index("suspensions_of_person", suspensions.c.branch_id, suspensions.c.staff_id, suspensions.c.ends_at)
