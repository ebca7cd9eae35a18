"""The receipt of a registration (登记回执): what it rests on, and whether it stands (一.4: 以先登记的为准).

The receipt itself is the product's own; the rule book knows the register only.
"""

from collections.abc import Iterable
from enum import StrEnum


class NotRegisteredYet(Exception):
    """A receipt is of a registration: the reception has not come to one."""


class Verdict(StrEnum):
    """Whether a receipt stands."""

    STANDS = "stands"
    OTHER_HASH = "other_hash"  # no entry of this reception's registration has this digest
    REGISTER_CHANGED = "register_changed"  # the entry, or a link to its neighbours, is not as it was written


def is_erased(visitor_phone: str | None) -> bool:
    """Whether who was registered was erased since: nobody is registered without a phone."""
    return visitor_phone is None


def verdict(kept: Iterable[str], shown: str, broken: bool) -> Verdict:
    """Of the digests the register keeps for the registration, the one shown, and what the verifier found of it."""
    if shown not in set(kept):
        return Verdict.OTHER_HASH
    return Verdict.REGISTER_CHANGED if broken else Verdict.STANDS
