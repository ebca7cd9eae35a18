"""Reading the log as who asks may see it.

An event of the whole company (without branch: people of headquarters) is seen by those alone who see all branches; none
is declared public.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from chassis.database import Transaction, scoped
from chassis.identity import Who, system
from gateway.feed.rules import Entry, ids_in, shown
from gateway.feed.tables import event_log, event_log_head

_EVERYONE = system("gateway", None)
_ENTRY = (event_log.c.position, event_log.c.type, event_log.c.subject, event_log.c.branch_id, event_log.c.body)


@dataclass(frozen=True)
class Page:
    """Events after a position, and the last position looked at: also behind events of others."""

    items: list[dict[str, Any]]
    scanned: int


def page(tx: Transaction, who: Who, after: int, types: Sequence[str], limit: int) -> Page:
    """Up to `limit` events after `after`, in their order."""
    rows = tx.execute(_after(who, (event_log.c.position, event_log.c.body), after, types, limit)).all()
    personal = reads_personal(who)
    last = rows[-1].position if len(rows) == limit else max(after, head(tx))
    return Page([shown(row.body, personal) for row in rows], last)


def reads_personal(who: Who) -> bool:
    """Whether whole phones of all in reach are for `who` to read: who keeps their files, as in the customers' service.

    Who sees customers alone reads their phones masked there, and a whole one on record.
    """
    return who.may("customers.edit") and who.reach in ("branch", "all")


def entries(tx: Transaction, who: Who, after: int, limit: int) -> list[Entry]:
    """Up to `limit` entries after `after`, in their order."""
    rows = tx.execute(_after(who, _ENTRY, after, (), limit))
    return [Entry(row.position, row.type, row.subject, row.branch_id, ids_in(row.body)) for row in rows]


def all_entries(tx: Transaction, after: int, limit: int) -> list[Entry]:
    """The same for the one who tells everybody."""
    return entries(tx, _EVERYONE, after, limit)


def head(tx: Transaction) -> int:
    """The position of the last event; 0 before the first."""
    return tx.execute(select(event_log_head.c.position)).scalar_one_or_none() or 0


def _after(who: Who, columns: Sequence[Any], after: int, types: Sequence[str], limit: int) -> Select[Any]:
    query = scoped(event_log, who).select(*columns).where(event_log.c.position > after)
    if types:
        query = query.where(event_log.c.type.in_(types))
    return query.order_by(event_log.c.position).limit(limit)
