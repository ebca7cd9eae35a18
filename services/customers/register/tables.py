"""The register.

Invariants: an entry is never changed and never deleted; only what names its person may be forgotten (erasure): `name`,
`phone`, and what comes of them, `full_name` (the name in one form, if it is full) and `tail` (the phone's last eight
digits). What came once from one origin stands there once. Each entry also stands in the ledger's chain
`register/<branch>` under its entry_id, in the order of arrival: a changed line is found. `wrong_phones` names the
entries whose phone a manager has signed to be wrong; only the words of `reason` may be forgotten. `ruled` says whose a
registration is where reception ruled again whose visitor it was (撞单): the latest word holds, and may come before the
entry.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from chassis.database import Instant
from chassis.database.append_only import append_only, untouched
from services.customers.tables import METADATA

PERSONAL = ("name", "phone", "full_name", "tail")

register = Table(
    "register",
    METADATA,
    Column("entry_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Column("local_day", Date, nullable=False),
    Column("name", Text),
    Column("phone", String(20)),
    Column("full_name", Text),
    Column("tail", String(8)),
    Column("phone_correct", Boolean, nullable=False),
    Column("registered_by", String(36)),
    Column("signed_by", String(36)),
    Column("origin", String(12), nullable=False),
    Column("origin_key", String(120), nullable=False),
    UniqueConstraint("branch_id", "origin", "origin_key", name="register_once"),
    CheckConstraint("kind IN ('registered', 'amended')", name="register_kind"),
    CheckConstraint("origin IN ('reception', 'import', 'person')", name="register_origin"),
)
append_only(
    register, update=" AND ".join([*(f"NEW.{name} IS NULL" for name in PERSONAL), untouched(register, *PERSONAL)])
)
ruled = Table(
    "ruled",
    METADATA,
    Column("entry_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("owner_id", String(36)),
    Column("sequence", Integer, nullable=False),
)
# Many are asked for at once: an index that began with the branch would have SQLite read the whole branch instead.
Index("register_of_customer", register.c.customer_id, register.c.branch_id)
Index("register_by_phone", register.c.phone, register.c.branch_id)
Index("register_by_name", register.c.full_name, register.c.branch_id)
Index("register_by_tail", register.c.tail, register.c.branch_id)

wrong_phones = Table(
    "wrong_phones",
    METADATA,
    Column("entry_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("signed_by", String(36), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Text),
)
append_only(wrong_phones, update=f"NEW.reason IS NULL AND {untouched(wrong_phones, 'reason')}")
