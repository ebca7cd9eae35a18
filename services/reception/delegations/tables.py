"""To whom a salesperson who is off duty has entrusted their customers (现场同事有特殊委托, 一.6).

Invariant: a delegation is never edited; it ends by its date or by being taken back. Without `customer_id` it is for
all of the salesperson's customers; `reason` is set where a supervisor or manager made it for an absent colleague.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from chassis.database import Instant
from services.reception.tables import METADATA

delegations = Table(
    "delegations",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("delegate_id", String(36), nullable=False),
    Column("customer_id", String(36)),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("made_by", String(36), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("reason", Text),
    Column("taken_back_at", Instant),
    Column("taken_back_by", String(36)),
    Column("version", Integer, nullable=False),
)
Index("delegations_of", delegations.c.branch_id, delegations.c.staff_id, delegations.c.ends_at)
