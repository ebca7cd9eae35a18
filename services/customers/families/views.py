"""Reading relations: as what somebody is to the customer one looks at."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, or_

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.files.rules import CustomerErased, UnknownCustomer
from services.customers.files.tables import customers
from services.customers.files.views import customer_row, deleted_row, files_of, ids_in_bin
from services.customers.people.views import of_people_in_reach
from services.customers.register.views import standing_of
from services.customers.relations.rules import Kin, UnknownRelation
from services.customers.relations.tables import relations

_NEWEST = (relations.c.asked_at, relations.c.relation_id)


def relations_page(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """Relations asked for by somebody in reach or about a customer in reach, the latest first."""
    wanted = _seen(who)
    if asked["state"] is not None:
        wanted = wanted.where(relations.c.state == asked["state"])
    page = paginate(tx, wanted, _NEWEST, asked, descending=True)
    return Page([_from(row, row["first_id"]) for row in page.items], page.next_after)


def relations_of(tx: Transaction, who: Who, customer_id: str) -> Sequence[Mapping[str, Any]]:
    """Every relation of a customer in reach, under any of their ids, the first first; raises UnknownCustomer."""
    file = customer_row(tx, who, customer_id)
    ids = sorted({own.customer_id for own in standing_of(tx, who, file["branch_id"], file["customer_id"]).own})
    mine = or_(relations.c.first_id.in_(ids), relations.c.second_id.in_(ids))
    here = _present(who).where(relations.c.branch_id == file["branch_id"], mine)
    rows = tx.execute(here.order_by(*_NEWEST)).mappings()
    return [_from(row, row["first_id"] if row["first_id"] in ids else row["second_id"]) for row in rows]


def relation_of(tx: Transaction, who: Who, relation_id: str) -> Mapping[str, Any]:
    """One relation in reach; raises UnknownRelation."""
    row = relation_row(tx, who, relation_id)
    return _from(row, row["first_id"])


def relation_row(tx: Transaction, who: Who, relation_id: str) -> RowMapping:
    """The row behind a relation in reach; raises UnknownRelation."""
    row = tx.execute(_seen(who).where(relations.c.relation_id == relation_id)).mappings().one_or_none()
    if row is None:
        raise UnknownRelation
    return row


def check_in_branch(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> None:
    """Raises UnknownCustomer unless the branch has a file under this id, whoever owns it, out of the recycle bin;
    CustomerErased.
    """
    file = files_of(tx, who, {customer_id}).get(customer_id)
    if file is None or file.branch_id != branch_id or deleted_row(tx, who, customer_id):
        raise UnknownCustomer
    if file.erased_at is not None:
        raise CustomerErased


def _from(row: Mapping[Any, Any], customer_id: str) -> Mapping[str, Any]:
    """The relation as this customer has it."""
    is_first = customer_id == row["first_id"]
    kind = Kin(row["kind"]) if is_first else Kin(row["kind"]).other_way
    return {
        **row,
        "customer_id": customer_id,
        "relative_id": row["second_id" if is_first else "first_id"],
        "kind": kind,
    }


def _seen(who: Who) -> Select[Any]:
    owner = scoped(customers, who).select(customers.c.owner_id)
    either = customers.c.customer_id.in_([relations.c.first_id, relations.c.second_id])
    owned = (
        owner.where(either, of_people_in_reach(who, customers.c.owner_id))
        .correlate(scoped(relations, who).table)
        .exists()
    )
    return _present(who).where(or_(of_people_in_reach(who, relations.c.asked_by), owned))


def _present(who: Who) -> Select[Any]:
    """The relations of which neither customer is in the recycle bin."""
    deleted = ids_in_bin(who)
    here = relations.c.first_id.not_in(deleted), relations.c.second_id.not_in(deleted)
    return scoped(relations, who).select().where(*here)
