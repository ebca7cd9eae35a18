"""What was corrected afterwards, and what a merge of customers may correct.

Invariants: an entry of a register is undone at most once. A reception waits for one ruling at a time; a ruling that
was decided is never changed. What was told of owners and merges is kept with its time and never changed, so that the
order in which it was heard makes no difference. Why a ruling was asked for and decided, and why an entry was undone, is
personal data. `base` is what a reception said before a merge corrected its credit.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text

from chassis.database import Instant, Json
from chassis.database.append_only import append_only, untouched
from services.reception.tables import METADATA

corrections = Table(
    "corrections",
    METADATA,
    Column("hall_id", String(36), ForeignKey("halls.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("corrected_by", String(36), nullable=False),
    Column("corrected_at", Instant, nullable=False),
    Column("reason", Text),
    Column("entry", Integer, nullable=False),
)
append_only(corrections, update=f"NEW.reason IS NULL AND {untouched(corrections, 'reason')}")

rulings = Table(
    "rulings",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), nullable=False),
    Column("reception_id", String(36), ForeignKey("receptions.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("relation", String(12), nullable=False),
    Column("original_id", String(36), nullable=False),
    Column("customer_id", String(36)),
    Column("asked_by", String(36), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("reason", Text),
    Column("state", String(12), nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("decided_because", Text),
    CheckConstraint("state IN ('asked', 'confirmed', 'refused')", name="rulings_state"),
)
_ASKED = rulings.c.state == "asked"
Index("rulings_one_at_a_time", rulings.c.reception_id, unique=True, sqlite_where=_ASKED, postgresql_where=_ASKED)
Index("rulings_of_hall", rulings.c.hall_id, rulings.c.asked_at)

owned = append_only(
    Table(
        "owned",
        METADATA,
        Column("customer_id", String(36), primary_key=True),
        Column("sequence", Integer, primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("owner_id", String(36)),
        Column("at", Instant, nullable=False),
    )
)

merged = append_only(
    Table(
        "merged",
        METADATA,
        Column("loser_id", String(36), primary_key=True),
        Column("sequence", Integer, primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("winner_id", String(36), nullable=False),
        Column("active", Boolean, nullable=False),
        Column("at", Instant, nullable=False),
    )
)
Index("merged_of_winner", merged.c.winner_id)

credit_bases = append_only(
    Table(
        "credit_bases",
        METADATA,
        Column("reception_id", String(36), ForeignKey("receptions.id"), primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("base", Json, nullable=False),
    )
)
