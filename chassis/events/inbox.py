"""Which events this service is done with.

An id stands here if, and only if, what it caused was committed, or people decided that it shall cause nothing.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, text

from chassis.database import Instant, Transaction
from chassis.events.envelope import Envelope

_ENTER = {
    "sqlite": text(
        "INSERT INTO inbox (source, event_id, received_at)"
        " SELECT value ->> 0, value ->> 1, :now FROM json_each(:pairs) WHERE true"
        " ON CONFLICT DO NOTHING RETURNING source, event_id"
    ).bindparams(bindparam("now", type_=Instant)),
    "postgresql": text(
        "INSERT INTO inbox (source, event_id, received_at)"
        " SELECT pair ->> 0, pair ->> 1, :now FROM jsonb_array_elements(CAST(:pairs AS jsonb)) AS pair"
        " ON CONFLICT DO NOTHING RETURNING source, event_id"
    ).bindparams(bindparam("now", type_=Instant)),
}


def enter(tx: Transaction, envelopes: Sequence[Envelope], now: datetime) -> list[Envelope]:
    """Enter the events and answer those not handled before, each once, in their order.

    Another transaction that handles the same event at the same moment is waited for: one of the two handles it.
    """
    pairs = json.dumps(sorted({(envelope.source, envelope.id) for envelope in envelopes}))
    statement = _ENTER[tx.connection.dialect.name]
    new = {(row.source, row.event_id) for row in tx.execute(statement, {"pairs": pairs, "now": now})}
    return [envelope for envelope in envelopes if _was_in(new, envelope)]


def _was_in(new: set[tuple[str, str]], envelope: Envelope) -> bool:
    """Take the event out of `new`, so that its second delivery in one batch is not handled again."""
    key = (envelope.source, envelope.id)
    if key not in new:
        return False
    new.discard(key)
    return True
