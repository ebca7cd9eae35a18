"""Giving codes, under the branch's lock."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Update, bindparam

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.identity import Who
from services.customers.files.rules import code_of, number_of
from services.customers.files.tables import codes


def lock_branch(tx: Transaction, who: Who, branch_id: str) -> None:
    """Until the end of the transaction nobody else registers customers of this branch."""
    if (lock := f"codes/{branch_id}") in tx.held:
        return
    if tx.execute(*_locked(who, branch=branch_id)).first() is None:
        insert_if_new(tx, scoped(codes, who).table, {"branch_id": branch_id, "last": 0}, ["branch_id"])
        tx.execute(*_locked(who, branch=branch_id))
    tx.held.add(lock)


def next_code(tx: Transaction, who: Who, branch_id: str) -> str:
    """The next code of the branch; a transaction that is rolled back gives it back."""
    return code_of(tx.execute(*_following(who, branch=branch_id)).scalar_one())


def take_code(tx: Transaction, who: Who, branch_id: str, code: str) -> str:
    """Note that this code is in use, so that later ones come after it."""
    tx.execute(*_at_least(who, branch=branch_id, last=number_of(code), number=number_of(code)))
    return code


def new_code(tx: Transaction, who: Who, branch_id: str, wanted: str | None) -> str:
    """The code of a new customer: the one wanted, or the next."""
    return take_code(tx, who, branch_id, wanted) if wanted else next_code(tx, who, branch_id)


def give_codes(tx: Transaction, who: Who, branch_id: str, wanted: Sequence[str | None]) -> list[str]:
    """The code of each of several new customers, in their order: the one wanted, or the next."""
    if len(wanted) == 1:  # in one statement, for who registers by hand
        return [new_code(tx, who, branch_id, wanted[0])]
    last: int = tx.execute(*_locked(who, branch=branch_id)).scalar_one()
    given = []
    for code in wanted:
        last = max(last, number_of(code)) if code else last + 1
        given.append(code or code_of(last))
    take_code(tx, who, branch_id, code_of(last))
    return given


_HERE = codes.c.branch_id == bindparam("branch")


@prepared
def _locked(who: Who) -> Select[Any]:
    return scoped(codes, who).select(codes.c.last).where(_HERE).with_for_update()


@prepared
def _following(who: Who) -> Any:
    return scoped(codes, who).update().where(_HERE).values(last=codes.c.last + 1).returning(codes.c.last)


@prepared
def _at_least(who: Who) -> Update:
    return scoped(codes, who).update().where(_HERE, codes.c.last < bindparam("number"))
