"""the whole rule book"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from chassis.database.types import Instant, Json

revision = "0003"
down_revision = "0002"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset()


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("delegate_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("taken_back_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index("delegations_of", ["branch_id", "staff_id", "ends_at"], unique=False)

    op.create_table(
        "forfeits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("excused_by", sa.String(length=36), nullable=True),
        sa.Column("excused_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("suspension_id", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forfeits")),
    )
    with op.batch_alter_table("forfeits", schema=None) as batch_op:
        batch_op.create_index("forfeits_of_person", ["branch_id", "staff_id", "at"], unique=False)

    op.create_table(
        "penalties",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("article", sa.String(length=12), nullable=True),
        sa.Column("fine", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=120), nullable=False),
        sa.Column("policy_version", sa.String(length=60), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed','confirmed','appealed','waived','upheld','withdrawn')", name="penalties_state"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalties")),
        sa.UniqueConstraint("branch_id", "staff_id", "cause", "evidence", name="penalties_once"),
    )
    with op.batch_alter_table("penalties", schema=None) as batch_op:
        batch_op.create_index("penalties_of_person", ["branch_id", "staff_id", "at"], unique=False)

    op.create_table(
        "suspensions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.create_index("suspensions_of_person", ["branch_id", "staff_id", "ends_at"], unique=False)

    op.create_table(
        "party",
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("customer_is_new", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_party_reception_id")),
        sa.PrimaryKeyConstraint("reception_id", "n", name=op.f("pk_party")),
    )
    with op.batch_alter_table("customer_phones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("code", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("name", sa.Text(), nullable=True))

    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.add_column(sa.Column("away", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("is_ready", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("receptions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("relation", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("original_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("delegate_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("known_customer_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("trade", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("witness_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("witnessed_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("called", Json, nullable=True))
        batch_op.add_column(sa.Column("called_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("taken_over_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("original_left", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("line_entry", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("closed_because", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("reconciled_with", sa.String(length=36), nullable=True))
