"""After a restore: events that were on their way when the backup was made are given to their readers again.

A backup holds the databases and not the broker. What was published and not yet handled then, because it waited in a
queue, for its next attempt, or on the wire, is in the announcer's outbox alone. No event is lost over a restore and
none is applied twice: what a reader subscribes to and has in no state yet goes into its `pending` table, from which
its consumer takes it as from any mailbox; what is not published yet goes out by the relay, as ever.

This holds as long as an inbox forgets nothing that an outbox still knows.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, insert, select, union_all

from chassis.database import Database, Transaction
from chassis.events.tables import dead_letters, inbox, outbox, pending

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_KNOWN = union_all(  # a dead letter counts whatever was decided about it: retried, it stands in one of the others
    select(inbox.c.event_id).where(inbox.c.source == bindparam("source"), inbox.c.event_id.in_(_IDS)),
    select(pending.c.event_id).where(pending.c.event_id.in_(_IDS)),
    select(dead_letters.c.id).where(dead_letters.c.id.in_(_IDS)),
)
_BODIES = select(outbox.c.id, outbox.c.body).where(outbox.c.id.in_(_IDS)).order_by(outbox.c.n)


def enter_again(
    announcer: Database, reader: Database, types: Sequence[str], now: datetime, page_size: int = 500
) -> int:
    """Give `reader` each published event of `announcer` of `types` that it does not know; answers how many.

    For databases of a system that does not run. `now` is the machine's time: they are due at once. One page is in
    memory at a time; doing it again, also after being cut off, adds nothing.
    """
    entered, after = 0, 0
    while True:
        with announcer.read() as tx:
            page = tx.execute(_published(types, after, page_size)).all()
        if not page:
            return entered
        entered += _enter(announcer, reader, page, now)
        after = page[-1].n


def _published(types: Sequence[str], after: int, limit: int) -> Select[Any]:
    wanted = () if "#" in types else (outbox.c.type.in_(types),)
    query = select(outbox.c.n, outbox.c.id).where(outbox.c.position.is_not(None), outbox.c.n > after, *wanted)
    return query.order_by(outbox.c.n).limit(limit)


def _enter(announcer: Database, reader: Database, page: Sequence[Row[Any]], now: datetime) -> int:
    ids = [row.id for row in page]
    with reader.read() as tx:
        known = set(tx.execute(_KNOWN, {"ids": ids, "source": announcer.service}).scalars())
    missing = [identifier for identifier in ids if identifier not in known]
    if missing:
        with announcer.read() as tx:
            rows = _rows(tx, missing, now)
        with reader.write() as tx:
            tx.execute(insert(pending), rows)
    return len(missing)


def _rows(tx: Transaction, ids: Sequence[str], now: datetime) -> list[dict[str, Any]]:
    return [
        {"event_id": row.id, "body": row.body, "attempts": 0, "due_at": now}
        for row in tx.execute(_BODIES, {"ids": ids})
    ]
