"""the index takes in what comes in lots"""

from typing import Any

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX finding_by_grams SET (fastupdate = on, gin_pending_list_limit = 64)")
