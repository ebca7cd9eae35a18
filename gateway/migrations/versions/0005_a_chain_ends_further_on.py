"""a chain's end moves several entries ahead at once: the guard of ledger_heads is put anew"""

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None
OLDEST_CODE = 1
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    """Guards are put after every migration."""
