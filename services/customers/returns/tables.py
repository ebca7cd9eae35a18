"""When each customer was last contacted, and the warnings that one goes back to the pool.

Invariants: contacts are kept from events under the id they name. Of `last_contacts` `day` is the greatest heard of that
was not ahead, `closed_deal` stays once it was so; days that were ahead when they were heard of stand in
`contacts_ahead`, each once. Nobody was contacted on a day that is still to come. A customer has one open warning at
most; `goes_back_on` is the first day in the pool. `version` counts what was announced of a warning.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, String, Table

from services.customers.tables import METADATA

last_contacts = Table(
    "last_contacts",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("day", Date),
    Column("closed_deal", Boolean, nullable=False),
)

contacts_ahead = Table(
    "contacts_ahead",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("branch_id", String(36), nullable=False),
)

warnings = Table(
    "return_warnings",
    METADATA,
    Column("warning_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36), nullable=False),
    Column("owner_id", String(36), nullable=False),
    Column("idle_since", Date, nullable=False),
    Column("warned_on", Date, nullable=False),
    Column("goes_back_on", Date, nullable=False),
    Column("state", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('open', 'lifted', 'returned')", name="return_warnings_state"),
)
_OPEN = warnings.c.state == "open"
Index("return_warnings_open", warnings.c.customer_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("return_warnings_next", warnings.c.branch_id, warnings.c.goes_back_on, warnings.c.warning_id)
