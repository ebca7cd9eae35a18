"""all phones of a customer"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.types import Json

revision = "0011"
down_revision = "0010"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    # Not in a batch: SQLite would lose the index on an expression with a table that is made anew.
    op.add_column("customers", sa.Column("other_phones", Json, server_default=sa.text("'[]'"), nullable=False))
