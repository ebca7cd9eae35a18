"""Monthly pay, what was decided about fines past the cap, and the accounts of settled months.

Invariants: an account of a settled month is never changed. Pay holds from its month on until a later one; it is
personal. A review of a settled month is one and final; of an open month the latest holds.
"""

from sqlalchemy import Column, Integer, String, Table, Text

from chassis.database import Instant, Json
from chassis.database.append_only import append_only
from services.reception.tables import METADATA

pays = Table(
    "pays",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("staff_id", String(36), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("monthly", Integer, nullable=False),
    Column("set_by", String(36), nullable=False),
    Column("set_at", Instant, nullable=False),
)

cap_reviews = Table(
    "cap_reviews",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("staff_id", String(36), primary_key=True),
    Column("verdict", String(8), nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewed_by", String(36), nullable=False),
    Column("reviewed_at", Instant, nullable=False),
)

settled_accounts = append_only(
    Table(
        "settled_accounts",
        METADATA,
        Column("branch_id", String(36), primary_key=True),
        Column("month", String(7), primary_key=True),
        Column("staff_id", String(36), primary_key=True),
        Column("account", Json, nullable=False),
    )
)
