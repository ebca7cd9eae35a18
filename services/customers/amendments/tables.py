"""Changes of registered names and phones that somebody asked for (一.3).

Invariants: one is decided once, by somebody other than who asked. Asked for or refused it has no effect; signed, it has
an entry in the register, which counts from the signature. Every step stands in the ledger's chain `register/<branch>`.
`because` is why it was asked for, `reason` why it was refused; `version` counts the steps. Of a customer who was erased
`because` is empty, `name`, `phone` and `reason` are NULL, and what waited is refused by that.
"""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text

from chassis.database import Instant
from services.customers.tables import METADATA

amendments = Table(
    "amendments",
    METADATA,
    Column("amendment_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36), nullable=False),
    Column("name", Text),
    Column("phone", String(20)),
    Column("because", Text, nullable=False),
    Column("asked_by", String(36), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('asked', 'signed', 'refused')", name="amendments_state"),
    CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="amendments_signed_by_another"),
)
Index("amendments_of_customer", amendments.c.branch_id, amendments.c.customer_id)
Index("amendments_newest", amendments.c.branch_id, amendments.c.asked_at, amendments.c.amendment_id)
