"""Halls, their lines, and receptions.

Invariants: a hall's row is locked by whoever changes its line or its receptions, so that two arrivals never get the
same person; the database refuses two open receptions of one server besides. Ranks of a line are unique and only their
order counts. `line_version` rises with each change of the order; a reception's `version` with each event about it.
Visitor's name, phone and note are personal data.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from chassis.database import Instant, Json
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
)
Index("places_in_order", places.c.hall_id, places.c.rank)

receptions = Table(
    "receptions",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), ForeignKey("halls.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("party_size", Integer, nullable=False),
    Column("local_day", Date, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("assigned_at", Instant),
    Column("greeted_at", Instant),
    Column("completed_at", Instant),
    Column("server_id", String(36)),
    Column("article", String(12)),
    Column("turn", String(4)),
    Column("explanation", Json, nullable=False),
    Column("customer_id", String(36)),
    Column("customer_is_new", Boolean),
    Column("visitor_name", Text),
    Column("visitor_phone", String(20)),
    Column("intent", Text),
    Column("progress", Integer),
    Column("note", Text),
    Column("next_contact", Date),
    Column("credit_rule", String(20)),
    Column("credit_day", Date),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('waiting','assigned','greeted','completed','closed')", name="receptions_state"),
    CheckConstraint("state NOT IN ('assigned','greeted') OR server_id IS NOT NULL", name="receptions_have_a_server"),
)
# Written out: with states as parameters SQLite does not see that a question is one for the index, and reads the table.
IS_OPEN = receptions.c.state.in_(
    [literal_column("'waiting'"), literal_column("'assigned'"), literal_column("'greeted'")]
)
IS_SERVED = receptions.c.state.in_([literal_column("'assigned'"), literal_column("'greeted'")])
Index("receptions_open", receptions.c.hall_id, receptions.c.arrived_at, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
Index("receptions_one_each", receptions.c.server_id, unique=True, sqlite_where=IS_SERVED, postgresql_where=IS_SERVED)
Index("receptions_of_day", receptions.c.hall_id, receptions.c.local_day)
