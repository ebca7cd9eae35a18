"""Which of a customer's contacts is the primary."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.customers.finding.rules import Says


class UnknownContact(Exception):
    """The customer has no such contact."""


@dataclass(frozen=True)
class Contact:
    """One person at a customer's. `phones` are E.164; `chosen`: somebody said that this is the primary.

    `customer_id` is the id under which it came, which may since have been merged into another.
    """

    contact_id: str
    customer_id: str
    branch_id: str
    name: str
    position: str | None
    phones: tuple[str, ...]
    email: str | None
    wechat: str | None
    remarks: str | None
    chosen: bool
    version: int


def in_order(contacts: Iterable[Contact], customer_id: str) -> list[Contact]:
    """The contacts of one customer, the primary first: the chosen one, or the oldest where none is; then by age.

    Two were chosen only where two customers became one: the one under the id that remained goes first. Ids sort by
    time.
    """

    def place(one: Contact) -> tuple[bool, bool, str]:
        return not one.chosen, one.chosen and one.customer_id != customer_id, one.contact_id

    return sorted(contacts, key=place)


def found_by(contacts: Sequence[Contact]) -> Says:
    """What a customer is found by through their contacts."""
    phones = [phone for one in contacts for phone in one.phones]
    return Says(names=[one.name for one in contacts], codes=[one.wechat for one in contacts], phones=phones)
