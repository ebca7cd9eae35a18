"""Copies kept from events, never the truth itself.

Invariant: a row is replaced only by an event of a higher `sequence`; nothing here is written by a request.
A branch heard of before its code was kept has none, and a person heard of before their role was.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from services.reception.tables import METADATA

branches = Table(
    "branches",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("code", String(20)),
    Column("time_zone", String(64), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)

staff = Table(
    "staff",
    METADATA,
    Column("staff_id", String(36), primary_key=True),
    Column("branch_id", String(36)),
    Column("team_id", String(36)),
    Column("role", String(40)),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)
Index("staff_of_team", staff.c.branch_id, staff.c.team_id)
