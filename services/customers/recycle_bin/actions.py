"""Deleting customers, bringing them back, and purging them."""

from dataclasses import replace

from chassis import audit
from chassis.database import Transaction
from chassis.identity import Who
from services.customers.erasure.actions import check_meant, forget
from services.customers.erasure.rules import Because
from services.customers.files import codes
from services.customers.files.moves import note_move
from services.customers.files.registering import RULED, save
from services.customers.files.rules import File, Move
from services.customers.files.views import deleted_row
from services.customers.ownership.actions import locked_file
from services.customers.recycle_bin.rules import NotInRecycleBin
from services.customers.recycle_bin.views import is_due_to_be_purged, known_file
from services.customers.spreadsheets.views import is_taking_in


def delete(tx: Transaction, who: Who, customer_id: str, reason: str) -> str:
    """Move a customer in reach into the recycle bin; answers the customer's id.

    What others have written about the customer stays; they hear that the customer is not active any more. Raises
    UnknownCustomer, InRecycleBin.
    """
    file = locked_file(tx, who, customer_id)
    save(tx, who, file, replace(file, active=False, deleted_at=tx.now()), RULED)
    _note(tx, who, file, Move.DELETED, reason)
    return file.customer_id


def restore(tx: Transaction, who: Who, customer_id: str) -> str:
    """Bring a customer back as they were, with all that belongs to them; answers the customer's id.

    The register has gone on ruling meanwhile, so nobody else can have the code or the phone. Raises UnknownCustomer,
    NotInRecycleBin.
    """
    file = _locked(tx, who, customer_id)
    save(tx, who, file, replace(file, active=True, deleted_at=None), RULED)
    _note(tx, who, file, Move.RESTORED)
    return file.customer_id


def purge(tx: Transaction, who: Who, customer_id: str, code: str, *, family_too: bool) -> None:
    """Forget a customer of the recycle bin for good, in every service; what happened with them stays as facts.

    `code` is the customer's once more; with `family_too` all whose customer it is go (一.5). Raises UnknownCustomer,
    NotInRecycleBin, CodeNotRepeated, StandsForRelatives, SheetUnderWay.
    """
    file = _locked(tx, who, customer_id)
    check_meant(tx, who, file, code, family_too=family_too)
    forget(tx, who, file.customer_id, Because.PURGED)


def purge_due(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> None:
    """The same for one whose time in the recycle bin is over, unless they are out of it meanwhile, or a sheet of the
    branch is being taken in: then the next hour does.
    """
    codes.lock_branch(tx, who, branch_id)
    row = deleted_row(tx, who, customer_id, locked=True)
    if row is not None and is_due_to_be_purged(tx, who, row) and not is_taking_in(tx, who, branch_id):
        forget(tx, who, customer_id, Because.PURGED)


def _locked(tx: Transaction, who: Who, customer_id: str) -> File:
    """A file in the recycle bin under the locks that everybody takes who registers; raises as `restore`."""
    codes.lock_branch(tx, who, known_file(tx, who, customer_id).branch_id)
    row = deleted_row(tx, who, customer_id, locked=True)
    if row is None:
        raise NotInRecycleBin
    return File(**row)


def _note(tx: Transaction, who: Who, file: File, move: Move, reason: str | None = None) -> None:
    note_move(tx, who, file, move, reason)
    audit.note(tx, who, f"customer.{move.value}", f"customer/{file.customer_id}", file.branch_id)
