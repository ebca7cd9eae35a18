"""The jobs of one service.

Invariants: (name, key) is unique, so that one thing is done once however often it is asked for; a periodic job's key is
the moment it is due. `running` belongs to `holder` until `lease_until`; after that anyone may take it. `not_before` and
`lease_until` are wall-clock times: a business clock that stands still holds nothing up.
"""

from sqlalchemy import CheckConstraint, Column, Index, Integer, String, Table, Text, UniqueConstraint

from chassis.database.types import Instant, Json
from chassis.furniture import FURNITURE

jobs = Table(
    "jobs",
    FURNITURE,
    Column("id", String(36), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("key", String(120), nullable=False),
    Column("payload", Json, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant),
    Column("holder", String(36)),
    Column("lease_until", Instant),
    Column("progress", Json),
    Column("result", Json),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    UniqueConstraint("name", "key"),
    CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="jobs_state"),
)
Index("jobs_open", jobs.c.state, jobs.c.id)
