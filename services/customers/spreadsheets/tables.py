"""Imports, the fate of each of their rows, and the rows that came in.

Invariants: a row that came in stands in `sheet_rows` once per branch under its key (the file's SHA-256, a colon, its
number), so the same file twice adds nothing. The fate of each row of each import is written in the transaction that
decided it; before it is begun, the fates are those of its last trial (`trial_id`), which wrote nothing else. `fields`
says what each column is read as, by its place. An import keeps the file until it is done, and of the rows that it
refused the cells, so that they can be corrected; for a time. `version` counts what was announced.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from chassis.database import Instant, Json
from services.customers.tables import METADATA

imports = Table(
    "imports",
    METADATA,
    Column("import_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("job_id", String(36)),
    Column("trial_id", String(36)),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary),
    Column("titles", Json, nullable=False, server_default=text("'[]'")),
    Column("fields", Json, nullable=False, server_default=text("'[]'")),
    Column("samples", Json, nullable=False, server_default=text("'[]'")),
    Column("total", Integer, nullable=False),
    Column("requested_by", String(36), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("1")),
)
Index("imports_kept", imports.c.requested_at)

import_rows = Table(
    "import_rows",
    METADATA,
    Column("import_id", String(36), ForeignKey("imports.import_id"), primary_key=True),
    Column("row_number", Integer, primary_key=True, autoincrement=False),
    Column("branch_id", String(36), nullable=False),
    Column("fate", String(16), nullable=False),
    Column("reason", String(40)),
    Column("reason_column", Text),
    Column("warnings", Json, nullable=False),
    Column("customer_id", String(36)),
    Column("code", String(20)),
    Column("like_row", Integer),
    Column("cells", Json),
    CheckConstraint("(fate = 'refused') = (reason IS NOT NULL)", name="import_rows_reason"),
)

sheet_rows = Table(
    "sheet_rows",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("row_key", String(80), primary_key=True),
    Column("customer_id", String(36)),
    Column("imported_at", Instant, nullable=False),
)
Index("sheet_rows_of_customer", sheet_rows.c.branch_id, sheet_rows.c.customer_id)
