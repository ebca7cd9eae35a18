"""the journal of whatever a hall did"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    with op.batch_alter_table("journal_entries", schema=None) as batch_op:
        batch_op.add_column(sa.Column("floor", Instant(), nullable=True))

    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reconciled_with", sa.String(length=36), nullable=True))
        batch_op.create_index("party_of_customer", ["customer_id"], unique=False)

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(length=40), nullable=True))
