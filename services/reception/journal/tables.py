"""What was handed in by halls that had been cut off.

Invariants: an entry is written once per hall and client-made id, and never deleted; `n` counts a hall's entries in the
order in which they were handed in. `register_n` is the last entry of the hall's register that was written for it, and
`floor` when somebody else had last changed the hall: of a journal that comes in parts, before its first. Of a conflict
all is kept that was said; `personal` holds what identifies a visitor, apart from the rest. Settling changes only the
last three columns; with an erased visitor `personal` and `reason` are forgotten.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from chassis.database import Instant, Json
from services.reception.tables import METADATA

journal_entries = Table(
    "journal_entries",
    METADATA,
    Column("hall_id", String(36), ForeignKey("halls.id"), primary_key=True),
    Column("entry_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("staff_id", String(36)),
    Column("happened_at", Instant, nullable=False),
    Column("counts_as_of", Instant),
    Column("handed_in_at", Instant, nullable=False),
    Column("handed_in_by", String(36), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("reception_id", String(36)),
    Column("server_id", String(36)),
    Column("code", String(40)),
    Column("facts", Json),
    Column("said", Json),
    Column("personal", Json),
    Column("register_n", Integer, nullable=False),
    Column("floor", Instant),
    Column("settled_at", Instant),
    Column("settled_by", String(36)),
    Column("reason", Text),
    UniqueConstraint("hall_id", "n", name="journal_entries_in_order"),
    CheckConstraint("outcome IN ('applied','conflict')", name="journal_entries_outcome"),
)
