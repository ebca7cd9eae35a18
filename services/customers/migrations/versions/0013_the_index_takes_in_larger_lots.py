"""the index takes in larger lots"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = depends_on = None
OLDEST_CODE = 1
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX finding_by_grams SET (gin_pending_list_limit = 256)")
