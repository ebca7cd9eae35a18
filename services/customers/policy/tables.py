"""The versions of the policy about owners.

Invariants: a version is never changed and never deleted (the database refuses). `n` counts the versions of one branch,
or of the company where `branch_id` is empty. Of those that hold from a day on the latest decides, and of several from
one day the one made last.
"""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from chassis.database import Instant, Json
from chassis.database.append_only import append_only
from services.customers.tables import METADATA


def versions(name: str) -> Table:
    """A table of dated versions: this one, and those of rooms that keep settings of their own in the same way."""
    table = Table(
        name,
        METADATA,
        Column("policy_id", String(36), primary_key=True),
        Column("n", Integer, primary_key=True),
        Column("branch_id", String(36)),
        Column("holds_from", Date, nullable=False),
        Column("document", Json, nullable=False),
        Column("reason", Text, nullable=False),
        Column("made_by", String(36), nullable=False),
        Column("made_at", Instant, nullable=False),
    )
    Index(f"{name}_of", table.c.branch_id, table.c.holds_from)
    return append_only(table)


policies = versions("ownership_policies")
