"""Outbox, relay lease, inbox, pending and dead letters, and who is to be forgotten.

Invariants: an outbox row is written in the transaction of what it announces and is never changed but for `position`,
which is unique and set once, when the bus has made the event durable, and for the personal part of `body`, which may be
forgotten. `relay_lease` has at most one row: who relays.
An inbox row is written in the transaction of what its event caused, or of the decision that it shall cause nothing.
`n` orders rows as they were written here and means nothing elsewhere. `forgotten` holds ids of whom no event is stored
with its personal part any more; a row stays for ever, and says nothing of anybody.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from chassis.database.types import Instant
from chassis.furniture import FURNITURE

Serial = BigInteger().with_variant(Integer(), "sqlite")

outbox = Table(
    "outbox",
    FURNITURE,
    Column("n", Serial, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("type", String(80), nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("position", BigInteger, unique=True),
)
Index(
    "outbox_unpublished",
    outbox.c.n,
    sqlite_where=outbox.c.position.is_(None),
    postgresql_where=outbox.c.position.is_(None),
)

relay_lease = Table(
    "relay_lease",
    FURNITURE,
    Column("id", Integer, CheckConstraint("id = 1", name="relay_lease_one"), primary_key=True, autoincrement=False),
    Column("holder", String(36), nullable=False),
    Column("until", Instant, nullable=False),
)

inbox = Table(
    "inbox",
    FURNITURE,
    Column("source", String(40), primary_key=True),
    Column("event_id", String(36), primary_key=True),
    Column("received_at", Instant, nullable=False),
)

pending = Table(
    "pending",
    FURNITURE,
    Column("n", Serial, primary_key=True, autoincrement=True),
    Column("event_id", String(36), nullable=False, unique=True),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
)
Index("pending_due", pending.c.due_at, pending.c.n)

dead_letters = Table(
    "dead_letters",
    FURNITURE,
    Column("id", String(36), primary_key=True),
    Column("type", String(80), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("parked_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),  # parked, retried, discarded
    Column("decided_by", String(36)),
    Column("reason", Text),
    Column("decided_at", Instant),
    Column("branch_id", String(36)),  # null: the event concerns the whole company, or could not be read
)

forgotten = Table(
    "forgotten",
    FURNITURE,
    Column("id", String(36), primary_key=True),
    Column("at", Instant, nullable=False),
)
