"""Corrections of deals, as they were asked for and decided.

Invariants: what was asked, and what stood then, is never changed; a correction is decided once; of a deal at most one
waits. Only a signed one has an effect: it stands in `corrected_deals` too. `amount` is cents. `reason` and `answer` are
personal data: they may be erased.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, Integer, String, Table, Text, Time

from chassis.database import Instant
from chassis.database.append_only import append_only, untouched
from services.followups.tables import METADATA

deal_corrections = Table(
    "deal_corrections",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("deal_id", String(36), nullable=False),
    Column("deal_date_before", Date, nullable=False),
    Column("signed_time_before", Time),
    Column("amount_before", BigInteger),
    Column("deal_date", Date, nullable=False),
    Column("signed_time", Time),
    Column("amount", BigInteger),
    Column("reason", Text),
    Column("asked_by", String(36), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("decided_by", String(36)),
    Column("decided_at", Instant),
    Column("answer", Text),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('asked', 'signed', 'refused')", name="deal_corrections_state"),
    CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="deal_corrections_decided"),
    CheckConstraint("decided_by <> asked_by", name="deal_corrections_by_another"),
)
_OF_DECIDING = ("state", "decided_by", "decided_at", "answer", "version")
_OF_ERASING = ("reason", "answer")


_DECIDED = f"OLD.state = 'asked' AND {untouched(deal_corrections, *_OF_DECIDING)}"
_ERASED = " AND ".join([*(f"NEW.{name} IS NULL" for name in _OF_ERASING), untouched(deal_corrections, *_OF_ERASING)])
append_only(deal_corrections, update=f"({_DECIDED}) OR ({_ERASED})")
_WAITS = deal_corrections.c.state == "asked"
Index("deal_corrections_waiting", deal_corrections.c.deal_id, unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS)
Index("deal_corrections_of_branch", deal_corrections.c.branch_id, deal_corrections.c.asked_at, deal_corrections.c.id)
