"""The draws from the pool: the next one of each branch, promised, and all that were done.

Invariants: a branch has one promised draw at most, the last of its `n`. `commitment` is the SHA-256 of `seed` and is
announced before the draw; the seed is shown only once `drawn_at` is set, and from then on the row is never changed (the
database refuses). `candidates` and `given` are lists of customer ids.
"""

from sqlalchemy import Column, Date, Index, Integer, String, Table, UniqueConstraint

from chassis.database import Instant, Json
from chassis.database.append_only import append_only
from services.customers.tables import METADATA

draws = append_only(
    Table(
        "draws",
        METADATA,
        Column("draw_id", String(36), primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("n", Integer, nullable=False),
        Column("commitment", String(64), nullable=False),
        Column("seed", String(72), nullable=False),
        Column("promised_at", Instant, nullable=False),
        Column("drawn_at", Instant),
        Column("local_day", Date),
        Column("drawer_id", String(36)),
        Column("wanted", Integer),
        Column("limited_by", Json),
        Column("candidates", Json),
        Column("given", Json),
        Column("many", Integer),
        UniqueConstraint("branch_id", "n"),
    ),
    update="OLD.drawn_at IS NULL AND NEW.seed = OLD.seed AND NEW.commitment = OLD.commitment",
)
_PROMISED = draws.c.drawn_at.is_(None)
Index("draws_promised", draws.c.branch_id, unique=True, sqlite_where=_PROMISED, postgresql_where=_PROMISED)
Index("draws_of_day", draws.c.branch_id, draws.c.drawer_id, draws.c.local_day)
