"""Forfeits and suspensions.

Invariants: a forfeit counts until it is excused or spent by a suspension; nothing of it is deleted. A person has at
most one suspension that has not ended: whoever counts a forfeit locks the person's row first. A suspension without
`starts_at` waits for the end of the reception in progress. `version` rises with each event. `line_entry` is the number
of the register's entry by which the forfeit moved the person.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from chassis.database import Instant
from services.reception.tables import METADATA

forfeits = Table(
    "forfeits",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("evidence", String(120), nullable=False),
    Column("recorded_by", String(36), nullable=False),
    Column("line_entry", Integer, nullable=False),
    Column("excused_by", String(36)),
    Column("excused_at", Instant),
    Column("reason", Text),
    Column("suspension_id", String(36)),
    Column("version", Integer, nullable=False),
)
Index("forfeits_of_person", forfeits.c.branch_id, forfeits.c.staff_id, forfeits.c.at)
Index("forfeits_spent", forfeits.c.suspension_id)

suspensions = Table(
    "suspensions",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("hall_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("lasts", Integer, nullable=False),
    Column("starts_at", Instant),
    Column("ends_at", Instant),
    Column("ended_by", String(36)),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
)
Index("suspensions_of_person", suspensions.c.branch_id, suspensions.c.staff_id, suspensions.c.ends_at)
