"""Reading what credit rests on, and one's own ledger."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    RowMapping,
    ScalarSelect,
    Select,
    bindparam,
    extract,
    func,
    or_,
    select,
)

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.followups.credit.rules import Deal, DealUnknown, Merged, Owned, Rule, Told, Visit
from services.followups.credit.tables import corrected_deals, credit_lines, deals, merged, owned, visits
from services.followups.people.tables import customers
from services.followups.people.views import named, of_people_in_reach

_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


def chain_of(branch_id: str) -> str:
    """The chain of the ledger in which all credit of a branch's deals stands, and every correction of them."""
    return f"credit/{branch_id}"


def linked(tx: Transaction, who: Who, customer_ids: Iterable[str]) -> set[str]:
    """All ids that were ever one customer with these, whether they still are or not."""
    members = set(customer_ids)
    found = members
    while found:
        pairs = tx.execute(*_merged_with(who, wanted=sorted(found))).all()
        found = {one for pair in pairs for one in (pair.loser_id, pair.winner_id)} - members
        members = members | found
    return members


def deals_of(tx: Transaction, who: Who, customer_ids: Iterable[str]) -> list[Deal]:
    """The deals of these customers, as they stand."""
    found = [Deal(**row) for row in tx.execute(*_deals(who, wanted=sorted(customer_ids))).mappings()]
    corrected = {
        row["deal_id"]: row for row in tx.execute(*_corrected(who, wanted=[deal.deal_id for deal in found])).mappings()
    }
    return [_as_corrected(deal, corrected.get(deal.deal_id)) for deal in found]


def deal_in_reach(tx: Transaction, who: Who, deal_id: str) -> tuple[str, Deal, int]:
    """A deal as it stands, its branch and its version, held until the transaction ends.

    It is in the reach of who closed it, of whoever has or had a part of it, and of those above. Raises DealUnknown.
    """
    row = tx.execute(*_deal(who, deal=deal_id)).mappings().first()
    if row is None:
        raise DealUnknown(deal_id)
    recorded = Deal(**{name: value for name, value in row.items() if name != "branch_id"})
    corrected = tx.execute(*_corrected(who, wanted=[deal_id])).mappings().all()
    latest = corrected[-1] if corrected else None
    return row["branch_id"], _as_corrected(recorded, latest), latest["version"] if latest else 1


def is_booked(who: Who, deal_id: Column[Any]) -> ColumnElement[bool]:
    """The condition that this is a deal that was booked."""
    return scoped(deals, who).select(deals.c.deal_id).where(deals.c.deal_id == deal_id).exists()


def corrected(who: Who, deal_id: Column[Any], name: str) -> ScalarSelect[Any]:
    """What the latest signed correction of a deal says of one thing; null without any."""
    said = scoped(corrected_deals, who).select(corrected_deals.c[name]).where(corrected_deals.c.deal_id == deal_id)
    return said.order_by(corrected_deals.c.version.desc()).limit(1).scalar_subquery()


def of_deals_in_reach(who: Who, deal_id: Column[Any]) -> ColumnElement[bool]:
    """The condition that a deal is in the asker's reach."""
    closed = scoped(deals, who).select(deals.c.deal_id).where(of_people_in_reach(who, deals.c.salesperson_id))
    credited = scoped(credit_lines, who).select(credit_lines.c.deal_id)
    return or_(deal_id.in_(closed), deal_id.in_(credited.where(of_people_in_reach(who, credit_lines.c.staff_id))))


def customers_with_deals(tx: Transaction, who: Who, branch_id: str) -> list[str]:
    """The customers of a branch who have closed a deal."""
    return [one for one in tx.execute(*_with_deals(who, branch=branch_id)).scalars() if one]


def told_of(tx: Transaction, who: Who, customer_ids: Iterable[str], zone: ZoneInfo) -> Told:
    """Everything that was heard of these customers."""
    ids = sorted(customer_ids)
    received = [_visit(row) for row in tx.execute(*_visits(who, wanted=ids)).mappings()]
    owners = [Owned(**row) for row in tx.execute(*_owned(who, wanted=ids)).mappings()]
    merges = [Merged(**row) for row in tx.execute(*_merges(who, wanted=ids)).mappings()]
    return Told(received, owners, merges, zone)


def lines_of_deal(tx: Transaction, who: Who, deal_id: str) -> Sequence[RowMapping]:
    """All lines of a deal, as they were booked."""
    return tx.execute(*_lines(who, deal=deal_id)).mappings().all()


def ledger_of(
    tx: Transaction, who: Who, staff_id: str, starts: dt.date, ends: dt.date, page: Mapping[str, Any]
) -> Page:
    """A person's lines of the deals signed from a day until another, that one excluded; none of people out of reach."""
    statement, values = _of_person(who, person=staff_id, starts=starts, ends=ends)
    keys = [credit_lines.c.day, credit_lines.c.deal_id, credit_lines.c.booking, credit_lines.c.n]
    return paginate(tx, cast(Select[Any], statement), keys, page, values=values)


def months_of(tx: Transaction, who: Who, staff_id: str, starts: dt.date, ends: dt.date) -> list[dict[str, Any]]:
    """What a person's lines add up to in each month of signing in these days, in cents, and how many deals they have.

    Deals whose lines were all taken back are none.
    """
    rows = tx.execute(*_totals(who, person=staff_id, starts=starts, ends=ends))
    return [
        {"month": f"{int(row.year):04}-{int(row.month):02}", "total_cents": int(row.cents), "deals": row.deals}
        for row in rows
    ]


def _as_corrected(deal: Deal, row: RowMapping | None) -> Deal:
    return deal if row is None else replace(deal, **{name: row[name] for name in _CORRECTED})


_CORRECTED = ("day", "signed_time", "amount", "correction_id")


def _visit(row: RowMapping) -> Visit:
    return Visit(**{**row, "rule": Rule(row["rule"])})


@prepared
def _merged_with(who: Who) -> Select[Any]:
    pairs = scoped(merged, who).select(merged.c.loser_id, merged.c.winner_id)
    return pairs.where(or_(merged.c.loser_id.in_(_WANTED), merged.c.winner_id.in_(_WANTED)))


@prepared
def _deals(who: Who) -> Select[Any]:
    columns = [column for column in deals.c if column.name != "branch_id"]
    return scoped(deals, who).select(*columns).where(deals.c.customer_id.in_(_WANTED)).order_by(deals.c.deal_id)


@prepared
def _deal(who: Who) -> Select[Any]:
    here = deals.c.deal_id == bindparam("deal"), of_deals_in_reach(who, deals.c.deal_id)
    return scoped(deals, who).select().where(*here).with_for_update()


@prepared
def _corrected(who: Who) -> Select[Any]:
    of_deals = scoped(corrected_deals, who).select().where(corrected_deals.c.deal_id.in_(_WANTED))
    return of_deals.order_by(corrected_deals.c.deal_id, corrected_deals.c.version)


@prepared
def _with_deals(who: Who) -> Select[Any]:
    here = scoped(deals, who).select(deals.c.customer_id).where(deals.c.branch_id == bindparam("branch"))
    return here.distinct().order_by(deals.c.customer_id)


@prepared
def _visits(who: Who) -> Select[Any]:
    columns = [column for column in visits.c if column.name not in ("branch_id", "sequence")]
    return scoped(visits, who).select(*columns).where(visits.c.customer_id.in_(_WANTED))


@prepared
def _owned(who: Who) -> Select[Any]:
    columns = [column for column in owned.c if column.name != "branch_id"]
    return scoped(owned, who).select(*columns).where(owned.c.customer_id.in_(_WANTED))


@prepared
def _merges(who: Who) -> Select[Any]:
    columns = [column for column in merged.c if column.name != "branch_id"]
    both = or_(merged.c.loser_id.in_(_WANTED), merged.c.winner_id.in_(_WANTED))
    return scoped(merged, who).select(*columns).where(both)


@prepared
def _lines(who: Who) -> Select[Any]:
    of_deal = scoped(credit_lines, who).select().where(credit_lines.c.deal_id == bindparam("deal"))
    return of_deal.order_by(credit_lines.c.booking, credit_lines.c.n)


@prepared
def _of_person(who: Who) -> Select[Any]:
    return (
        scoped(credit_lines, who)
        .select(scoped(credit_lines, who).table, *named(credit_lines.c.customer_id))
        .outerjoin(scoped(customers, who).table, customers.c.customer_id == credit_lines.c.customer_id)
        .where(*_of_days(who))
    )


@prepared
def _totals(who: Who) -> Select[Any]:
    year, month = (extract(part, credit_lines.c.day).label(part) for part in ("year", "month"))
    cents = func.coalesce(func.sum(credit_lines.c.cents), 0).label("cents")
    held = func.sum(credit_lines.c.parts)
    deals_held = scoped(credit_lines, who).select(credit_lines.c.deal_id, year, month, cents, held.label("held"))
    by_deal = deals_held.where(*_of_days(who)).group_by(credit_lines.c.deal_id, year, month).subquery()
    return (
        select(by_deal.c.year, by_deal.c.month)
        .add_columns(func.sum(by_deal.c.cents).label("cents"))
        .add_columns(func.count().filter(by_deal.c.held > 0).label("deals"))
        .group_by(by_deal.c.year, by_deal.c.month)
        .order_by(by_deal.c.year, by_deal.c.month)
    )


def _of_days(who: Who) -> tuple[ColumnElement[bool], ...]:
    days = credit_lines.c.day >= bindparam("starts"), credit_lines.c.day < bindparam("ends")
    return credit_lines.c.staff_id == bindparam("person"), of_people_in_reach(who, credit_lines.c.staff_id), *days
