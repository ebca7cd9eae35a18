"""What was erased.

Invariant: a row is never changed and never deleted; a customer is erased once. `ids` is how many ids the customer had.
Nothing here says who it was: `code` is the branch's number, `requested_by` a kind of person (NULL: nobody asked).
"""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table

from chassis.database import Instant
from chassis.database.append_only import append_only
from services.customers.tables import METADATA

erasures = append_only(
    Table(
        "erasures",
        METADATA,
        Column("erasure_id", String(36), primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("customer_id", String(36), nullable=False, unique=True),
        Column("code", String(20), nullable=False),
        Column("ids", Integer, nullable=False),
        Column("because", String(8), nullable=False),
        Column("requested_by", String(16)),
        Column("by_id", String(36), nullable=False),
        Column("at", Instant, nullable=False),
        CheckConstraint("because IN ('asked', 'purged')", name="erasures_because"),
    )
)
Index("erasures_newest", erasures.c.branch_id, erasures.c.at, erasures.c.erasure_id)
