"""What of a registered name and phone is to be changed, and by whose signature (一.3)."""

from dataclasses import dataclass
from enum import StrEnum

from services.customers.register.rules_of_names import is_full_name

ARTICLE = "一.3"


class Asked(StrEnum):
    """How far a change that somebody asked for has come: only a signed one has an effect."""

    ASKED = "asked"
    SIGNED = "signed"
    REFUSED = "refused"


class UnknownAmendment(Exception):
    """Nobody asked for this change, or not within the asker's reach."""


class UnknownEntry(Exception):
    """The customer has no such registration, or it has no phone that could be wrong."""


class SignatureNeeded(Exception):
    """A registered name or phone is changed by the signature of a supervisor or manager other than who asks (一.3)."""

    article = ARTICLE


class FullNameNeeded(Exception):
    """A correction must bring the full name (一.4)."""

    article = "一.4"


class NothingToAmend(Exception):
    """Name and phone are registered like this already."""


@dataclass(frozen=True)
class Wanted:
    """The name and phone (E.164) to be registered; None of what is to stay."""

    name: str | None
    phone: str | None


def wanted(name: str | None, phone: str | None, asked_name: str | None, asked_phone: str | None) -> Wanted:
    """What would really change of `name` and `phone`; raises NothingToAmend, FullNameNeeded."""
    changed = Wanted(
        asked_name if asked_name != name else None,
        asked_phone if asked_phone != phone else None,
    )
    if changed.name is None and changed.phone is None:
        raise NothingToAmend
    if changed.name is not None and not is_full_name(changed.name):
        raise FullNameNeeded
    return changed


def check_signer(asked_by: str, actor_id: str) -> None:
    """Raises SignatureNeeded when who asked would sign."""
    if asked_by == actor_id:
        raise SignatureNeeded
