"""The customers of an export: those that the list or the search shows to who asked, a few thousand at a time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, func, select

from chassis.database import Database, Transaction
from chassis.identity import Who
from services.customers.searches.views import check_question, customers_asked_for, sort_key


def how_many(tx: Transaction, who: Who, question: Mapping[str, Any], most: int) -> int:
    """How many there are, counted to one more than `most`.

    Raises UnknownField, RetiredField, ConditionNotPossible.
    """
    check_question(tx, who, question)
    found = customers_asked_for(tx, who, question).limit(most + 1).subquery()
    count: int = tx.execute(select(func.count()).select_from(found)).scalar_one()
    return count


def rows_of(
    database: Database, who: Who, question: Mapping[str, Any], most: int, at_once: int = 1_000
) -> Iterator[RowMapping]:
    """At most so many of them, in the order that they have now; who fits no more when it is their turn is left out.

    Each lot is read by itself, so that nobody waits for all.
    """
    with database.read() as tx:
        ids = _in_order(tx, who, question, most)
    for first in range(0, len(ids), at_once):
        with database.read() as tx:
            yield from _these(tx, who, question, ids[first : first + at_once])


def _in_order(tx: Transaction, who: Who, question: Mapping[str, Any], most: int) -> Sequence[str]:
    """Sorted once: a lot that began after the last one of the lot before would be looked for among all."""
    rows = customers_asked_for(tx, who, question).subquery("sorted")
    keys = rows.c[sort_key(question)], rows.c.customer_id
    ordered = (key.desc() if question["descending"] else key for key in keys)
    return tx.execute(select(rows.c.customer_id).order_by(*ordered).limit(most)).scalars().all()


def _these(tx: Transaction, who: Who, question: Mapping[str, Any], ids: Sequence[str]) -> list[RowMapping]:
    rows = customers_asked_for(tx, who, question).subquery("sorted")
    found = tx.execute(select(rows).where(rows.c.customer_id.in_(ids))).mappings()
    by_id = {row["customer_id"]: row for row in found}
    return [by_id[one] for one in ids if one in by_id]
