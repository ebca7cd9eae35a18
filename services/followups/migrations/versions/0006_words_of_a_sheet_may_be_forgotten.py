"""words of a sheet may be forgotten: the guard of records is put anew"""

revision = "0006"
down_revision = "0005"
branch_labels = depends_on = None
OLDEST_CODE = 1
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    """Guards are put after every migration."""
