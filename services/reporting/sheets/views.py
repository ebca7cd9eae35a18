"""Reading the follow-up sheet."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, Select, case, func

from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reporting.facts.rules import CLOSED, FOREVER
from services.reporting.facts.tables import customers, followups, names, staff
from services.reporting.facts.views import Asked, winners
from services.reporting.sheets.rules import Basis, Period, SheetTooLong


def dated_rows(tx: Transaction, asked: Asked, period: Period, most: int) -> Iterator[RowMapping]:
    """Follow-ups of the period in the sheet's order: by date, row of the imported sheet, code of the customer.

    Raises SheetTooLong once there are more than `most`.
    """
    return _rows(tx, asked, _within(followups.c.date, period), most)


def undated_rows(tx: Transaction, asked: Asked, most: int) -> Iterator[RowMapping]:
    """Follow-ups without a date: whatever the period, they stand apart. Raises SheetTooLong."""
    return _rows(tx, asked, followups.c.date.is_(None), most)


def closed_deals(tx: Transaction, asked: Asked, period: Period, basis: Basis) -> int:
    """How many distinct customers closed in the period: a row is closed by its result, never by having a deal date."""
    day = followups.c.deal_date if basis is Basis.DEAL_DATE else followups.c.date
    chosen = _within(day, period) & (followups.c.result == CLOSED) & asked.sees(followups, followups.c.salesperson_id)
    end = winners(asked.who, scoped(followups, asked.who).select(followups.c.customer_id).where(chosen))
    customer = func.coalesce(end.c.winner_id, followups.c.customer_id)
    counted = scoped(followups, asked.who).select(func.count(customer.distinct()))
    here = end.c.customer_id == followups.c.customer_id
    return int(tx.execute(counted.outerjoin(end, here).where(chosen)).scalar_one())


def _rows(tx: Transaction, asked: Asked, which: ColumnElement[bool], most: int) -> Iterator[RowMapping]:
    chosen = which & asked.sees(followups, followups.c.salesperson_id)
    statement = _sheet(asked, chosen).limit(most + 1).execution_options(yield_per=1000)
    for number, row in enumerate(tx.execute(statement).mappings()):
        if number == most:
            raise SheetTooLong(most)
        yield row


def _sheet(asked: Asked, chosen: ColumnElement[bool]) -> Select[Any]:
    who = asked.who
    end = winners(who, scoped(followups, who).select(followups.c.customer_id).where(chosen))
    customer = func.coalesce(end.c.winner_id, followups.c.customer_id)
    code, kind = (_of_customer(who, customer, each) for each in (customers.c.code, customers.c.customer_type))
    erased = scoped(names, who).select(names.c.name).where(names.c.customer_id == customer, names.c.sequence == FOREVER)
    salesperson = func.coalesce(staff.c.name, followups.c.salesperson_name).label("salesperson")
    return (
        scoped(followups, who)
        .select(code, _name(who, customer), erased.exists().label("erased"), kind)
        .add_columns(*_OF_THE_ROW, salesperson)
        .outerjoin(end, end.c.customer_id == followups.c.customer_id)
        .outerjoin(scoped(staff, who).table, staff.c.staff_id == followups.c.salesperson_id)
        .where(chosen)
        .order_by(followups.c.date, followups.c.row_number.nulls_last(), code, followups.c.followup_id)
    )


_OF_THE_ROW = (
    followups.c.date.label("followup_date"),
    followups.c.method,
    followups.c.progress,
    followups.c.intent,
    followups.c.result,
    followups.c.deal_date,
)


def _of_customer(who: Who, customer: ColumnElement[Any], column: Column[Any]) -> ColumnElement[Any]:
    """One thing of the row's customer, looked up by key.

    Not a join: PostgreSQL would rather read all customers than look up the few of a short period.
    """
    looked_up = scoped(customers, who).select(column).where(customers.c.customer_id == customer)
    return looked_up.scalar_subquery().label(column.name)


def _name(who: Who, customer: ColumnElement[Any]) -> ColumnElement[Any]:
    """What the row's customer is called; whoever was heard of by older code alone is called so in `customers`."""
    called = case((names.c.customer_id.is_(None), customers.c.name), else_=names.c.name)
    looked_up = scoped(customers, who).select(called).where(customers.c.customer_id == customer)
    beside = looked_up.outerjoin(scoped(names, who).table, names.c.customer_id == customers.c.customer_id)
    return beside.scalar_subquery().label("name")


def _within(day: Column[Any], period: Period) -> ColumnElement[bool]:
    return day.between(period.first, period.last)
