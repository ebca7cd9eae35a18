"""Penalties, what they move, and the cases of removal.

Invariants: a penalty is proposed once for what caused it (person, cause, evidence), and never deleted: its state moves
on, with who and why. Each time it begins or ceases to count, one posting says what that moves in which month: so money
is the sum of the fines of `postings`, and points the sum of theirs, open at 0. A month that is settled gets no posting
more. Whoever decides about penalties of a branch, or settles, locks its row of `discipline_books` first.
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
)

from chassis.database import Instant
from services.reception.tables import METADATA

penalties = Table(
    "penalties",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("article", String(12)),
    Column("fine", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("policy_version", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_by", String(36), nullable=False),
    Column("state", String(12), nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    Column("day", Date, nullable=False),  # of the deed, at the branch
    Column("note", Text),
    Column("appealed_at", Instant),
    Column("appeal", Text),
    Column("month", String(7)),  # in which it was posted last
    UniqueConstraint("branch_id", "staff_id", "cause", "evidence", name="penalties_once"),
    CheckConstraint(
        "state IN ('proposed','confirmed','appealed','waived','upheld','withdrawn')", name="penalties_state"
    ),
)
Index("penalties_of_person", penalties.c.branch_id, penalties.c.staff_id, penalties.c.at)
Index("penalties_on", penalties.c.branch_id, penalties.c.evidence)

postings = Table(
    "postings",
    METADATA,
    Column("penalty_id", String(36), ForeignKey("penalties.id"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("branch_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("month", String(7), nullable=False),
    Column("fine", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("past_cap", Boolean, nullable=False),  # a fine once held, taken after its month was settled
    Column("untaken", Integer, nullable=False),  # of the fine, when the month was settled
)
Index("postings_of_month", postings.c.branch_id, postings.c.month, postings.c.staff_id)
Index("postings_of_person", postings.c.branch_id, postings.c.staff_id, postings.c.at)

discipline_books = Table(
    "discipline_books",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
)

settled_months = Table(
    "settled_months",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("settled_at", Instant, nullable=False),
    Column("settled_by", String(36), nullable=False),
)

removal_cases = Table(
    "removal_cases",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("penalty_id", String(36), ForeignKey("penalties.id"), nullable=False, unique=True),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String(36), nullable=False),
    Column("state", String(8), nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("reason", Text),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('open','removed','kept','dropped')", name="removal_cases_state"),
)
Index("removal_cases_of_branch", removal_cases.c.branch_id, removal_cases.c.opened_at)
