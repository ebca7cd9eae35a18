"""Putting tags on customers, taking them off, and renaming them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Delete, bindparam

from chassis.database import Transaction, prepared, scoped, upsert_later
from chassis.identity import Who
from services.customers.files.views import customer_row, ids_of
from services.customers.people.views import branch_meant
from services.customers.tags.tables import tags


def set_tags(tx: Transaction, who: Who, customer_id: str, add: Sequence[str], remove: Sequence[str]) -> None:
    """Put tags on a customer and take others off; what is so already stays so. Raises UnknownCustomer."""
    row = customer_row(tx, who, customer_id, locked=True)
    tx.execute(*_taken_off(who, wanted=ids_of(tx, who, row["customer_id"]), gone=list(remove)))
    put_on(tx, who, row["branch_id"], row["customer_id"], add)


def put_on(tx: Transaction, who: Who, branch_id: str, customer_id: str, add: Sequence[str]) -> None:
    """Put tags on a customer of this branch; one that is there stays."""
    for tag in sorted(add):
        values = {"customer_id": customer_id, "branch_id": branch_id, "tag": tag}
        upsert_later(tx, scoped(tags, who).table, values, ["customer_id", "tag"])


def forget(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    """Take all tags off: they are words of people about somebody."""
    tx.execute(scoped(tags, who).delete().where(tags.c.customer_id.in_(list(ids))))


def rename_tag(tx: Transaction, who: Who, said: Mapping[str, Any]) -> None:
    """Every customer of the branch with the tag `tag` has `new` instead; a tag that is there already takes them in.

    `said` holds what RenamingSchema loads. Raises BranchNeeded, UnknownBranch.
    """
    branch_id = branch_meant(tx, who, said["branch_id"]).branch_id
    had = tx.execute(*_given_up(who, branch=branch_id, old=said["tag"])).scalars().all()
    for customer_id in sorted(had):
        put_on(tx, who, branch_id, customer_id, [said["new"]])


@prepared
def _taken_off(who: Who) -> Delete:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    gone: BindParameter[Any] = bindparam("gone", expanding=True)
    return scoped(tags, who).delete().where(tags.c.customer_id.in_(wanted), tags.c.tag.in_(gone))


@prepared
def _given_up(who: Who) -> Any:
    old = tags.c.branch_id == bindparam("branch"), tags.c.tag == bindparam("old")
    return scoped(tags, who).delete().where(*old).returning(tags.c.customer_id)
