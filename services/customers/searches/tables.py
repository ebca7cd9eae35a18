"""Saved searches.

Invariants: one person has no two of one name; a shared one is seen by everyone of its branch (of the whole company's
people by these alone), and changed and removed by its owner only. `question` is what rules.py calls one.
One that names somebody, by its name or in its question, goes when they are erased.
"""

from sqlalchemy import Boolean, Column, Index, String, Table, Text, UniqueConstraint

from chassis.database import Instant, Json
from services.customers.tables import METADATA

searches = Table(
    "searches",
    METADATA,
    Column("search_id", String(36), primary_key=True),
    Column("branch_id", String(36)),
    Column("owner_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("question", Json, nullable=False),
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("owner_id", "name", name="searches_name"),
)
Index("searches_of_branch", searches.c.branch_id, searches.c.name, searches.c.search_id)
