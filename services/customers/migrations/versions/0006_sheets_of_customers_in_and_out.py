"""sheets of customers in and out"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.types import Instant, Json

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
        "export_rights",
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("whole_phones", sa.Boolean(), nullable=False),
        sa.Column("most_rows", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_export_rights")),
    )
    op.create_table(
        "exports",
        sa.Column("export_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=True),
        sa.Column("job_id", sa.String(length=36), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asker", Json, nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("question", Json, nullable=True),
        sa.Column("fields", Json, nullable=False),
        sa.Column("whole_phones", sa.Boolean(), nullable=False),
        sa.Column("most_rows", sa.Integer(), nullable=False),
        sa.Column("titles", Json, nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("export_id", name=op.f("pk_exports")),
    )
    with op.batch_alter_table("exports", schema=None) as batch_op:
        batch_op.create_index("exports_kept", ["asked_at"], unique=False)
        batch_op.create_index("exports_of_asker", ["asked_by", "asked_at"], unique=False)

    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason_column", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("code", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("like_row", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cells", Json, nullable=True))

    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trial_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("titles", Json, server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("fields", Json, server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("samples", Json, server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
        batch_op.alter_column("job_id", existing_type=sa.VARCHAR(length=36), nullable=True)
        batch_op.create_index("imports_kept", ["requested_at"], unique=False)
