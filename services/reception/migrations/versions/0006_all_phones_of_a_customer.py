"""all phones of a customer"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    op.create_table(
        "other_phones",
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("bearer_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "phone", name=op.f("pk_other_phones")),
    )
    with op.batch_alter_table("other_phones", schema=None) as batch_op:
        batch_op.create_index("other_phones_of_bearer", ["bearer_id"], unique=False)
        batch_op.create_index("other_phones_of_branch", ["branch_id", "phone"], unique=False)
