"""The roster, and who was on duty when.

Invariants: a hall's roster is replaced as a whole and `rosters.version` rises with it. A person is on duty in one hall
at a time: the database refuses a second open row.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table

from chassis.database import Instant
from services.reception.tables import METADATA

rosters = Table(
    "rosters",
    METADATA,
    Column("hall_id", String(36), ForeignKey("halls.id"), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("version", Integer, nullable=False),
)

shifts = Table(
    "shifts",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), ForeignKey("halls.id"), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("starts", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    CheckConstraint("weekday BETWEEN 1 AND 7", name="shifts_weekday"),
    CheckConstraint("starts BETWEEN 0 AND 1439 AND ends BETWEEN 0 AND 1440", name="shifts_minutes"),
)
Index("shifts_of_person", shifts.c.hall_id, shifts.c.staff_id)

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
    Column("version", Integer, nullable=False),
)
_OPEN = attendances.c.clocked_out_at.is_(None)
Index("attendances_open", attendances.c.staff_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
