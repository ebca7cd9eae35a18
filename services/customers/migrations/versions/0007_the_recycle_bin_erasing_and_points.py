"""the recycle bin, erasing and points"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.types import Instant, Json

revision = "0007"
down_revision = "0006"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    op.create_table(
        "bin_moves",
        sa.Column("move_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("move", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "move IN ('deleted', 'restored', 'registered_again', 'ruled', 'purged')", name="bin_moves_move"
        ),
        sa.PrimaryKeyConstraint("move_id", name=op.f("pk_bin_moves")),
    )
    with op.batch_alter_table("bin_moves", schema=None) as batch_op:
        batch_op.create_index("bin_moves_of_customer", ["customer_id", "move_id"], unique=False)

    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("ids", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=8), nullable=False),
        sa.Column("requested_by", sa.String(length=16), nullable=True),
        sa.Column("by_id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint("because IN ('asked', 'purged')", name="erasures_because"),
        sa.PrimaryKeyConstraint("erasure_id", name=op.f("pk_erasures")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_erasures_customer_id")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index("erasures_newest", ["branch_id", "at", "erasure_id"], unique=False)

    op.create_table(
        "forgotten",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forgotten")),
    )
    op.create_table(
        "points_heard",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "source_id", name=op.f("pk_points_heard")),
    )
    op.create_table(
        "points_notes",
        sa.Column("posting_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_points_notes")),
    )
    with op.batch_alter_table("points_notes", schema=None) as batch_op:
        batch_op.create_index("points_notes_of", ["customer_id"], unique=False)

    op.create_table(
        "points_postings",
        sa.Column("posting_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.Column("source_kind", sa.String(length=12), nullable=True),
        sa.Column("source_id", sa.String(length=36), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("reverses_id", sa.String(length=36), nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("posted_at", Instant(), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("kind <> 'spent' OR points < 0", name="points_postings_spent"),
        sa.CheckConstraint("points <> 0", name="points_postings_move"),
        sa.PrimaryKeyConstraint("posting_id", name=op.f("pk_points_postings")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_points_postings_reverses_id")),
    )
    with op.batch_alter_table("points_postings", schema=None) as batch_op:
        batch_op.create_index("points_postings_for", ["source_kind", "source_id", "sequence"], unique=False)
        batch_op.create_index("points_postings_of", ["branch_id", "customer_id", "posted_at"], unique=False)

    op.create_table(
        "points_rules",
        sa.Column("policy_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=True),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "n", name=op.f("pk_points_rules")),
    )
    with op.batch_alter_table("points_rules", schema=None) as batch_op:
        batch_op.create_index("points_rules_of", ["branch_id", "holds_from"], unique=False)

    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", Instant(), nullable=True))
        batch_op.drop_constraint("customers_merged_or_active", type_="check")
        batch_op.create_check_constraint(
            "customers_merged_or_active", "active = (merged_into IS NULL AND deleted_at IS NULL AND erased_at IS NULL)"
        )
        batch_op.drop_index(batch_op.f("customers_of_owner"))
        batch_op.create_index(
            "customers_of_owner", ["branch_id", "owner_id", "registered_at", "customer_id"], unique=False
        )
        batch_op.create_index(
            "customers_in_bin",
            ["branch_id", "deleted_at", "customer_id"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )
        batch_op.create_index("customers_newest_of_all", ["registered_at", "customer_id"], unique=False)
