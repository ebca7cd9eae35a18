"""The customers of an export: those that the list or the search shows to who asked, a few thousand at a time."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import RowMapping, func, literal, select, tuple_

from chassis.database import Database, Transaction
from chassis.identity import Who
from services.customers.searches.views import customers_asked_for, sort_key


def how_many(tx: Transaction, who: Who, question: Mapping[str, Any], most: int) -> int:
    """How many there are, counted to one more than `most`; raises UnknownField, ConditionNotPossible."""
    found = customers_asked_for(tx, who, question).limit(most + 1).subquery()
    count: int = tx.execute(select(func.count()).select_from(found)).scalar_one()
    return count


def rows_of(
    database: Database, who: Who, question: Mapping[str, Any], most: int, at_once: int = 2_000
) -> Iterator[RowMapping]:
    """At most so many of them, in the order asked for; each lot is read by itself, so that nobody waits for all."""
    last: RowMapping | None = None
    left = most
    while left > 0:
        with database.read() as tx:
            some = _following(tx, who, question, last, min(left, at_once))
        yield from some
        if len(some) < at_once:
            return
        left, last = left - len(some), some[-1]


def _following(
    tx: Transaction, who: Who, question: Mapping[str, Any], last: RowMapping | None, count: int
) -> list[RowMapping]:
    """So many after the last one (None: the first ones)."""
    rows = customers_asked_for(tx, who, question).subquery("sorted")
    keys = rows.c[sort_key(question)], rows.c.customer_id
    wanted = select(rows).order_by(*(key.desc() if question["descending"] else key for key in keys)).limit(count)
    if last is not None:
        reached = tuple_(*(literal(last[key.name], key.type) for key in keys))
        beyond = tuple_(*keys) < reached if question["descending"] else tuple_(*keys) > reached
        wanted = wanted.where(beyond)
    return list(tx.execute(wanted).mappings())
