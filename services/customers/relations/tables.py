"""Relations between customers, and verdicts on two who may be one.

Invariants: a pair stands with the lesser id first; of a pair at most one relation is asked for or confirmed; a relation
never goes back to an earlier state. A pair has one verdict, active or taken back. Every step of either stands in the
ledger's chain `relations/<branch>`. `version` counts the steps. A verdict's `reason` is empty once it was forgotten.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table, Text

from chassis.database import Instant
from services.customers.tables import METADATA

relations = Table(
    "relations",
    METADATA,
    Column("relation_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("first_id", String(36), nullable=False),
    Column("second_id", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("asked_by", String(36), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    CheckConstraint("first_id < second_id", name="relations_pair"),
    CheckConstraint("kind IN ('spouse', 'parent', 'child', 'betrothed', 'other')", name="relations_kind"),
    CheckConstraint("state IN ('asked', 'confirmed', 'refused', 'ended')", name="relations_state"),
)
_STANDS = relations.c.state.in_(["asked", "confirmed"])
Index(
    "relations_once",
    relations.c.first_id,
    relations.c.second_id,
    unique=True,
    sqlite_where=_STANDS,
    postgresql_where=_STANDS,
)
Index("relations_of_first", relations.c.first_id, relations.c.branch_id)
Index("relations_of_second", relations.c.second_id, relations.c.branch_id)
Index("relations_newest", relations.c.branch_id, relations.c.asked_at, relations.c.relation_id)

verdicts = Table(
    "verdicts",
    METADATA,
    Column("first_id", String(36), primary_key=True),
    Column("second_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("same", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", String(36), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("first_id < second_id", name="verdicts_pair"),
)
Index("verdicts_of_second", verdicts.c.second_id)
