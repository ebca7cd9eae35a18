"""Conditions as SQL: where each field stands, and what makes a customer fit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, func, literal, or_, true

from services.customers.files.tables import customers
from services.customers.finding.tables import contact_days
from services.customers.searches.rules import DETAIL, Kind, days_of

_DOCUMENTS = {DETAIL: customers.c.details, "demand.": customers.c.demand}
_ELSEWHERE: Mapping[str, ColumnElement[Any]] = {
    "last_contact": contact_days.c.last_contact,
    "next_contact": contact_days.c.next_contact,
    "registered": customers.c.local_day,
}
_LONG_AGO = date(1, 1, 1)


def fitting(condition: Mapping[str, Any], kind: Kind, today: date) -> ColumnElement[bool]:
    """The condition, which check_condition has let through, on a customer and their contact days."""
    column = _column(condition["field"])
    asked: Sequence[ColumnElement[bool]] = (
        _contains(column, condition.get("contains")),
        _is_any_of(column, condition.get("any_of")),
        _is_among_days(column, condition, today) if kind is Kind.DAY else true(),
    )
    return and_(*asked)


def sorted_by(sort: str) -> ColumnElement[Any]:
    """What a list is sorted by; those of whom it is not known stand at its beginning."""
    return _SORTS[sort]()


_SORTS: Mapping[str, Callable[[], ColumnElement[Any]]] = {
    "registered": lambda: customers.c.registered_at,
    "code": lambda: customers.c.code,
    "name": lambda: func.coalesce(customers.c.name, ""),
    "grade": lambda: func.coalesce(customers.c.grade, ""),
    "last_contact": lambda: func.coalesce(contact_days.c.last_contact, literal(_LONG_AGO, Date)),
    "next_contact": lambda: func.coalesce(contact_days.c.next_contact, literal(_LONG_AGO, Date)),
}


def _column(field: str) -> ColumnElement[Any]:
    for start, document in _DOCUMENTS.items():
        if field.startswith(start):
            inside: ColumnElement[Any] = document[field.removeprefix(start)].as_string()
            return inside
    return _ELSEWHERE[field] if field in _ELSEWHERE else customers.c[field]


def _contains(column: ColumnElement[Any], part: str | None) -> ColumnElement[bool]:
    return true() if part is None else column.icontains(part, autoescape=True)


def _is_any_of(column: ColumnElement[Any], values: Sequence[Any] | None) -> ColumnElement[bool]:
    if values is None:
        return true()
    unknown = column.is_(None) if None in values else None
    named = column.in_([value for value in values if value is not None])
    return named if unknown is None else or_(named, unknown)


def _is_among_days(column: ColumnElement[Any], condition: Mapping[str, Any], today: date) -> ColumnElement[bool]:
    days = days_of(condition, today)
    since = true() if days.since is None else column >= days.since
    return and_(since, true() if days.until is None else column <= days.until)
