"""Receptions, and who came with whom.

Invariants: the database refuses two open receptions of one server. A reception's `version` rises with each event about
it. `called` names who was called and did not come; `called_at` is when the present server was. `line_entry` is the
number of the register's entry by which the reception moved its server. Name, phone, note and an intent in
words of somebody's own are personal data: those of who was registered and erased since are gone.
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
    false,
    literal_column,
)

from chassis.database import Instant, Json
from services.reception.tables import METADATA

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
    Column("role", String(12)),
    Column("turn", String(4)),
    Column("relation", String(12)),
    Column("original_id", String(36)),
    Column("delegate_id", String(36)),
    Column("known_customer_id", String(36)),
    Column("trade", String(20)),
    Column("witness_id", String(36)),
    Column("witnessed_at", Instant),
    Column("called", Json),
    Column("called_at", Instant),
    Column("taken_over_at", Instant),
    Column("original_left", Boolean, nullable=False, server_default=false()),
    Column("line_entry", Integer),
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
    Column("owner_id", String(36)),
    Column("closed_because", String(12)),
    Column("reconciled_with", String(36)),
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
Index("receptions_of_customer", receptions.c.customer_id)
Index("receptions_of_known_customer", receptions.c.known_customer_id)

party = Table(
    "party",
    METADATA,
    Column("reception_id", String(36), ForeignKey("receptions.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36), nullable=False),
    Column("customer_is_new", Boolean, nullable=False),
    Column("name", Text),
    Column("phone", String(20)),
    Column("reconciled_with", String(36)),
)
Index("party_of_customer", party.c.customer_id)
