"""the register, files and owners in full"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from chassis.clock import SystemClock
from chassis.database import Transaction
from chassis.database.append_only import guards_of
from chassis.database.types import Instant, Json
from chassis.identity import system
from chassis.ids import TimeOrderedIds
from services.customers.finding.actions import enter
from services.customers.finding.index import MAKE_ON_SQLITE
from services.customers.finding.rules import Listed, Says
from services.customers.register.rules_of_names import full_name
from services.customers.register.rules_of_persons import last_eight_of
from services.customers.tables import METADATA

revision = "0005"
down_revision = "0004"
branch_labels: Any = None
depends_on: Any = None

# The oldest code that still works on this schema, by its newest migration: raise it only when a contraction breaks it.
OLDEST_CODE = 1
# Tables whose number of rows this migration means to change; any other change of a count stops it.
ROWS_CHANGE_IN: frozenset[str] = frozenset({"finding", "owners"})


def upgrade() -> None:
    op.create_table(
        "amendments",
        sa.Column("amendment_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'signed', 'refused')", name="amendments_state"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="amendments_signed_by_another"),
        sa.PrimaryKeyConstraint("amendment_id", name=op.f("pk_amendments")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index("amendments_newest", ["branch_id", "asked_at", "amendment_id"], unique=False)
        batch_op.create_index("amendments_of_customer", ["branch_id", "customer_id"], unique=False)

    op.create_table(
        "contact_days",
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("last_contact", sa.Date(), nullable=True),
        sa.Column("next_contact", sa.Date(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_contact_days")),
    )
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("phones", Json, nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("wechat", sa.Text(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contacts")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(
            "contacts_chosen",
            ["customer_id"],
            unique=True,
            sqlite_where=sa.text("chosen"),
            postgresql_where=sa.text("chosen"),
        )
        batch_op.create_index("contacts_of_customer", ["branch_id", "customer_id"], unique=False)

    op.create_table(
        "customer_types",
        sa.Column("scope", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=True),
        sa.Column("names", Json, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("scope = COALESCE(branch_id, 'company')", name="customer_types_scope"),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_customer_types")),
    )
    op.create_table(
        "deals",
        sa.Column("deal_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=True),
        sa.Column("deal_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", name=op.f("pk_deals")),
    )
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.create_index("deals_of_customer", ["branch_id", "customer_id"], unique=False)

    op.create_table(
        "draws",
        sa.Column("draw_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=72), nullable=False),
        sa.Column("promised_at", Instant(), nullable=False),
        sa.Column("drawn_at", Instant(), nullable=True),
        sa.Column("local_day", sa.Date(), nullable=True),
        sa.Column("drawer_id", sa.String(length=36), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=True),
        sa.Column("limited_by", Json, nullable=True),
        sa.Column("candidates", Json, nullable=True),
        sa.Column("given", Json, nullable=True),
        sa.Column("many", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("draw_id", name=op.f("pk_draws")),
        sa.UniqueConstraint("branch_id", "n", name=op.f("uq_draws_branch_id_n")),
    )
    with op.batch_alter_table("draws", schema=None) as batch_op:
        batch_op.create_index("draws_of_day", ["branch_id", "drawer_id", "local_day"], unique=False)
        batch_op.create_index(
            "draws_promised",
            ["branch_id"],
            unique=True,
            sqlite_where=sa.text("drawn_at IS NULL"),
            postgresql_where=sa.text("drawn_at IS NULL"),
        )

    op.create_table(
        "fields",
        sa.Column("field_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("choices", Json, nullable=False),
        sa.Column("searchable", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('text', 'number', 'date', 'choice', 'choices', 'yes_no')", name="fields_kind"),
        sa.PrimaryKeyConstraint("field_id", name=op.f("pk_fields")),
    )
    with op.batch_alter_table("fields", schema=None) as batch_op:
        batch_op.create_index("fields_of_branch", ["branch_id", "place"], unique=False)

    op.create_table(
        "finding",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.Column("registered_at", Instant(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("phones", sa.Text(), nullable=False),
        sa.Column("parts", Json, nullable=False),
        sa.Column("grams", sa.Text().with_variant(postgresql.ARRAY(sa.Integer()), "postgresql"), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_finding")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_finding_customer_id")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(
            "finding_by_grams",
            ["grams"],
            unique=False,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            sqlite_where=sa.text("grams IS NOT NULL"),
        )
        batch_op.create_index("finding_newest", ["branch_id", "registered_at", "customer_id"], unique=False)
        batch_op.create_index("finding_newest_of_all", ["registered_at", "customer_id"], unique=False)
        batch_op.create_index("finding_of_owner", ["branch_id", "owner_id"], unique=False)

    op.create_table(
        "last_contacts",
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("closed_deal", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_last_contacts")),
    )
    op.create_table(
        "owner_applications",
        sa.Column("application_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("applicant_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("applied_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name="owner_applications_reason"),
        sa.CheckConstraint("state IN ('open', 'approved', 'refused')", name="owner_applications_state"),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_owner_applications")),
    )
    with op.batch_alter_table("owner_applications", schema=None) as batch_op:
        batch_op.create_index("owner_applications_last", ["branch_id", "applied_at"], unique=False)
        batch_op.create_index(
            "owner_applications_open",
            ["customer_id", "applicant_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "owners",
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=True),
        sa.Column("former_id", sa.String(length=36), nullable=True),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("because", sa.String(length=30), nullable=False),
        sa.Column("by_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("customer_id", "version", name=op.f("pk_owners")),
    )
    with op.batch_alter_table("owners", schema=None) as batch_op:
        batch_op.create_index("owners_former", ["branch_id", "former_id", "customer_id"], unique=False)

    op.create_table(
        "ownership_policies",
        sa.Column("policy_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=True),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("policy_id", "n", name=op.f("pk_ownership_policies")),
    )
    with op.batch_alter_table("ownership_policies", schema=None) as batch_op:
        batch_op.create_index("ownership_policies_of", ["branch_id", "holds_from"], unique=False)

    op.create_table(
        "relations",
        sa.Column("relation_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("first_id", sa.String(length=36), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=True),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('spouse', 'parent', 'child', 'betrothed', 'other')", name="relations_kind"),
        sa.CheckConstraint("state IN ('asked', 'confirmed', 'refused', 'ended')", name="relations_state"),
        sa.CheckConstraint("first_id < second_id", name="relations_pair"),
        sa.PrimaryKeyConstraint("relation_id", name=op.f("pk_relations")),
    )
    with op.batch_alter_table("relations", schema=None) as batch_op:
        batch_op.create_index("relations_newest", ["branch_id", "asked_at", "relation_id"], unique=False)
        batch_op.create_index("relations_of_first", ["first_id", "branch_id"], unique=False)
        batch_op.create_index("relations_of_second", ["second_id", "branch_id"], unique=False)
        batch_op.create_index(
            "relations_once",
            ["first_id", "second_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'confirmed')"),
            postgresql_where=sa.text("state IN ('asked', 'confirmed')"),
        )

    op.create_table(
        "return_warnings",
        sa.Column("warning_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("idle_since", sa.Date(), nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=False),
        sa.Column("goes_back_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'lifted', 'returned')", name="return_warnings_state"),
        sa.PrimaryKeyConstraint("warning_id", name=op.f("pk_return_warnings")),
    )
    with op.batch_alter_table("return_warnings", schema=None) as batch_op:
        batch_op.create_index("return_warnings_next", ["branch_id", "goes_back_on", "warning_id"], unique=False)
        batch_op.create_index(
            "return_warnings_open",
            ["customer_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "reveals",
        sa.Column("revealed_by", sa.String(length=36), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reveal_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("revealed_at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name="reveals_number"),
        sa.PrimaryKeyConstraint("revealed_by", "local_day", "number", name=op.f("pk_reveals")),
        sa.UniqueConstraint("reveal_id", name=op.f("uq_reveals_reveal_id")),
    )
    with op.batch_alter_table("reveals", schema=None) as batch_op:
        batch_op.create_index("reveals_newest", ["branch_id", "revealed_at", "reveal_id"], unique=False)

    op.create_table(
        "searches",
        sa.Column("search_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=True),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("question", Json, nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("search_id", name=op.f("pk_searches")),
        sa.UniqueConstraint("owner_id", "name", name="searches_name"),
    )
    with op.batch_alter_table("searches", schema=None) as batch_op:
        batch_op.create_index("searches_of_branch", ["branch_id", "name", "search_id"], unique=False)

    op.create_table(
        "tags",
        sa.Column("customer_id", sa.String(length=36), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "tag", name=op.f("pk_tags")),
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.create_index("tags_of_branch", ["branch_id", "tag"], unique=False)

    op.create_table(
        "verdicts",
        sa.Column("first_id", sa.String(length=36), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=36), nullable=False),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name="verdicts_pair"),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_verdicts")),
    )
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.create_index("verdicts_of_second", ["second_id"], unique=False)

    op.create_table(
        "wrong_phones",
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("branch_id", sa.String(length=36), nullable=False),
        sa.Column("signed_by", sa.String(length=36), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_wrong_phones")),
    )
    op.execute("DROP TRIGGER IF EXISTS register_guards_update" + _OF_REGISTER[op.get_context().dialect.name])
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("company", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("industry", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("province", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("city", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("district", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("demand", Json, server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column("remarks", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("details", Json, server_default=sa.text("'{}'"), nullable=False))
        batch_op.add_column(sa.Column("parent_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("deleted_at", Instant(), nullable=True))
        batch_op.drop_constraint("customers_merged_or_active", type_="check")
        batch_op.create_check_constraint(
            "customers_merged_or_active", "active = (merged_into IS NULL AND deleted_at IS NULL)"
        )
        batch_op.create_index("customers_of_parent", ["branch_id", "parent_id"], unique=False)

    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.add_column(sa.Column("full_name", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("tail", sa.String(length=8), nullable=True))
        batch_op.drop_index(batch_op.f("register_by_phone"))
        batch_op.create_index("register_by_phone", ["phone", "branch_id"], unique=False)
        batch_op.drop_index(batch_op.f("register_of_customer"))
        batch_op.create_index("register_of_customer", ["customer_id", "branch_id"], unique=False)
        batch_op.create_index("register_by_name", ["full_name", "branch_id"], unique=False)
        batch_op.create_index("register_by_tail", ["tail", "branch_id"], unique=False)
    _say_names_in_one_form()
    for guard in guards_of(METADATA)["register"]:
        if guard.operation == "UPDATE":
            for statement in guard.statements(op.get_context().dialect.name):
                op.execute(statement)
    _begin_the_owners()
    if op.get_context().dialect.name == "sqlite":
        op.execute(MAKE_ON_SQLITE)
    _make_findable()


_OF_REGISTER = {"sqlite": "", "postgresql": " ON register"}
_SOME = 500


def _say_names_in_one_form() -> None:
    """What registrations are recognised by from now on."""
    register = sa.table("register", *map(sa.column, ("entry_id", "name", "phone", "full_name", "tail")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(register)).all():
        says = {"full_name": full_name(row.name) if row.name else None, "tail": row.phone and last_eight_of(row.phone)}
        connection.execute(sa.update(register).where(register.c.entry_id == row.entry_id).values(says))


def _begin_the_owners() -> None:
    """Who owns a customer now is the first line of the history."""
    lines = sa.table("owners", *map(sa.column, ("customer_id", "version", "branch_id", "owner_id", "because", "since")))
    had = sa.table("customers", *map(sa.column, ("customer_id", "version", "branch_id", "owner_id", "registered_at")))
    because = sa.literal("registered")
    rows = sa.select(had.c.customer_id, had.c.version, had.c.branch_id, had.c.owner_id, because, had.c.registered_at)
    op.execute(sa.insert(lines).from_select(lines.c.keys(), rows.where(had.c.owner_id.is_not(None))))


def _make_findable() -> None:
    """Every file that there is enters the index."""
    tx = Transaction(op.get_bind(), "customers", SystemClock(), TimeOrderedIds())
    names = ("customer_id", "branch_id", "owner_id", "active", "code", "name", "phone")
    files = sa.table("customers", *map(sa.column, names), sa.column("registered_at", Instant()))
    for n, row in enumerate(tx.execute(sa.select(files)).all(), start=1):
        listed = Listed(row.customer_id, row.branch_id, row.owner_id, row.registered_at, row.active)
        enter(tx, system("customers", row.branch_id), listed, Says((row.name,), (), (row.code,), (row.phone,)))
        if n % _SOME == 0:
            tx.flush()
    tx.flush()
