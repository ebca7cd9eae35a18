"""Giving codes, under the branch's lock."""

from chassis.database import Transaction, insert_if_new, scoped
from chassis.identity import Who
from services.customers.files.rules import code_of, number_of
from services.customers.files.tables import codes


def lock_branch(tx: Transaction, who: Who, branch_id: str) -> None:
    """Until the end of the transaction nobody else registers customers of this branch."""
    insert_if_new(tx, scoped(codes, who).table, {"branch_id": branch_id, "last": 0}, ["branch_id"])
    tx.execute(scoped(codes, who).select().where(codes.c.branch_id == branch_id).with_for_update())


def next_code(tx: Transaction, who: Who, branch_id: str) -> str:
    """The next code of the branch; a transaction that is rolled back gives it back."""
    following = scoped(codes, who).update().where(codes.c.branch_id == branch_id).values(last=codes.c.last + 1)
    return code_of(tx.execute(following.returning(codes.c.last)).scalar_one())


def take_code(tx: Transaction, who: Who, branch_id: str, code: str) -> str:
    """Note that this code is in use, so that later ones come after it."""
    later = scoped(codes, who).update().where(codes.c.branch_id == branch_id, codes.c.last < number_of(code))
    tx.execute(later.values(last=number_of(code)))
    return code
