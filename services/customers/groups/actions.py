"""Putting a customer under a parent."""

from collections.abc import Collection
from dataclasses import replace

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import if_match
from services.customers.files.codes import lock_branch
from services.customers.files.registering import save
from services.customers.files.rules import Because, File, UnknownCustomer, Why
from services.customers.files.tables import customers
from services.customers.files.views import customer_row
from services.customers.groups.rules import UnknownParent, check_parent
from services.customers.groups.views import above_of


def put_under(tx: Transaction, who: Who, customer_id: str, parent_id: str | None) -> str:
    """Put a customer in reach under another of its branch, or (None) under nobody; answers its id.

    All moves of a branch wait for each other: two at once cannot close a circle. Raises UnknownCustomer, UnknownParent,
    ParentBelow, ParentBelowOnceParted, StaleVersion, VersionRequired.
    """
    lock_branch(tx, who, customer_row(tx, who, customer_id)["branch_id"])
    file = File(**customer_row(tx, who, customer_id, locked=True))
    if_match(file.version)
    parent = None if parent_id is None else _parent(tx, who, file, parent_id)
    save(tx, who, file, replace(file, parent_id=parent), Because(Why.ASSIGNED, who.actor_id))
    return file.customer_id


def let_go(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> None:
    """Nobody stands under these customers any more. The caller holds the branch's lock."""
    under = (
        scoped(customers, who).select().where(customers.c.branch_id == branch_id, customers.c.parent_id.in_(list(ids)))
    )
    for row in tx.execute(under).mappings().all():
        file = File(**row)
        save(tx, who, file, replace(file, parent_id=None), Because(Why.ASSIGNED, who.actor_id))


def _parent(tx: Transaction, who: Who, file: File, parent_id: str) -> str:
    try:
        parent = customer_row(tx, who, parent_id)
    except UnknownCustomer as error:
        raise UnknownParent from error
    if parent["branch_id"] != file.branch_id:
        raise UnknownParent
    found: str = parent["customer_id"]
    check_parent(file.customer_id, found, *above_of(tx, who, found))
    return found
