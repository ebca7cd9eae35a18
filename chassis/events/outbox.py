"""Recording a fact in the transaction of what it announces. Nothing else publishes."""

import secrets
from typing import Any

from sqlalchemy import insert, text

from chassis.database.transaction import Transaction
from chassis.events import tables
from chassis.events.envelope import Envelope, digest_of_personal
from chassis.events.facts import About, Fact
from chassis.events.shapes import to_data

CHANNEL = "outbox"
NOTIFY = text(f"NOTIFY {CHANNEL}")
_INSERT = insert(tables.outbox)


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
    tx.execute(_INSERT, row)
    _wake_relay(tx)
    return envelope


def _wake_relay(tx: Transaction) -> None:
    """At the commit wake the relay: by a signal in this process, through PostgreSQL (once per commit) in others."""
    tx.outbox_written()
    if tx.connection.dialect.name == "postgresql":
        tx.execute(NOTIFY)


def _salt_personal(data: dict[str, Any]) -> str | None:
    personal = data.get("personal")
    if personal is None:
        return None
    personal["salt"] = secrets.token_hex(16)
    return digest_of_personal(personal)
