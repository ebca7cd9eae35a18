"""forgetting who was erased"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten")),
    )
    with op.batch_alter_table("deal_corrections", schema=None) as batch_op:
        batch_op.alter_column("reason", existing_type=sa.TEXT(), nullable=True)

    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.create_index("records_newest", ["recorded_at", "id"], unique=False)
