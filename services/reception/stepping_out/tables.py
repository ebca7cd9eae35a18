"""Who has stepped out, or asks to.

Invariants: a person has one step-out at a time that has not ended: the database refuses a second. A or B is away with
`stand_in_id`, or `granted_by`, or `forfeit_id`. `version` rises with each event. `until` is the policy's limit at the
time of leaving; whoever walked off has none.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from chassis.database import Instant
from services.reception.tables import METADATA

step_outs = Table(
    "step_outs",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), ForeignKey("halls.id"), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("reason", String(20)),
    Column("state", String(12), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("stand_in_id", String(36)),
    Column("granted_by", String(36)),
    Column("granted_because", Text),
    Column("since", Instant),
    Column("until", Instant),
    Column("ended_at", Instant),
    Column("forfeit_id", String(36)),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('asked','away','overstayed','back','off_duty','cancelled')", name="step_outs_state"),
    CheckConstraint("state NOT IN ('away','overstayed') OR since IS NOT NULL", name="step_outs_since"),
)
IS_OPEN = step_outs.c.ended_at.is_(None)
Index("step_outs_open", step_outs.c.staff_id, unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
Index("step_outs_of_hall", step_outs.c.hall_id, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
