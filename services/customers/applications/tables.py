"""Who applied for which customer.

Invariants: of one person's applications for one customer one at most is open. `answer` is the reason of the decision,
never NULL where it was refused; `given_to_another` of those that were refused because another one for the same customer
was approved. `version` counts what was announced: 1 when made, 2 when decided. Of a customer who was
erased `reason` and `answer` are empty.
"""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text

from chassis.database import Instant
from services.customers.tables import METADATA

applications = Table(
    "owner_applications",
    METADATA,
    Column("application_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36), nullable=False),
    Column("applicant_id", String(36), nullable=False),
    Column("reason", Text, nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("answer", Text),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('open', 'approved', 'refused')", name="owner_applications_state"),
    CheckConstraint("state <> 'refused' OR answer IS NOT NULL", name="owner_applications_reason"),
)
_OPEN = applications.c.state == "open"
Index(
    "owner_applications_open",
    applications.c.customer_id,
    applications.c.applicant_id,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("owner_applications_last", applications.c.branch_id, applications.c.applied_at)
