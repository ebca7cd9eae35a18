"""Recording a fact in the transaction of what it announces. Nothing else publishes."""

import secrets
from typing import Any

from sqlalchemy import insert, text

from chassis.database.transaction import Transaction
from chassis.events.envelope import Envelope, digest_of_personal
from chassis.events.facts import About, Fact
from chassis.events.shapes import to_data
from chassis.events.tables import outbox

CHANNEL = "outbox"
_INSERT = insert(outbox).inline()  # nobody asks for `n`
_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', '')")
"""PostgreSQL tells the relay of another process."""


def record(tx: Transaction, fact: Fact, of: About) -> Envelope:
    """Announce `fact` when, and only when, `tx` commits."""
    data = to_data(fact)
    envelope = Envelope(
        id=tx.new_id(),
        source=tx.service,
        type=fact.TYPE,
        subject=of.subject,
        sequence=of.sequence,
        time=tx.recorded_at(),
        branch=of.branch,
        traceparent=tx.traceparent,
        data=data,
        personal_digest=_salt_personal(data),
    )
    row = {"id": envelope.id, "type": envelope.type, "body": envelope.to_json(), "recorded_at": envelope.time}
    tx.execute_later(_INSERT, row)
    tx.outbox_written()
    if tx.connection.dialect.name == "postgresql":
        tx.execute_at_commit(_NOTIFY)
    return envelope


def _salt_personal(data: dict[str, Any]) -> str | None:
    personal = data.get("personal")
    if personal is None:
        return None
    personal["salt"] = secrets.token_hex(16)
    return digest_of_personal(personal)
