"""Halls and their lines.

Invariants: a hall's row is locked by whoever changes its line or its receptions, so that two arrivals never get the
same person. Ranks of a line are unique and only their order counts; `line_version` rises with each change of the order.
`away` is set while somebody has stepped out; `is_ready` until whoever confirmed it receives, leaves or loses the place.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, false

from services.reception.tables import METADATA

halls = Table(
    "halls",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("line_version", Integer, nullable=False),
    UniqueConstraint("branch_id", "name", name="halls_named_once"),
)

places = Table(
    "places",
    METADATA,
    Column("hall_id", String(36), ForeignKey("halls.id"), primary_key=True),
    Column("staff_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("on_duty", Boolean, nullable=False),
    Column("away", Boolean, nullable=False, server_default=false()),
    Column("is_ready", Boolean, nullable=False, server_default=false()),
)
Index("places_in_order", places.c.hall_id, places.c.rank)
