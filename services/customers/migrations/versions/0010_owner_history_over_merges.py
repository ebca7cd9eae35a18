"""owner history over merges"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    op.create_table(
        "contacts_ahead",
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "day", name=op.f("pk_contacts_ahead")),
    )
    op.add_column("owners", sa.Column("change_id", sa.String(length=36), nullable=True))
