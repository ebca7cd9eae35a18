"""Which customer has which tag.

Invariants: a customer has a tag once; a tag exists as long as a customer has it. `customer_id` is the id under which it
was set, which may since have been merged into another.
"""

from sqlalchemy import Column, Index, String, Table

from services.customers.tables import METADATA

tags = Table(
    "tags",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("tag", String(40), primary_key=True),
    Column("branch_id", String(36), nullable=False),
)
Index("tags_of_branch", tags.c.branch_id, tags.c.tag)
