"""The fields that the company defines, and its list of types of customers.

Invariants: a field is never deleted and its kind never changes, so that every value that stands in a file can be read;
`branch_id` NULL: it holds in every branch. Of the fields in use that one branch sees no two have the same name: they
are defined under the lock of the company's row in `customer_types`. `customer_types` has a row for the company (`scope`
is `company`) and one for each branch with a list of its own; `names` NULL: nothing was edited there.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table, Text

from chassis.database import Json
from services.customers.tables import METADATA

COMPANY = "company"

fields = Table(
    "fields",
    METADATA,
    Column("field_id", String(36), primary_key=True),
    Column("branch_id", String(36)),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("required", Boolean, nullable=False),
    Column("choices", Json, nullable=False),
    Column("searchable", Boolean, nullable=False),
    Column("place", Integer, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("kind IN ('text', 'number', 'date', 'choice', 'choices', 'yes_no')", name="fields_kind"),
)
Index("fields_of_branch", fields.c.branch_id, fields.c.place)

customer_types = Table(
    "customer_types",
    METADATA,
    Column("scope", String(36), primary_key=True),
    Column("branch_id", String(36)),
    Column("names", Json),
    Column("version", Integer, nullable=False),
    CheckConstraint("scope = COALESCE(branch_id, 'company')", name="customer_types_scope"),
)
