"""How long a customer stays in the recycle bin, and what a manager is told when one comes back.

Only managers delete: the register says that nobody alters what is registered without another's signature (一.3), and
to take a customer away is to alter everything. All else is the product's own rule, not the source's.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from services.customers.files.rules import File
from services.customers.policy.rules import Policy


class NotInRecycleBin(Exception):
    """This customer is not in the recycle bin, or not any more."""


class Notice(StrEnum):
    """What happened while a customer was in the recycle bin, and is left to a manager to put right."""

    OWNER_LEFT = "owner_left"
    PARENT_IN_BIN = "parent_in_bin"


def purged_on(deleted_on: date, policy: Policy) -> date:
    """The first day on which a customer is purged who was deleted on this day; days are the branch's."""
    return deleted_on + timedelta(days=policy.bin_days)


def notices(file: File, parent: File | None, *, owner_works_here: bool) -> Iterable[Notice]:
    """What to tell of a customer who came back as they were; `parent`: the file they stand under, as it is now."""
    if file.owner_id and not owner_works_here:
        yield Notice.OWNER_LEFT
    if parent is not None and parent.deleted_at:
        yield Notice.PARENT_IN_BIN
