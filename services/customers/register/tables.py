"""The register.

Invariants: an entry is never changed and never deleted; only its name and phone may be forgotten (erasure). What came
once from one origin stands there once. Each entry also stands in the ledger's chain `register/<branch>`, whose number
is `n`: a changed line is found.
"""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, Index, String, Table, Text, UniqueConstraint

from chassis.database import Instant
from chassis.database.append_only import append_only
from services.customers.tables import METADATA

_KEPT = (
    "branch_id",
    "n",
    "entry_id",
    "customer_id",
    "kind",
    "at",
    "local_day",
    "phone_correct",
    "origin",
    "origin_key",
)

register = append_only(
    Table(
        "register",
        METADATA,
        Column("entry_id", String(36), primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("n", BigInteger, nullable=False),
        Column("customer_id", String(36), nullable=False),
        Column("kind", String(12), nullable=False),
        Column("at", Instant, nullable=False),
        Column("local_day", Date, nullable=False),
        Column("name", Text),
        Column("phone", String(20)),
        Column("phone_correct", Boolean, nullable=False),
        Column("registered_by", String(36)),
        Column("signed_by", String(36)),
        Column("origin", String(12), nullable=False),
        Column("origin_key", String(120), nullable=False),
        UniqueConstraint("branch_id", "n", name="register_in_order"),
        UniqueConstraint("branch_id", "origin", "origin_key", name="register_once"),
        CheckConstraint("kind IN ('registered', 'amended')", name="register_kind"),
        CheckConstraint("origin IN ('reception', 'import', 'person')", name="register_origin"),
    ),
    update=" AND ".join([*(f"NEW.{name} = OLD.{name}" for name in _KEPT), "NEW.name IS NULL", "NEW.phone IS NULL"]),
)
Index("register_of_customer", register.c.branch_id, register.c.customer_id)
Index("register_by_phone", register.c.branch_id, register.c.phone)
