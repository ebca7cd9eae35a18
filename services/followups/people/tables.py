"""Copies kept from events, never the truth itself.

Invariants: a row is replaced only by an event of a higher `sequence`; nothing here is written by a request.
An alias says that `loser_id` is the same customer as `winner_id` while `active`; it may name customers not yet seen.
A customer whose id is among the `forgotten` has no name in `customers`, whatever is heard afterwards.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from services.followups.tables import METADATA

branches = Table(
    "branches",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
)

staff = Table(
    "staff",
    METADATA,
    Column("staff_id", String(36), primary_key=True),
    Column("branch_id", String(36)),
    Column("team_id", String(36)),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)
Index("staff_of_team", staff.c.branch_id, staff.c.team_id)

customers = Table(
    "customers",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("code", String(20), nullable=False),
    Column("name", Text),
    Column("grade", String(1)),
    Column("owner_id", String(36)),
    Column("active", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)

aliases = Table(
    "aliases",
    METADATA,
    Column("loser_id", String(36), primary_key=True),
    Column("winner_id", String(36), nullable=False),
    Column("branch_id", String(36), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)
Index("aliases_of_winner", aliases.c.winner_id)
