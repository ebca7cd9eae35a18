"""The follow-up records.

Invariants: a row is written once and never edited; (branch, origin, origin key) is unique, so that the same
reception or sheet row recorded twice adds nothing (a person's records have no key). `customer_id` may name a customer
that is not known here yet; it is None for a sheet row without one. What is said in words of somebody's own (see
rules.USUAL) is personal data: it may be erased, and the database lets nothing else be changed; a closed deal stays one.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from chassis.database import Instant
from chassis.database.append_only import append_only, untouched
from services.followups.records.rules import CLOSED, NOT_CLOSED, USUAL
from services.followups.tables import METADATA

records = Table(
    "records",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36)),
    Column("date", Date),
    Column("method", Text),
    Column("progress", Integer),
    Column("intent", Text),
    Column("said", Text),
    Column("result", Text),
    Column("deal_date", Date),
    Column("next_contact", Date),
    Column("effective", Boolean, nullable=False),
    Column("salesperson_id", String(36)),
    Column("salesperson_name", Text),
    Column("origin", String(12), nullable=False),
    Column("origin_key", String(120)),
    Column("row_number", Integer),
    Column("amount", BigInteger),
    Column("recorded_by", String(36), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("branch_id", "origin", "origin_key", name="records_once"),
    CheckConstraint("origin IN ('reception', 'import', 'person')", name="records_origin"),
    CheckConstraint("origin = 'person' OR origin_key IS NOT NULL", name="records_have_their_key"),
)
_FORGOTTEN = [f"(NEW.{name} IS NULL OR NEW.{name} IS NOT DISTINCT FROM OLD.{name})" for name in USUAL]
_STAYS = f"(NEW.result IS NOT DISTINCT FROM OLD.result OR OLD.result NOT IN ('{CLOSED}', '{NOT_CLOSED}'))"
append_only(records, update=" AND ".join([*_FORGOTTEN, _STAYS, untouched(records, *USUAL)]))
Index("records_of_branch", records.c.branch_id, records.c.recorded_at, records.c.id)
Index("records_newest", records.c.recorded_at, records.c.id)
Index("records_of_customer", records.c.customer_id, records.c.recorded_at, records.c.id)
Index("records_of_salesperson", records.c.salesperson_id, records.c.recorded_at, records.c.id)
