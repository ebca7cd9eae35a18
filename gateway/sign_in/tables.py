"""Sessions, personal PINs and sign-in attempts.

Invariants: only a token's fingerprint is stored. A session lives while it is not expired, not revoked, its person is
active and has the `generation` it was opened with. A PIN opens nothing by itself: it is asked for at a tablet that is
signed in. An attempt is stored before the password is looked at and removed when it proved right, so that what is
counted is never less than what failed. Keys of attempts are fingerprints: people type passwords into the wrong field.
`attempt_turns` holds one row per key, locked while attempts are counted.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from chassis.database import Instant
from gateway.tables import METADATA

sessions = Table(
    "sessions",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36)),
    Column("staff_id", String(36), ForeignKey("staff.id"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("generation", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
Index("sessions_by_expiry", sessions.c.expires_at)

pins = Table(
    "pins",
    METADATA,
    Column("staff_id", String(36), ForeignKey("staff.id"), primary_key=True),
    Column("branch_id", String(36)),
    Column("pin_hash", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
)

attempts = Table(
    "sign_in_attempts",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)
Index("attempts_of_key", attempts.c.key, attempts.c.at)
Index("attempts_by_age", attempts.c.at)

attempt_turns = Table(
    "sign_in_turns",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)
