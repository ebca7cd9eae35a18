"""Who was on duty when, who was missing, leave, and the lines that were drawn by lot.

Invariants: a person is on duty in one hall at a time: the database refuses a second open row. `late_by` is in whole
seconds, 0 unless it is the first clock-in of its shift. An absence stands once for a shift and is never deleted. A
hall's line is drawn once a day. A leave's reasons are personal.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from chassis.database import Instant, Json
from services.reception.tables import METADATA

attendances = Table(
    "attendances",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), ForeignKey("halls.id"), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("local_day", Date, nullable=False),
    Column("shift_starts_at", Instant, nullable=False),
    Column("clocked_in_at", Instant, nullable=False),
    Column("clocked_out_at", Instant),
    Column("late_by", Integer, nullable=False, server_default=text("0")),
    Column("version", Integer, nullable=False),
)
_OPEN = attendances.c.clocked_out_at.is_(None)
Index("attendances_open", attendances.c.staff_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("attendances_of_day", attendances.c.hall_id, attendances.c.local_day)
Index("attendances_of_shift", attendances.c.hall_id, attendances.c.shift_starts_at)
Index("attendances_of_person", attendances.c.branch_id, attendances.c.staff_id, attendances.c.clocked_in_at)

absences = Table(
    "absences",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), ForeignKey("halls.id"), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("local_day", Date, nullable=False),
    Column("shift_starts_at", Instant, nullable=False),
    Column("shift_ends_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("hall_id", "staff_id", "shift_starts_at", name="absences_once"),
    CheckConstraint("state IN ('found','cancelled')", name="absences_state"),
)
Index("absences_of_person", absences.c.branch_id, absences.c.staff_id, absences.c.shift_starts_at)
Index("absences_of_day", absences.c.hall_id, absences.c.local_day)

leaves = Table(
    "leaves",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("decided_because", Text),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('asked','approved','refused')", name="leaves_state"),
)
Index("leaves_of_person", leaves.c.branch_id, leaves.c.staff_id, leaves.c.ends_at)

draws = Table(
    "draws",
    METADATA,
    Column("hall_id", String(36), ForeignKey("halls.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("seed", String(36), nullable=False),
    Column("people", Json, nullable=False),
    Column("line_entry", Integer, nullable=False),
    Column("drawn_at", Instant, nullable=False),
)
