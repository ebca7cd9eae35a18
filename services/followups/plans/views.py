"""Reading plans: who keeps a customer's plan sees it, and those above them."""

from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.followups.people.copies import family_of
from services.followups.people.rules import CustomerUnknown, Family
from services.followups.people.tables import customers
from services.followups.people.views import named, of_people_in_reach
from services.followups.plans.tables import plans


def plan_of(tx: Transaction, who: Who, customer_id: str) -> RowMapping:
    """The plan of a customer, found under any of its ids; raises CustomerUnknown."""
    return plan_of_family(tx, who, family_of(tx, customer_id))


def plan_of_family(tx: Transaction, who: Who, family: Family) -> RowMapping:
    """The plan of a customer whose ids are known already; raises CustomerUnknown."""
    row = tx.execute(*_one_plan(who, customer=family.winner)).mappings().first()
    if row is None:
        raise CustomerUnknown(family.winner)
    return row


def plans_due(tx: Transaction, who: Who, due_before: date | None, page: dict[str, Any]) -> Page:
    """Plans with something due (before a day, that day excluded), the earliest first."""
    statement = _plans(who).where(plans.c.next_due.is_not(None), of_people_in_reach(who, plans.c.keeper_id))
    if due_before is not None:
        statement = statement.where(plans.c.next_due < due_before)
    return paginate(tx, statement, [plans.c.next_due, plans.c.customer_id], page)


def _plans(who: Who) -> Select[Any]:
    return (
        scoped(plans, who)
        .select(scoped(plans, who).table, *named(plans.c.customer_id))
        .outerjoin(scoped(customers, who).table, customers.c.customer_id == plans.c.customer_id)
    )


@prepared
def _one_plan(who: Who) -> Select[Any]:
    here = plans.c.customer_id == bindparam("customer")
    return _plans(who).where(here, of_people_in_reach(who, plans.c.keeper_id))
