"""corrections of deals, and whose customers were before the ledger was kept"""

from datetime import UTC, datetime
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
ROWS_CHANGE_IN: frozenset[str] = frozenset({"merged", "owned"})
# What was heard before the ledger was kept was so at every moment that the ledger knows of.
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    op.create_table(
        "corrected_deals",
        sa.Column("deal_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("signed_time", sa.Time(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("correction_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "version", name=op.f("pk_corrected_deals")),
        sa.UniqueConstraint("correction_id", name="corrected_deals_once"),
    )
    op.create_table(
        "deal_corrections",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("deal_id", sa.String(length=36), nullable=False),
        sa.Column("deal_date_before", sa.Date(), nullable=False),
        sa.Column("signed_time_before", sa.Time(), nullable=True),
        sa.Column("amount_before", sa.BigInteger(), nullable=True),
        sa.Column("deal_date", sa.Date(), nullable=False),
        sa.Column("signed_time", sa.Time(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="deal_corrections_decided"),
        sa.CheckConstraint("state IN ('asked', 'signed', 'refused')", name="deal_corrections_state"),
        sa.CheckConstraint("decided_by <> asked_by", name="deal_corrections_by_another"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_corrections")),
    )
    with op.batch_alter_table("deal_corrections", schema=None) as batch_op:
        batch_op.create_index("deal_corrections_of_branch", ["branch_id", "asked_at", "id"], unique=False)
        batch_op.create_index(
            "deal_corrections_waiting",
            ["deal_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    with op.batch_alter_table("credit_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("correction_id", sa.String(length=36), nullable=True))

    _keep_what_was_known("owned", "customers", ("customer_id", "sequence", "branch_id", "owner_id"))
    _keep_what_was_known("merged", "aliases", ("loser_id", "sequence", "branch_id", "winner_id", "active"))


def _keep_what_was_known(ledger: str, copies: str, names: tuple[str, ...]) -> None:
    """Bring the copies into what credit rests on, of whom the ledger has heard nothing itself."""
    kept = sa.table(ledger, *map(sa.column, names), sa.column("at", Instant()))
    known = sa.table(copies, *map(sa.column, names))
    heard = sa.select(sa.literal(1)).where(kept.c[names[0]] == known.c[names[0]]).exists()
    rows = sa.select(*(known.c[name] for name in names), sa.literal(_ALWAYS, Instant())).where(~heard)
    op.execute(sa.insert(kept).from_select([*names, "at"], rows))
