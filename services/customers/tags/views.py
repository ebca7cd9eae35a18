"""The tags of a customer, and of a branch."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, distinct, func

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.files.tables import aliases, customers
from services.customers.files.views import customer_row, ids_of
from services.customers.people.views import of_people_in_reach
from services.customers.tags.tables import tags


def tags_of(tx: Transaction, who: Who, customer_id: str) -> list[str]:
    """The tags of a customer in reach, in their order; raises UnknownCustomer."""
    row = customer_row(tx, who, customer_id)
    return list(tx.execute(*_of(who, wanted=ids_of(tx, who, row["customer_id"]))).scalars())


def tags_in_use(tx: Transaction, who: Who, branch_id: str) -> list[Mapping[str, Any]]:
    """Each tag of the branch that a customer in reach has, and how many have it; the one of most customers first."""
    return [{**row} for row in tx.execute(*_in_use(who, branch=branch_id)).mappings()]


def tagged(who: Who, some: Sequence[str] | None) -> Select[Any]:
    """The ids of all who have one of these tags (None: any at all), also by those merged into them; to ask further."""
    merged = and_(aliases.c.loser_id == tags.c.customer_id, aliases.c.active)
    found = scoped(tags, who).select(func.coalesce(aliases.c.winner_id, tags.c.customer_id))
    found = found.outerjoin(scoped(aliases, who).table, merged)
    return found if some is None else found.where(tags.c.tag.in_(some))


@prepared
def _of(who: Who) -> Select[Any]:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    return scoped(tags, who).select(tags.c.tag).where(tags.c.customer_id.in_(wanted)).distinct().order_by(tags.c.tag)


@prepared
def _in_use(who: Who) -> Select[Any]:
    merged, files = scoped(aliases, who).table, scoped(customers, who).table
    count = func.count(distinct(customers.c.customer_id)).label("count")
    found = scoped(tags, who).select(tags.c.tag, count)
    found = found.outerjoin(merged, and_(aliases.c.loser_id == tags.c.customer_id, aliases.c.active))
    found = found.join(files, customers.c.customer_id == func.coalesce(aliases.c.winner_id, tags.c.customer_id))
    seen = customers.c.active, of_people_in_reach(who, customers.c.owner_id)
    found = found.where(tags.c.branch_id == bindparam("branch"), *seen)
    return found.group_by(tags.c.tag).order_by(count.desc(), tags.c.tag)
