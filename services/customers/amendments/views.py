"""Reading the changes that were asked for: of a customer in reach, and those that wait for a signature."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, or_

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.amendments.rules import UnknownAmendment
from services.customers.amendments.tables import amendments
from services.customers.files.rules import masked
from services.customers.files.tables import customers
from services.customers.files.views import customer_row, ids_in_bin, stands_for
from services.customers.people.views import of_people_in_reach
from services.customers.register.views import standing_of

_NEWEST = (amendments.c.asked_at, amendments.c.amendment_id)


def amendments_page(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """Changes asked for by somebody in reach or about a customer in reach, the latest first."""
    wanted = _seen(who)
    if asked["state"] is not None:
        wanted = wanted.where(amendments.c.state == asked["state"])
    page = paginate(tx, wanted, _NEWEST, asked, descending=True)
    return Page([shown(who, row) for row in page.items], page.next_after)


def amendments_of(tx: Transaction, who: Who, customer_id: str) -> Sequence[Mapping[str, Any]]:
    """Every change that was asked for of a customer in reach, under any of their ids, the first first.

    Raises UnknownCustomer.
    """
    file = customer_row(tx, who, customer_id)
    ids = standing_of(tx, who, file["branch_id"], file["customer_id"]).ids
    mine = amendments.c.branch_id == file["branch_id"], amendments.c.customer_id.in_(sorted(ids))
    rows = tx.execute(scoped(amendments, who).select().where(*mine).order_by(*_NEWEST)).mappings()
    return [shown(who, row) for row in rows]


def amendment_row(tx: Transaction, who: Who, amendment_id: str) -> RowMapping:
    """One change that was asked for, in reach; raises UnknownAmendment."""
    row = tx.execute(_seen(who).where(amendments.c.amendment_id == amendment_id)).mappings().one_or_none()
    if row is None:
        raise UnknownAmendment
    return row


def shown(who: Who, row: Mapping[Any, Any]) -> Mapping[str, Any]:
    """With the phone whole for who asked and for who may sign: nobody signs what they cannot read."""
    reads = row["asked_by"] == who.actor_id or who.may("customers.sign")
    return {**row} if reads else {**row, "phone": masked(row["phone"])}


def _seen(who: Who) -> Select[Any]:
    """Those asked for by somebody in reach, or about a customer in reach: of who was merged, the one they stand for."""
    asked = scoped(amendments, who).table
    meant = customers.c.customer_id == stands_for(who, amendments.c.customer_id)
    owned = scoped(customers, who).select(customers.c.owner_id)
    owned = owned.where(meant, of_people_in_reach(who, customers.c.owner_id)).correlate(asked)
    in_reach = or_(of_people_in_reach(who, amendments.c.asked_by), owned.exists())
    return scoped(amendments, who).select().where(in_reach, amendments.c.customer_id.not_in(ids_in_bin(who)))
