"""The gateway's own log of events, and the key of its cursors.

Invariants: positions rise without gap in the order of commits, as each transaction raises `event_log_head` under its
lock before it writes: who has seen position n has seen all before it. An event stands here once. Rows do not change but
that the personal part of `body` goes when whom it names is erased.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from gateway.tables import METADATA

event_log = Table(
    "event_log",
    METADATA,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(40), nullable=False),
    Column("event_id", String(36), nullable=False),
    Column("type", String(80), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("branch_id", String(36)),
    Column("body", Text, nullable=False),
)
Index("event_log_once", event_log.c.source, event_log.c.event_id, unique=True)
Index("event_log_of_branch", event_log.c.branch_id, event_log.c.position)

event_log_head = Table(
    "event_log_head",
    METADATA,
    Column("id", Integer, primary_key=True),  # always 1
    Column("position", BigInteger, nullable=False),
)

cursor_keys = Table(
    "cursor_keys",
    METADATA,
    Column("id", Integer, primary_key=True),  # always 1
    Column("key", LargeBinary, nullable=False),
)
