"""Whose row it is: a customer known by code or name, a new one, or nobody's."""

from dataclasses import dataclass

from chassis.database import Transaction
from chassis.identity import Who
from services.customers.files import codes
from services.customers.files.registering import Opening, register_stranger
from services.customers.files.rules import code_of
from services.customers.files.views import active_files, file_with_code
from services.customers.people.views import local_day
from services.customers.register.rules import Entry, Kind, Origin, entry_id_of
from services.customers.spreadsheets.rules import Fate, Row, RowRefused, same_name


@dataclass(frozen=True)
class Found:
    """The customer that a row belongs to, and what is worth saying about that."""

    fate: Fate
    customer_id: str | None
    warning: str | None = None


NOBODY = Found(Fate.NO_CUSTOMER, None)


@dataclass(frozen=True)
class Place:
    """Where a row stands: its branch, its key, whose customer it would be, and the greatest number in its sheet."""

    branch_id: str
    row_key: str
    owner_id: str | None
    greatest_code: int


def customer_of(tx: Transaction, who: Who, row: Row, at: Place) -> Found:
    """Find or register the customer of a row; raises RowRefused when its code is another customer's.

    A row without a name brings no new customer; one without code and name belongs to nobody.
    """
    if row.too_long:
        raise RowRefused(f"{row.too_long[0]}_too_long")
    found = _by_code(tx, who, at.branch_id, row) if row.code else _by_name(tx, who, at.branch_id, row)
    if found is not None:
        return found
    if not row.code:  # a code that a later row brings must not be given to this one
        codes.take_code(tx, who, at.branch_id, code_of(at.greatest_code))
    opening = Opening(row.code, row.customer_type)
    done = register_stranger(tx, who, _entry(tx, who, row, at), opening)
    return Found(Fate.NEW_CUSTOMER, done.file.customer_id)


def _by_code(tx: Transaction, who: Who, branch_id: str, row: Row) -> Found | None:
    file = file_with_code(tx, who, branch_id, row.code or "")
    if file is None:
        return None if row.name else NOBODY
    if row.name and not same_name(file.name, row.name):
        raise RowRefused("code_taken")
    return Found(Fate.KNOWN_CUSTOMER, file.merged_into or file.customer_id)


def _by_name(tx: Transaction, who: Who, branch_id: str, row: Row) -> Found | None:
    """A name alone proves nothing when two customers have it."""
    if not row.name:
        return NOBODY
    same = active_files(tx, who, branch_id, name=row.name)
    if len(same) > 1:
        return Found(Fate.NO_CUSTOMER, None, "name_not_unique")
    return Found(Fate.KNOWN_CUSTOMER, same[0].customer_id, "known_by_name") if same else None


def _entry(tx: Transaction, who: Who, row: Row, at: Place) -> Entry:
    return Entry(
        entry_id=entry_id_of(at.branch_id, Origin.IMPORT, at.row_key),
        branch_id=at.branch_id,
        customer_id=tx.new_id(),
        kind=Kind.REGISTERED,
        at=tx.now(),
        local_day=local_day(tx, who, at.branch_id),
        name=row.name,
        phone=None,
        phone_correct=False,
        registered_by=at.owner_id,
        origin=Origin.IMPORT,
        origin_key=at.row_key,
    )
