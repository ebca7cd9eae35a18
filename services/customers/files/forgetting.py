"""What is left of files once all that says who they are of is erased, and knowing which they are."""

from collections.abc import Collection

from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import CustomerErased
from services.customers.files.moves import note_move
from services.customers.files.rules import ERASED, File, Move
from services.customers.files.tables import bin_moves, customers, owners
from services.customers.finding import actions as finding


def forget(tx: Transaction, who: Who, files: Collection[File], because: str) -> None:
    """Erase these files, and announce it of each. The caller holds the branch's lock."""
    gone = {**ERASED, "active": False, "deleted_at": None, "erased_at": tx.now(), "version": customers.c.version + 1}
    ids = [file.customer_id for file in files]
    tx.execute(scoped(customers, who).update().where(customers.c.customer_id.in_(ids)).values(gone))
    tx.execute(scoped(owners, who).update().where(owners.c.customer_id.in_(ids)).values(reason=None))
    tx.execute(scoped(bin_moves, who).update().where(bin_moves.c.customer_id.in_(ids)).values(reason=None))
    for file in files:
        if file.deleted_at is not None:
            note_move(tx, who, file, Move.PURGED)
        finding.forget(tx, who, file.customer_id)
        fact = CustomerErased(file.customer_id, file.branch_id, because)
        record(tx, fact, about("customer", file.customer_id, file.version + 1, file.branch_id))
