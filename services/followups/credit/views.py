"""Reading what credit rests on, and one's own ledger."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, RowMapping, Select, bindparam, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.followups.credit.rules import Deal, Merged, Owned, Rule, Told, Visit
from services.followups.credit.tables import credit_lines, deals, merged, owned, visits
from services.followups.people.tables import customers
from services.followups.people.views import of_people_in_reach

_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


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
    """The deals of these customers."""
    return [Deal(**row) for row in tx.execute(*_deals(who, wanted=sorted(customer_ids))).mappings()]


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


def ledger_of(tx: Transaction, who: Who, staff_id: str, starts: dt.date, ends: dt.date) -> Sequence[RowMapping]:
    """A person's lines of the deals signed from a day until another, that one excluded; none of people out of reach."""
    return tx.execute(*_of_person(who, person=staff_id, starts=starts, ends=ends)).mappings().all()


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
    named = (customers.c.code.label("customer_code"), customers.c.name.label("customer_name"))
    days = credit_lines.c.day >= bindparam("starts"), credit_lines.c.day < bindparam("ends")
    mine = credit_lines.c.staff_id == bindparam("person"), of_people_in_reach(who, credit_lines.c.staff_id)
    order = (credit_lines.c.day, credit_lines.c.deal_id, credit_lines.c.booking, credit_lines.c.n)
    return (
        scoped(credit_lines, who)
        .select(scoped(credit_lines, who).table, *named)
        .outerjoin(scoped(customers, who).table, customers.c.customer_id == credit_lines.c.customer_id)
        .where(*mine, *days)
        .order_by(*order)
    )
