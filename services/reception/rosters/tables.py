"""The roster of a hall.

Invariants: a hall's weekly roster is replaced as a whole and `rosters.version` rises with it. A person has at most one
row per hall and day in `roster_days`: it takes the week's place on that day, and `hours` None gives the day back to the
week. A closed day has a row, with `opened_at` once it was opened again. `since` is when a shift came to stand in the
roster (None: before that was noted).
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from chassis.database import Instant, Json
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
    Column("since", Instant),
    CheckConstraint("weekday BETWEEN 1 AND 7", name="shifts_weekday"),
    CheckConstraint("starts BETWEEN 0 AND 1439 AND ends BETWEEN 0 AND 1440", name="shifts_minutes"),
)
Index("shifts_of_person", shifts.c.hall_id, shifts.c.staff_id)

roster_days = Table(
    "roster_days",
    METADATA,
    Column("hall_id", String(36), ForeignKey("halls.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("staff_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hours", Json),
    Column("swapped_with", String(36)),
    Column("reason", Text, nullable=False),
    Column("made_by", String(36), nullable=False),
    Column("since", Instant, nullable=False),
)

closed_days = Table(
    "closed_days",
    METADATA,
    Column("hall_id", String(36), ForeignKey("halls.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("reason", Text, nullable=False),
    Column("closed_by", String(36), nullable=False),
    Column("closed_at", Instant, nullable=False),
    Column("opened_by", String(36)),
    Column("opened_at", Instant),
)
