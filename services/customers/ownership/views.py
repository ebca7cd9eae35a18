"""Who owned a customer when, what somebody holds, and whose customers wait for another owner."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, bindparam, func

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.files.rules import File
from services.customers.files.tables import OWNERS_IN_ORDER, customers, owners
from services.customers.files.views import customer_row, ids_of, meant_by
from services.customers.ownership.rules import Change
from services.customers.people.tables import staff


def owners_of(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """Every owner of a customer in reach, and of all who are one with them, the first one first.

    Raises UnknownCustomer.
    """
    row = customer_row(tx, who, customer_id)
    mine = owners.c.customer_id.in_(ids_of(tx, who, row["customer_id"]))
    lines = scoped(owners, who).select().where(mine).order_by(*OWNERS_IN_ORDER)
    return {
        "customer_id": row["customer_id"],
        "owner_id": row["owner_id"],
        "owners": tx.execute(lines).mappings().all(),
    }


def changes_of(tx: Transaction, who: Who, ids: Collection[str]) -> dict[str, list[Change]]:
    """The changes of each customer's owner, under all ids that stand for them, the very last first; by customer."""
    meant, changes = meant_by(tx, who, ids), dict[str, list[Change]]()
    for row in tx.execute(*_changes(who, wanted=list(meant))):
        changes.setdefault(meant[row.customer_id], []).append(Change(*row))
    return changes


def files_owned(tx: Transaction, who: Who, branch_id: str, owner_id: str) -> list[File]:
    """The active files of an owner at a branch, locked until the end of the transaction."""
    mine = customers.c.branch_id == branch_id, customers.c.owner_id == owner_id, customers.c.active
    rows = tx.execute(scoped(customers, who).select().where(*mine).order_by(customers.c.customer_id).with_for_update())
    return [File(**row) for row in rows.mappings()]


def held(tx: Transaction, who: Who, branch_id: str, owner_ids: Iterable[str]) -> dict[str, int]:
    """How many active customers of the branch each of these people owns."""
    wanted = list(owner_ids)
    rows = tx.execute(*_held(who, branch=branch_id, wanted=wanted)).all()
    return dict.fromkeys(wanted, 0) | {row.owner_id: row.many for row in rows}


def owned_by_leavers(tx: Transaction, who: Who) -> Sequence[RowMapping]:
    """Owners who do not work at the branch any more, with how many of its customers wait to be handed over."""
    left = customers.c.active, customers.c.owner_id.is_not(None), ~owner_works_here(who)
    counted = scoped(customers, who).select(
        customers.c.branch_id, customers.c.owner_id.label("staff_id"), func.count().label("customers")
    )
    grouped = counted.where(*left).group_by(customers.c.branch_id, customers.c.owner_id)
    return tx.execute(grouped.order_by(customers.c.branch_id, customers.c.owner_id)).mappings().all()


def owner_works_here(who: Who) -> ColumnElement[bool]:
    """The condition that a customer's owner is active staff of the customer's branch."""
    here = staff.c.staff_id == customers.c.owner_id, staff.c.branch_id == customers.c.branch_id, staff.c.active
    return scoped(staff, who).select(staff.c.staff_id).where(*here).exists()


@prepared
def _changes(who: Who) -> Select[Any]:
    wanted: Any = bindparam("wanted", expanding=True)
    lines = scoped(owners, who).select(owners.c.customer_id, owners.c.owner_id, owners.c.since, owners.c.because)
    return lines.where(owners.c.customer_id.in_(wanted)).order_by(*(one.desc() for one in OWNERS_IN_ORDER))


@prepared
def _held(who: Who) -> Select[Any]:
    wanted: Any = bindparam("wanted", expanding=True)
    mine = customers.c.branch_id == bindparam("branch"), customers.c.owner_id.in_(wanted), customers.c.active
    counted = scoped(customers, who).select(customers.c.owner_id, func.count().label("many"))
    return counted.where(*mine).group_by(customers.c.owner_id)
