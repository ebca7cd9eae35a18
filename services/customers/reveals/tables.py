"""Reveals.

Invariant: a row is never deleted, and never changed but that the words of `reason` may be forgotten: then it is empty.
A person's reveals of a day are numbered from 1 without gaps, so that two at once cannot both be the last one allowed.
The reason is a person's words: it is in no event and no trail.
"""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, String, Table, Text

from chassis.database import Instant
from chassis.database.append_only import append_only, untouched
from services.customers.tables import METADATA

reveals = Table(
    "reveals",
    METADATA,
    Column("revealed_by", String(36), primary_key=True),
    Column("local_day", Date, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("reveal_id", String(36), nullable=False, unique=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36), nullable=False),
    Column("revealed_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("number > 0", name="reveals_number"),
)
append_only(reveals, update=f"NEW.reason = '' AND {untouched(reveals, 'reason')}")
Index("reveals_newest", reveals.c.branch_id, reveals.c.revealed_at, reveals.c.reveal_id)
