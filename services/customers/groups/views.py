"""Reading groups. What stands under what is asked at once, however deep it goes: parents, and ids that were merged."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, bindparam, false, func, not_, or_, select, union_all

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.files.tables import aliases, customers
from services.customers.files.views import customer_row, files_of
from services.customers.groups.rules import Above, Member, Placed, Totals, chain, holder, top_of, tree
from services.customers.groups.tables import deals
from services.customers.people.views import of_people_in_reach


def group_of(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """The whole group that a customer in reach belongs to, the top first; raises UnknownCustomer.

    Members out of reach count for nothing, and show only where somebody in reach stands under them.
    """
    row = customer_row(tx, who, customer_id)
    upwards, _ = above_of(tx, who, row["customer_id"])
    line = files_of(tx, who, set(chain(row["customer_id"], upwards)))
    top_id = top_of(row["customer_id"], upwards, {one for one, file in line.items() if file.active})
    above = {pair.below: pair.above for pair in tx.execute(*_under(who, top=top_id)) if pair.below != top_id}
    placed = tree(top_id, _members(tx, who, top_id, above), above)
    return {"customer_id": row["customer_id"], "members": [_shown(one) for one in placed]}


def above_of(tx: Transaction, who: Who, customer_id: str) -> tuple[Above, Above]:
    """What this id stands under, and what that stands under, to the top; and what those of them who were merged would
    stand under by themselves, to the top as well."""
    pairs = tx.execute(*_over(who, bottom=customer_id)).all()
    now, parted = ({pair.below: pair.above for pair in pairs if pair.parted == apart} for apart in (False, True))
    return now, parted


def _members(tx: Transaction, who: Who, top_id: str, above: Above) -> dict[str, Member]:
    rows = {row["customer_id"]: row for row in tx.execute(*_files(who, top=top_id)).mappings()}
    sums: dict[str | None, Totals] = {}
    for sold in tx.execute(*_sold(who, top=top_id)):
        whose = holder(sold.customer_id, above, rows)
        sums[whose] = sums.get(whose, Totals()) + Totals(0, sold.deals, int(sold.amount or 0))
    return {one: _member(row, sums.get(one, Totals())) for one, row in rows.items() if row["active"]}


def _member(row: Mapping[Any, Any], sold: Totals) -> Member:
    if not row["in_reach"]:
        return Member(row["customer_id"], None, None, False, Totals())
    return Member(row["customer_id"], row["code"], row["name"], True, Totals(1) + sold)


def _shown(placed: Placed) -> Mapping[str, Any]:
    return {**vars(placed.member), "parent_id": placed.parent_id, "depth": placed.depth, "totals": placed.totals}


_STANDS = or_(customers.c.active, customers.c.deleted_at.is_not(None))
"""Who is in the recycle bin counts for nothing, and yet keeps together what stands under them with what is above."""


def _edges(who: Who, name: str, *which: ColumnElement[bool]) -> Subquery:
    """Pairs of an id and what it stands under, or would if it were `parted` again from whom it was merged into; of
    files only `which` are meant."""
    parent = customers.c.customer_id.label("below"), customers.c.parent_id.label("above"), not_(_STANDS).label("parted")
    files = scoped(customers, who).select(*parent).where(customers.c.parent_id.is_not(None), *which)
    same = aliases.c.loser_id.label("below"), aliases.c.winner_id.label("above"), false().label("parted")
    merged = scoped(aliases, who).select(*same).where(aliases.c.active)
    return union_all(files, merged).subquery(name)


def _downwards(who: Who) -> CTE:
    first, further = _edges(who, "first", _STANDS), _edges(who, "further", _STANDS)
    under = select(first.c.below, first.c.above).where(first.c.above == bindparam("top")).cte("under", recursive=True)
    return under.union(select(further.c.below, further.c.above).join(under, further.c.above == under.c.below))


@prepared
def _over(who: Who) -> Select[Any]:
    first, further = _edges(who, "first"), _edges(who, "further")
    over = select(*first.c).where(first.c.below == bindparam("bottom")).cte("over", recursive=True)
    over = over.union(select(*further.c).join(over, further.c.below == over.c.above))
    return select(*over.c)


@prepared
def _under(who: Who) -> Select[Any]:
    under = _downwards(who)
    return select(under.c.below, under.c.above)


@prepared
def _files(who: Who) -> Select[Any]:
    under = _downwards(who)
    here = or_(customers.c.customer_id == bindparam("top"), customers.c.customer_id.in_(select(under.c.below)))
    in_reach = of_people_in_reach(who, customers.c.owner_id).label("in_reach")
    names = customers.c.customer_id, customers.c.code, customers.c.name, customers.c.active
    return scoped(customers, who).select(*names, in_reach).where(_STANDS, here)


@prepared
def _sold(who: Who) -> Select[Any]:
    under = _downwards(who)
    here = or_(deals.c.customer_id == bindparam("top"), deals.c.customer_id.in_(select(under.c.below)))
    sums = func.count().label("deals"), func.sum(deals.c.amount).label("amount")
    return scoped(deals, who).select(deals.c.customer_id, *sums).where(here).group_by(deals.c.customer_id)
