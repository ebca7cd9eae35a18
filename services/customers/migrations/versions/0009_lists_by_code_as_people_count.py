"""lists by code as people count"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = depends_on = None
OLDEST_CODE = 1
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    op.create_index("customers_by_code", "customers", ["branch_id", sa.text("length(code)"), "code"])
