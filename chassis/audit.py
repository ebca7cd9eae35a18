"""The audit trail: who did what to which subject, written in the transaction of the deed itself.

Invariant: rows are never changed and never deleted (the database refuses). `details` holds codes, ids and numbers, and
nothing that identifies a person: the trail outlives every erasure.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, insert

from chassis.database.append_only import append_only
from chassis.database.transaction import Transaction
from chassis.database.types import Instant, Json
from chassis.furniture import FURNITURE
from chassis.identity import Who

audit_trail = append_only(
    Table(
        "audit_trail",
        FURNITURE,
        Column("n", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
        Column("at", Instant, nullable=False),
        Column("actor_id", String(36), nullable=False),
        Column("actor_kind", String(8), nullable=False),
        Column("role", String(40), nullable=False),
        Column("branch_id", String(36)),
        Column("action", String(80), nullable=False),
        Column("subject", String(120), nullable=False),
        Column("details", Json, nullable=False),
        Column("traceparent", String(64)),
    )
)
Index("audit_trail_subject", audit_trail.c.subject, audit_trail.c.n)
_INSERT = insert(audit_trail)


def note(tx: Transaction, who: Who, action: str, subject: str, branch_id: str | None, **details: Any) -> None:
    """Write down that `who` did `action` (`line.reordered`) to `subject` (`line/<id>`) of a branch (None: company)."""
    row = {
        "at": tx.recorded_at(),
        "actor_id": who.actor_id,
        "actor_kind": who.kind,
        "role": who.role,
        "branch_id": branch_id,
        "action": action,
        "subject": subject,
        "details": details,
        "traceparent": tx.traceparent,
    }
    tx.execute(_INSERT, row)
