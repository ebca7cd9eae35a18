"""Asking by conditions, and reading saved searches."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, RowMapping, Select, Subquery, bindparam, false, func, or_, select

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.fields.rules import Field
from services.customers.fields.views import fields_in_reach
from services.customers.files.tables import customers
from services.customers.files.views import in_reach, keeps_files, shown
from services.customers.finding.rules import MOST_COUNTED, sought
from services.customers.finding.tables import contact_days
from services.customers.finding.views import ids_of_hits
from services.customers.people.views import branch_of
from services.customers.searches.conditions import fitting, sorted_by
from services.customers.searches.rules import DETAIL, UnknownSearch, check_condition, kind_of, read
from services.customers.searches.tables import searches

_BY_NAME = (searches.c.name, searches.c.search_id)


def asked_page(tx: Transaction, who: Who, question: Mapping[str, Any], page: Mapping[str, Any]) -> Mapping[str, Any]:
    """The customers in reach who fit, in the order asked for, and how many there are.

    Raises UnknownField, RetiredField, ConditionNotPossible, BadCursor.
    """
    check_question(tx, who, question)
    rows = customers_asked_for(tx, who, question).subquery("sorted")
    found = paginate(tx, select(rows), order_of(question, rows), page, descending=question["descending"])
    is_all = page["after"] is None and found.next_after is None
    count = len(found.items) if is_all else _counted(tx, select(rows.c.customer_id))
    items = [shown(who, row) for row in found.items]
    counts = {"count": min(count, MOST_COUNTED), "is_more": count > MOST_COUNTED}
    return {"items": items, "next_after": found.next_after, **counts}


def check_question(tx: Transaction, who: Who, question: Mapping[str, Any]) -> None:
    """Raises UnknownField, RetiredField, ConditionNotPossible."""
    own = _made_here(tx, who, question)
    for condition in question["conditions"]:
        check_condition(condition, own)


def searches_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """One's own and those shared with one, by name."""
    rows = paginate(tx, scoped(searches, who).select().where(_may_use(who)), _BY_NAME, page)
    return Page([_read(row) for row in rows.items], rows.next_after)


def search_of(tx: Transaction, who: Who, search_id: str) -> Mapping[str, Any]:
    """A search of one's own or shared with one; raises UnknownSearch."""
    row = tx.execute(*_one(who, search=search_id)).mappings().one_or_none()
    if row is None:
        raise UnknownSearch
    return _read(row)


def _read(row: RowMapping) -> dict[str, Any]:
    return {**row, "question": read(row["question"])}


def _counted(tx: Transaction, rows: Select[Any]) -> int:
    """How many there are; of more than are counted, one more."""
    some = rows.limit(MOST_COUNTED + 1).subquery()
    count: int = tx.execute(select(func.count()).select_from(some)).scalar_one()
    return count


def _made_here(tx: Transaction, who: Who, question: Mapping[str, Any]) -> Mapping[str, Field]:
    """The company's own fields by `details.<id>`, if the question names any."""
    if not any(condition["field"].startswith(DETAIL) for condition in question["conditions"]):
        return {}
    return {f"{DETAIL}{field.field_id}": field for field in fields_in_reach(tx, who)}


def customers_asked_for(tx: Transaction, who: Who, question: Mapping[str, Any]) -> Select[Any]:
    """The customers in reach who fit, each with what the list is sorted by (`order_of`).

    check_question has let the question through, if not today: what it asks of a field retired since still holds.
    """
    own, today = _made_here(tx, who, question), branch_of(tx, who, who.branch_id or "").day(tx.now())
    dialect = tx.connection.dialect.name
    conditions = [fitting(who, dialect, one, kind_of(one["field"], own), today) for one in question["conditions"]]
    return (
        in_reach(who)
        .add_columns(*(column.label(name) for name, column in sorted_by(question["sort"]).items()))
        .outerjoin(scoped(contact_days, who).table, contact_days.c.customer_id == customers.c.customer_id)
        .where(*conditions, *_of_text(tx, who, question["text"]))
    )


def _of_text(tx: Transaction, who: Who, text: str | None) -> list[ColumnElement[bool]]:
    """Whom the search shows for what is typed: nobody for signs alone, everybody for nothing at all."""
    if not text:
        return []
    wanted = sought(text, keeps_files(who))
    return [customers.c.customer_id.in_(ids_of_hits(tx, who, wanted)) if wanted else false()]


def order_of(question: Mapping[str, Any], rows: Subquery) -> Sequence[Column[Any]]:
    """The columns by which the answer is sorted, unique together.

    Their names are in a cursor's seal: it is of no use in another order.
    """
    return cast(Sequence[Column[Any]], [rows.c[name] for name in (*sorted_by(question["sort"]), "customer_id")])


def _may_use(who: Who) -> ColumnElement[bool]:
    return or_(searches.c.owner_id == who.actor_id, searches.c.shared)


@prepared
def _one(who: Who) -> Select[Any]:
    return scoped(searches, who).select().where(searches.c.search_id == bindparam("search"), _may_use(who))
