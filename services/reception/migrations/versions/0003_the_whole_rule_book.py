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
        "cap_reviews",
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.String(length=36), nullable=False),
        sa.Column("reviewed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("branch_id", "month", "staff_id", name=op.f("pk_cap_reviews")),
    )
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
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("taken_back_at", Instant(), nullable=True),
        sa.Column("taken_back_by", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index("delegations_of", ["branch_id", "staff_id", "ends_at"], unique=False)

    op.create_table(
        "discipline_books",
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("branch_id", name=op.f("pk_discipline_books")),
    )
    op.create_table(
        "disputes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("reporter_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=False),
        sa.Column("reception_id", sa.String(length=36), nullable=True),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    with op.batch_alter_table("disputes", schema=None) as batch_op:
        batch_op.create_index("disputes_of_branch", ["branch_id", "reported_at"], unique=False)

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
        sa.Column("line_entry", sa.Integer(), nullable=False),
        sa.Column("excused_by", sa.String(length=36), nullable=True),
        sa.Column("excused_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("suspension_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forfeits")),
    )
    with op.batch_alter_table("forfeits", schema=None) as batch_op:
        batch_op.create_index("forfeits_of_person", ["branch_id", "staff_id", "at"], unique=False)
        batch_op.create_index("forfeits_spent", ["suspension_id"], unique=False)

    op.create_table(
        "leaves",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_because", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('asked','approved','refused')", name="leaves_state"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.create_index("leaves_of_person", ["branch_id", "staff_id", "ends_at"], unique=False)

    op.create_table(
        "merged",
        sa.Column("loser_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("winner_id", sa.String(length=36), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("loser_id", "sequence", name=op.f("pk_merged")),
    )
    with op.batch_alter_table("merged", schema=None) as batch_op:
        batch_op.create_index("merged_of_winner", ["winner_id"], unique=False)

    op.create_table(
        "owned",
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "sequence", name=op.f("pk_owned")),
    )
    op.create_table(
        "pays",
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("monthly", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(length=36), nullable=False),
        sa.Column("set_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("branch_id", "staff_id", "month", name=op.f("pk_pays")),
    )
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
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("appealed_at", Instant(), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed','confirmed','appealed','waived','upheld','withdrawn')", name="penalties_state"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalties")),
        sa.UniqueConstraint("branch_id", "staff_id", "cause", "evidence", name="penalties_once"),
    )
    with op.batch_alter_table("penalties", schema=None) as batch_op:
        batch_op.create_index("penalties_of_person", ["branch_id", "staff_id", "at"], unique=False)
        batch_op.create_index("penalties_on", ["branch_id", "evidence"], unique=False)

    op.create_table(
        "policies",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_policies")),
    )
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.create_index("policies_of", ["branch_id", "holds_from", "n"], unique=False)

    op.create_table(
        "settled_accounts",
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("account", Json, nullable=False),
        sa.PrimaryKeyConstraint("branch_id", "month", "staff_id", name=op.f("pk_settled_accounts")),
    )
    op.create_table(
        "settled_months",
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("settled_at", Instant(), nullable=False),
        sa.Column("settled_by", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("branch_id", "month", name=op.f("pk_settled_months")),
    )
    op.create_table(
        "suspensions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("ordered_at", Instant(), nullable=False),
        sa.Column("lasts", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=True),
        sa.Column("ends_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.create_index("suspensions_of_person", ["branch_id", "staff_id", "ends_at"], unique=False)

    op.create_table(
        "absences",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("shift_starts_at", Instant(), nullable=False),
        sa.Column("shift_ends_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('found','cancelled')", name="absences_state"),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_absences_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("hall_id", "staff_id", "shift_starts_at", name="absences_once"),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index("absences_of_day", ["hall_id", "local_day"], unique=False)
        batch_op.create_index("absences_of_person", ["branch_id", "staff_id", "shift_starts_at"], unique=False)

    op.create_table(
        "closed_days",
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.String(length=36), nullable=False),
        sa.Column("closed_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=True),
        sa.Column("opened_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_closed_days_hall_id")),
        sa.PrimaryKeyConstraint("hall_id", "day", name=op.f("pk_closed_days")),
    )
    op.create_table(
        "corrections",
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("corrected_by", sa.String(length=36), nullable=False),
        sa.Column("corrected_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_corrections_hall_id")),
        sa.PrimaryKeyConstraint("hall_id", "n", name=op.f("pk_corrections")),
    )
    op.create_table(
        "draws",
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("seed", sa.String(length=36), nullable=False),
        sa.Column("people", Json, nullable=False),
        sa.Column("line_entry", sa.Integer(), nullable=False),
        sa.Column("drawn_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_draws_hall_id")),
        sa.PrimaryKeyConstraint("hall_id", "day", name=op.f("pk_draws")),
    )
    op.create_table(
        "journal_entries",
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("happened_at", Instant(), nullable=False),
        sa.Column("counts_as_of", Instant(), nullable=True),
        sa.Column("handed_in_at", Instant(), nullable=False),
        sa.Column("handed_in_by", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reception_id", sa.String(length=36), nullable=True),
        sa.Column("server_id", sa.String(length=36), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("facts", Json, nullable=True),
        sa.Column("said", Json, nullable=True),
        sa.Column("personal", Json, nullable=True),
        sa.Column("register_n", sa.Integer(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("settled_by", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("outcome IN ('applied','conflict')", name="journal_entries_outcome"),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_journal_entries_hall_id")),
        sa.PrimaryKeyConstraint("hall_id", "entry_id", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint("hall_id", "n", name="journal_entries_in_order"),
    )
    op.create_table(
        "postings",
        sa.Column("penalty_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("fine", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("past_cap", sa.Boolean(), nullable=False),
        sa.Column("untaken", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["penalty_id"], ["penalties.id"], name=op.f("fk_postings_penalty_id")),
        sa.PrimaryKeyConstraint("penalty_id", "n", name=op.f("pk_postings")),
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.create_index("postings_of_month", ["branch_id", "month", "staff_id"], unique=False)
        batch_op.create_index("postings_of_person", ["branch_id", "staff_id", "at"], unique=False)

    op.create_table(
        "removal_cases",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("penalty_id", sa.String(length=36), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open','removed','kept','dropped')", name="removal_cases_state"),
        sa.ForeignKeyConstraint(["penalty_id"], ["penalties.id"], name=op.f("fk_removal_cases_penalty_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal_cases")),
        sa.UniqueConstraint("penalty_id", name=op.f("uq_removal_cases_penalty_id")),
    )
    with op.batch_alter_table("removal_cases", schema=None) as batch_op:
        batch_op.create_index("removal_cases_of_branch", ["branch_id", "opened_at"], unique=False)

    op.create_table(
        "roster_days",
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("hours", Json, nullable=True),
        sa.Column("swapped_with", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_roster_days_hall_id")),
        sa.PrimaryKeyConstraint("hall_id", "day", "staff_id", name=op.f("pk_roster_days")),
    )
    op.create_table(
        "step_outs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("stand_in_id", sa.String(length=36), nullable=True),
        sa.Column("granted_by", sa.String(length=36), nullable=True),
        sa.Column("granted_because", sa.Text(), nullable=True),
        sa.Column("since", Instant(), nullable=True),
        sa.Column("until", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("forfeit_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked','away','overstayed','back','off_duty','cancelled')", name="step_outs_state"
        ),
        sa.CheckConstraint("state NOT IN ('away','overstayed') OR since IS NOT NULL", name="step_outs_since"),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name=op.f("fk_step_outs_hall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_outs")),
    )
    with op.batch_alter_table("step_outs", schema=None) as batch_op:
        batch_op.create_index(
            "step_outs_of_hall",
            ["hall_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "step_outs_open",
            ["staff_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "credit_bases",
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("base", Json, nullable=False),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_credit_bases_reception_id")),
        sa.PrimaryKeyConstraint("reception_id", name=op.f("pk_credit_bases")),
    )
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
    op.create_table(
        "rulings",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("hall_id", sa.String(length=36), nullable=False),
        sa.Column("reception_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("original_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_because", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'confirmed', 'refused')", name="rulings_state"),
        sa.ForeignKeyConstraint(["reception_id"], ["receptions.id"], name=op.f("fk_rulings_reception_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    with op.batch_alter_table("rulings", schema=None) as batch_op:
        batch_op.create_index("rulings_of_hall", ["hall_id", "asked_at"], unique=False)
        batch_op.create_index(
            "rulings_one_at_a_time",
            ["reception_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    with op.batch_alter_table("aliases", schema=None) as batch_op:
        batch_op.create_index("aliases_of_winner", ["winner_id"], unique=False)

    with op.batch_alter_table("attendances", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late_by", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch_op.create_index("attendances_of_day", ["hall_id", "local_day"], unique=False)
        batch_op.create_index("attendances_of_person", ["branch_id", "staff_id", "clocked_in_at"], unique=False)
        batch_op.create_index("attendances_of_shift", ["hall_id", "shift_starts_at"], unique=False)

    with op.batch_alter_table("branches", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=20), nullable=True))

    with op.batch_alter_table("customer_phones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("code", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("name", sa.Text(), nullable=True))

    with op.batch_alter_table("own_phones", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("registered_at", Instant(), nullable=True))
        batch_op.create_index("own_phones_of_customer", ["customer_id"], unique=False)

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
        batch_op.create_index("receptions_of_customer", ["customer_id"], unique=False)
        batch_op.create_index("receptions_of_known_customer", ["known_customer_id"], unique=False)

    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", Instant(), nullable=True))

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.String(length=36), nullable=True))
        batch_op.create_index("staff_of_team", ["branch_id", "team_id"], unique=False)
