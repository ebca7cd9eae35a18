"""What roles may export, and what was exported.

Invariants: `export_rights` holds what headquarters has changed; a role without a row has what holds from the beginning.
An export says who asked (as they stood then), what for, and what they were let have: that stays. Its file and its
question, which may name somebody, go after a time, and when a customer is erased who may stand in them. `rows` is how
many customers the finished file holds.
"""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from chassis.database import Instant, Json
from services.customers.tables import METADATA

export_rights = Table(
    "export_rights",
    METADATA,
    Column("role", String(40), primary_key=True),
    Column("allowed", Boolean, nullable=False),
    Column("scope", String(8), nullable=False),
    Column("fields", Json, nullable=False),
    Column("whole_phones", Boolean, nullable=False),
    Column("most_rows", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

exports = Table(
    "exports",
    METADATA,
    Column("export_id", String(36), primary_key=True),
    Column("branch_id", String(36)),
    Column("job_id", String(36), nullable=False),
    Column("asked_by", String(36), nullable=False),
    Column("asker", Json, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("question", Json),
    Column("fields", Json, nullable=False),
    Column("whole_phones", Boolean, nullable=False),
    Column("most_rows", Integer, nullable=False),
    Column("titles", Json, nullable=False),
    Column("words", Json, nullable=False),
    Column("total", Integer, nullable=False),
    Column("rows", Integer),
    Column("content", LargeBinary),
    Column("version", Integer, nullable=False),
)
Index("exports_of_asker", exports.c.asked_by, exports.c.asked_at)
Index("exports_kept", exports.c.asked_at)
