"""The rules of points, and the ledger of them.

Invariants: a version of the rules is never changed, and neither is a posting (the database refuses). A customer's
points are the sum of their postings, those of merged ids included. A posting stands under the id that its fact named;
what a later word about the same fact makes otherwise is taken back by a posting of its own, once (`reverses_id`).
`points_heard` has the highest word heard of each fact, and is the lock under which its postings are made. Words that
people wrote stand in `points_notes` alone: erasing a customer deletes the rows.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer, String, Table, Text

from chassis.database import Instant, Json
from chassis.database.append_only import append_only
from services.customers.policy.tables import versions
from services.customers.tables import METADATA

points_rules = versions("points_rules")

points_heard = Table(
    "points_heard",
    METADATA,
    Column("kind", String(12), primary_key=True),
    Column("source_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("sequence", Integer, nullable=False),
)

points_postings = append_only(
    Table(
        "points_postings",
        METADATA,
        Column("posting_id", String(36), primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("customer_id", String(36), nullable=False),
        Column("points", BigInteger, nullable=False),
        Column("kind", String(12), nullable=False),
        Column("reason", String(12)),
        Column("source_kind", String(12)),
        Column("source_id", String(36)),
        Column("sequence", Integer),
        Column("reverses_id", String(36), unique=True),
        Column("facts", Json, nullable=False),
        Column("rule_version", String(40), nullable=False),
        Column("day", Date, nullable=False),
        Column("posted_at", Instant, nullable=False),
        Column("by_id", String(36)),
        CheckConstraint("points <> 0", name="points_postings_move"),
        CheckConstraint("kind <> 'spent' OR points < 0", name="points_postings_spent"),
    )
)
Index("points_postings_of", points_postings.c.branch_id, points_postings.c.customer_id, points_postings.c.posted_at)
Index("points_postings_for", points_postings.c.source_kind, points_postings.c.source_id, points_postings.c.sequence)

points_notes = Table(
    "points_notes",
    METADATA,
    Column("posting_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36), nullable=False),
    Column("note", Text, nullable=False),
)
Index("points_notes_of", points_notes.c.customer_id)
