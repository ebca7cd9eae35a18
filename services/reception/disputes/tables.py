"""Disputes between colleagues.

Invariant: a dispute is never edited; it is reported, and decided once. Nothing follows from it by itself: a penalty for
a quarrel that rests on it is recorded by hand. `said` and `reason` are personal data.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from chassis.database import Instant
from services.reception.tables import METADATA

disputes = Table(
    "disputes",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("reporter_id", String(36), nullable=False),
    Column("other_id", String(36), nullable=False),
    Column("reception_id", String(36)),
    Column("customer_id", String(36)),
    Column("said", Text),
    Column("reported_at", Instant, nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
)
Index("disputes_of_branch", disputes.c.branch_id, disputes.c.reported_at)
