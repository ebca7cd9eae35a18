"""Conditions as SQL: where each field stands, and what makes a customer fit."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, func, literal, or_, select, true

from chassis.identity import Who
from services.customers.files.tables import customers
from services.customers.finding.tables import contact_days
from services.customers.searches.rules import DETAIL, Kind, days_of
from services.customers.tags.views import tagged

_DEMAND = "demand."
_ELSEWHERE: Mapping[str, ColumnElement[Any]] = {
    "last_contact": contact_days.c.last_contact,
    "next_contact": contact_days.c.next_contact,
    "registered": customers.c.local_day,
}
_LONG_AGO = date(1, 1, 1)


Has = Callable[[Sequence[str] | None], ColumnElement[bool]]
"""That a customer has one of these at least; None: any at all."""


def fitting(who: Who, dialect: str, condition: Mapping[str, Any], kind: Kind, today: date) -> ColumnElement[bool]:
    """The condition, which check_condition has let through, on a customer and their contact days."""
    field = condition["field"]
    if kind is Kind.SEVERAL:
        return _has_some(condition, _tags(who) if field == "tags" else _chosen(field.removeprefix(DETAIL), dialect))
    column = _column(field, kind)
    asked: Sequence[ColumnElement[bool]] = (
        _contains(column, condition.get("contains")),
        _is_any_of(column, condition.get("any_of")),
        _is_among(column, condition.get("at_least"), condition.get("at_most")),
        _is_among_days(column, condition, today) if kind is Kind.DAY else true(),
    )
    return and_(*asked)


def sorted_by(sort: str) -> Mapping[str, ColumnElement[Any]]:
    """What a list is sorted by, in this order and under these names; who has nothing there stands at its beginning."""
    names = (f"by_{sort}", *(f"by_{sort}_{n}" for n in range(1, len(_SORTS[sort]))))
    return dict(zip(names, _SORTS[sort], strict=True))


_CODE = customers.c.code
_SORTS: Mapping[str, Sequence[ColumnElement[Any]]] = {
    "registered": (customers.c.registered_at,),
    "code": (func.length(_CODE, type_=Integer), _CODE),  # A999 before A1000, as people count
    "name": (func.coalesce(customers.c.name, ""),),
    "grade": (func.coalesce(customers.c.grade, ""),),
    "last_contact": (func.coalesce(contact_days.c.last_contact, literal(_LONG_AGO, Date)),),
    "next_contact": (func.coalesce(contact_days.c.next_contact, literal(_LONG_AGO, Date)),),
}


def _column(field: str, kind: Kind) -> ColumnElement[Any]:
    if field.startswith(DETAIL):
        return _inside(customers.c.details[field.removeprefix(DETAIL)], kind)
    if field.startswith(_DEMAND):
        return _inside(customers.c.demand[field.removeprefix(_DEMAND)], kind)
    return _ELSEWHERE[field] if field in _ELSEWHERE else customers.c[field]


def _inside(value: Any, kind: Kind) -> ColumnElement[Any]:
    """What stands in a document, as what it is: days and choices are texts there."""
    turned: Mapping[Kind, ColumnElement[Any]] = {Kind.NUMBER: value.as_float(), Kind.YES_NO: value.as_boolean()}
    return turned[kind] if kind in turned else value.as_string()


def _has_some(condition: Mapping[str, Any], has: Has) -> ColumnElement[bool]:
    any_of, none_of = condition.get("any_of"), condition.get("none_of")
    named = [value for value in any_of or () if value is not None]
    one = or_(has(named), ~has(None)) if None in (any_of or ()) else has(named)
    return and_(true() if any_of is None else one, true() if none_of is None else ~has(none_of))


def _tags(who: Who) -> Has:
    return lambda some: customers.c.customer_id.in_(tagged(who, some))


def _chosen(field_id: str, dialect: str) -> Has:
    """Of the choices that stand in an own field of several."""
    if dialect == "postgresql":
        choices = func.jsonb_array_elements_text(customers.c.details[field_id]).table_valued("value")
    else:
        choices = func.json_each(customers.c.details, f'$."{field_id}"').table_valued("value")
    chosen = select(choices.c.value).select_from(choices)
    return lambda some: (chosen if some is None else chosen.where(choices.c.value.in_(some))).exists()


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
    ends = [
        day if day is None or isinstance(column.type, Date) else day.isoformat() for day in (days.since, days.until)
    ]
    return _is_among(column, *ends)  # in own fields days stand as texts, which sort alike


def _is_among(column: ColumnElement[Any], least: Any, most: Any) -> ColumnElement[bool]:
    return and_(true() if least is None else column >= least, true() if most is None else column <= most)
