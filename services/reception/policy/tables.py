"""The versions of policies.

Invariants: a version is never changed and never deleted (the database refuses); `n` counts the versions of one branch,
or of the company where `branch_id` is empty. Of those that hold from a day on, the one that holds from the latest day
up to it decides, and of several from one day the one made last.
"""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from chassis.database import Instant, Json
from chassis.database.append_only import append_only
from services.reception.tables import METADATA

policies = append_only(
    Table(
        "policies",
        METADATA,
        Column("version", String(40), primary_key=True),
        Column("branch_id", String(36)),
        Column("n", Integer, nullable=False),
        Column("holds_from", Date, nullable=False),
        Column("document", Json, nullable=False),
        Column("reason", Text, nullable=False),
        Column("made_by", String(36), nullable=False),
        Column("made_at", Instant, nullable=False),
    )
)
Index("policies_of", policies.c.branch_id, policies.c.holds_from, policies.c.n)
newer = policies.alias("newer")
"""The same versions once more, to see which of them replaces which."""
