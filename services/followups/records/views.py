"""Reading records: one's own, those of one's customers, and those of the people in reach; deals as they stand now."""

from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.followups.credit.views import corrected
from services.followups.people.copies import family_of
from services.followups.people.tables import customers, staff
from services.followups.people.views import named, of_people_in_reach
from services.followups.plans.tables import plans
from services.followups.records.tables import records


def records_of(tx: Transaction, who: Who, customer_id: str | None, page: dict[str, Any]) -> Page:
    """Records in reach, the last recorded first; of one customer under all its ids, or of all."""
    if customer_id is None:
        statement, values = _all_in_reach(who)
    else:
        statement, values = _of_family(who, family=list(family_of(tx, customer_id).members))
    newest_first = cast(Select[Any], statement), [records.c.recorded_at, records.c.id]
    return paginate(tx, *newest_first, page, descending=True, values=values)


_OF_DEAL = (("day", "deal_date"), ("amount", "amount"))


def _records(who: Who) -> Select[Any]:
    now = [func.coalesce(corrected(who, records.c.id, name), records.c[of]).label(of) for name, of in _OF_DEAL]
    written = [column for column in records.c if column.name not in dict(_OF_DEAL).values()]
    known_as = func.coalesce(staff.c.name, records.c.salesperson_name).label("salesperson")
    return (
        scoped(records, who)
        .select(*written, *now, *named(records.c.customer_id), known_as)
        .outerjoin(scoped(customers, who).table, customers.c.customer_id == records.c.customer_id)
        .outerjoin(scoped(staff, who).table, staff.c.staff_id == records.c.salesperson_id)
    )


def _in_reach(who: Who, *of_plans: ColumnElement[bool]) -> ColumnElement[bool]:
    """What is known of whose plans count keeps all others of the branch from being read."""
    kept = scoped(plans, who).select(plans.c.customer_id).where(of_people_in_reach(who, plans.c.keeper_id), *of_plans)
    return or_(of_people_in_reach(who, records.c.salesperson_id), records.c.customer_id.in_(kept))


@prepared
def _all_in_reach(who: Who) -> Select[Any]:
    return _records(who).where(_in_reach(who))


@prepared
def _of_family(who: Who) -> Select[Any]:
    family: BindParameter[Any] = bindparam("family", expanding=True)
    of_family = records.c.customer_id.in_(family)
    return _records(who).where(_in_reach(who, plans.c.customer_id.in_(family)), of_family)
