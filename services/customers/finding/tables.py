"""What customers are found by, and when they were last and are next to be contacted.

Invariants: each file has one row here, written in the transaction of the file: whose it is, where it stands in lists,
and its texts in plain form. `parts` says what each room has added, under `merged` what is told of those merged into the
customer; `texts` and `phones` are all parts together, one text a line. What is found by the index is compared with
them: the index may know too much, never too little. On PostgreSQL the index is `grams` under GIN, on SQLite the table
`finding_grams` (index.py) under `n`; both hold exactly the grams of the row as it stands. `contact_days` is a copy from
follow-ups' events.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text, insert
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.database import Instant, Json
from services.customers.finding import index
from services.customers.tables import METADATA

finding = Table(
    "finding",
    METADATA,
    Column("n", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    Column("customer_id", String(36), nullable=False, unique=True),
    Column("branch_id", String(36), nullable=False),
    Column("owner_id", String(36)),
    Column("registered_at", Instant, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("texts", Text, nullable=False),
    Column("phones", Text, nullable=False),
    Column("parts", Json, nullable=False),
    Column("grams", Text().with_variant(ARRAY(Integer), "postgresql")),
)
Index("finding_newest", finding.c.branch_id, finding.c.registered_at, finding.c.customer_id)
Index("finding_newest_of_all", finding.c.registered_at, finding.c.customer_id)
Index("finding_of_owner", finding.c.branch_id, finding.c.owner_id)
by_grams = Index(
    "finding_by_grams",
    finding.c.grams,
    postgresql_using="gin",
    postgresql_with={"fastupdate": "on", "gin_pending_list_limit": index.WAITING},
    sqlite_where=finding.c.grams.is_not(None),  # of no row there
)
index.declare(finding)
NEW = insert(finding).inline()  # nobody asks for `n`

contact_days = Table(
    "contact_days",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("last_contact", Date),
    Column("next_contact", Date),
    Column("sequence", Integer, nullable=False),
)
