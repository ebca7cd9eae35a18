"""The customers of an export: those that the list or the search shows to who asked, a few thousand at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import RowMapping, Select, func, select

from chassis.database import Database, Transaction, scoped
from chassis.identity import Reach, Who
from services.customers.files.tables import customers
from services.customers.people.views import of_people_in_reach
from services.customers.searches.views import check_question, customers_asked_for, order_of


@dataclass(frozen=True)
class Asked:
    """What `who` asks for, and how far of what they see it may go out."""

    who: Who
    scope: Reach
    question: Mapping[str, Any]


def how_many(tx: Transaction, asked: Asked, most: int) -> int:
    """How many there are, counted to one more than `most`.

    Raises UnknownField, RetiredField, ConditionNotPossible.
    """
    check_question(tx, asked.who, asked.question)
    found = _all(tx, asked).limit(most + 1).subquery()
    count: int = tx.execute(select(func.count()).select_from(found)).scalar_one()
    return count


def rows_of(database: Database, asked: Asked, most: int, at_once: int = 1_000) -> Iterator[RowMapping]:
    """At most so many of them, in the order that they have now; who fits no more when it is their turn is left out.

    Each lot is read by itself, so that nobody waits for all.
    """
    with database.read() as tx:
        ids = _in_order(tx, asked, most)
    for first in range(0, len(ids), at_once):
        with database.read() as tx:
            yield from _these(tx, asked, ids[first : first + at_once])


def _all(tx: Transaction, asked: Asked) -> Select[Any]:
    """What is typed means whom it means on the page; those beyond the scope are left out of these."""
    asker = replace(asked.who, reach=asked.scope)
    within = scoped(customers, asker).visible, of_people_in_reach(asker, customers.c.owner_id)
    return customers_asked_for(tx, asked.who, asked.question).where(*within)


def _in_order(tx: Transaction, asked: Asked, most: int) -> Sequence[str]:
    """Sorted once: a lot that began after the last one of the lot before would be looked for among all."""
    question, rows = asked.question, _all(tx, asked).subquery("sorted")
    ordered = (key.desc() if question["descending"] else key for key in order_of(question, rows))
    return tx.execute(select(rows.c.customer_id).order_by(*ordered).limit(most)).scalars().all()


def _these(tx: Transaction, asked: Asked, ids: Sequence[str]) -> list[RowMapping]:
    rows = _all(tx, asked).subquery("sorted")
    found = tx.execute(select(rows).where(rows.c.customer_id.in_(ids))).mappings()
    by_id = {row["customer_id"]: row for row in found}
    return [by_id[one] for one in ids if one in by_id]
