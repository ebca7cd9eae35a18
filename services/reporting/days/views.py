"""Counting one day from the facts. Every count is read through an index on the day, however many days there are."""

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, Table, case, func

from chassis.database import Transaction, scoped
from services.reporting.days.rules import Counts, Person, add_up
from services.reporting.facts.rules import CLOSED
from services.reporting.facts.tables import branches, customers, followups, receptions, staff
from services.reporting.facts.views import Asked, merged_away, winners

By = tuple[ColumnElement[Any], ...]


def by_person(tx: Transaction, asked: Asked, day: date) -> dict[Person, Counts]:
    """What each person did on the day; deals are distinct customers of that person."""
    parts = chain(_receptions(tx, asked, day), _new_customers(tx, asked, day), _followups(tx, asked, day))
    return add_up(chain(parts, _deals_by_person(tx, asked, day)))


def deals_by_branch(tx: Transaction, asked: Asked, day: date) -> dict[str, int]:
    """How many distinct customers closed on the day, by branch."""
    return {row.branch_id: row.deals for row in _deals(tx, asked, day, (followups.c.branch_id,))}


def names_of_branches(tx: Transaction, asked: Asked) -> dict[str, str]:
    """The branches in reach, by id."""
    return {row.branch_id: row.name for row in tx.execute(scoped(branches, asked.who).select())}


def _receptions(tx: Transaction, asked: Asked, day: date) -> Iterator[tuple[Person, Counts]]:
    completed = receptions.c.state == "completed"
    counts = (
        func.count().label("arrivals"),
        func.sum(case((completed, 1), else_=0)).label("receptions_completed"),
        func.sum(case((completed & (receptions.c.turn == "used"), 1), else_=0)).label("turns_used"),
    )
    grouped = _of_day(asked, receptions, receptions.c.local_day == day, receptions.c.server_id, counts)
    return _counted(tx, grouped)


def _new_customers(tx: Transaction, asked: Asked, day: date) -> Iterator[tuple[Person, Counts]]:
    registered = (customers.c.local_day == day) & ~merged_away(customers.c.customer_id)
    counts = (func.count().label("new_customers"),)
    return _counted(tx, _of_day(asked, customers, registered, customers.c.owner_id, counts))


def _followups(tx: Transaction, asked: Asked, day: date) -> Iterator[tuple[Person, Counts]]:
    counts = (func.count().label("followups"),)
    named = followups.c.salesperson_name
    return _counted(
        tx, _of_day(asked, followups, followups.c.date == day, followups.c.salesperson_id, counts, text_name=named)
    )


def _deals_by_person(tx: Transaction, asked: Asked, day: date) -> Iterator[tuple[Person, Counts]]:
    by = (followups.c.branch_id, followups.c.salesperson_id, _name(followups.c.salesperson_name))
    for row in _deals(tx, asked, day, by, with_names=True):
        yield Person(row.branch_id, row.salesperson_id, row.name), Counts(deals=row.deals)


def _deals(tx: Transaction, asked: Asked, day: date, by: By, *, with_names: bool = False) -> list[Row[Any]]:
    who = asked.who
    closed = (followups.c.deal_date == day) & (followups.c.result == CLOSED)
    chosen = closed & asked.sees(followups, followups.c.salesperson_id)
    end = winners(who, scoped(followups, who).select(followups.c.customer_id).where(chosen))
    customer = func.coalesce(end.c.winner_id, followups.c.customer_id)
    counted = scoped(followups, who).select(*by, func.count(customer.distinct()).label("deals"))
    counted = counted.outerjoin(end, end.c.customer_id == followups.c.customer_id)
    if with_names:
        counted = counted.outerjoin(scoped(staff, who).table, staff.c.staff_id == followups.c.salesperson_id)
    return list(tx.execute(counted.where(chosen).group_by(*by)))


def _of_day(  # noqa: PLR0913 - what differs between the four counts
    asked: Asked,
    table: Table,
    chosen: ColumnElement[bool],
    person: Column[Any],
    counts: tuple[ColumnElement[Any], ...],
    text_name: Column[Any] | None = None,
) -> Select[Any]:
    by = (table.c.branch_id, person, _name(text_name))
    counted = scoped(table, asked.who).select(*by[:1], person.label("staff_id"), by[2], *counts)
    counted = counted.outerjoin(scoped(staff, asked.who).table, staff.c.staff_id == person)
    return counted.where(chosen, asked.sees(table, person)).group_by(*by)


def _name(text_name: Column[Any] | None) -> ColumnElement[Any]:
    name = staff.c.name if text_name is None else func.coalesce(staff.c.name, text_name)
    return name.label("name")


def _counted(tx: Transaction, grouped: Select[Any]) -> Iterator[tuple[Person, Counts]]:
    for row in tx.execute(grouped).mappings():
        counted = dict(row)
        yield Person(counted.pop("branch_id"), counted.pop("staff_id"), counted.pop("name")), Counts(**counted)
