"""A service's own published events in their positions: for rebuilding a reader, inside only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from chassis.database import Transaction
from chassis.events.tables import outbox


@dataclass(frozen=True)
class Published:
    """One published event: its position in this service's feed, and its JSON text."""

    position: int
    body: str


@dataclass(frozen=True)
class Page:
    """Some events, and the last position that was looked at: ask again after it."""

    events: tuple[Published, ...]
    next_after: int


def page(tx: Transaction, after: int = 0, types: Sequence[str] = (), limit: int = 500) -> Page:
    """The next published events after a position, oldest first; `types` empty: of all types.

    Positions are given under one lock and become visible in their order: who has read up to a position has missed
    nothing before it. The end is reached when `next_after` is `after`.
    """
    scanned = tx.execute(_scan(after, limit)).all()
    wanted = tuple(Published(row.position, row.body) for row in scanned if not types or row.type in types)
    return Page(wanted, scanned[-1].position if scanned else after)


def _scan(after: int, limit: int) -> Select[Any]:
    columns = (outbox.c.position, outbox.c.type, outbox.c.body)
    return select(*columns).where(outbox.c.position > after).order_by(outbox.c.position).limit(limit)
