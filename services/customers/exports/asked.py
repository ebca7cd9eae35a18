"""The customers of an export: those that the list or the search shows to who asked, a few thousand at a time."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import RowMapping, Select, func, select, tuple_

from chassis.database import Database, Transaction
from chassis.identity import Who
from services.customers.files.tables import customers
from services.customers.files.views import in_reach, shown_for

_AT_ONCE = 2_000
_LIST_ORDER = (customers.c.registered_at, customers.c.customer_id)


def wanted(who: Who, question: Mapping[str, Any]) -> Select[Any]:
    """The customers in reach whom the question asks for."""
    return in_reach(who).where(*shown_for(question))


def how_many(tx: Transaction, who: Who, question: Mapping[str, Any], most: int) -> int:
    """How many there are, counted to one more than `most`."""
    found = wanted(who, question).with_only_columns(customers.c.customer_id).limit(most + 1)
    count: int = tx.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    return count


def rows_of(database: Database, who: Who, question: Mapping[str, Any], most: int) -> Iterator[RowMapping]:
    """At most so many of them, the last registered first; each lot is read by itself, so that nobody waits for all."""
    ordered = wanted(who, question).order_by(*(column.desc() for column in _LIST_ORDER))
    following, left = ordered, most
    while left > 0:
        with database.read() as tx:
            some = tx.execute(following.limit(min(left, _AT_ONCE))).mappings().all()
        yield from some
        if len(some) < _AT_ONCE:
            return
        left -= len(some)
        last = some[-1]
        following = ordered.where(tuple_(*_LIST_ORDER) < tuple_(last["registered_at"], last["customer_id"]))
