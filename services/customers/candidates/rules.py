"""Whether two customers may be one: same name, or near phone (rule 4 of the register). Only a person decides that."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.customers.register.rules_of_names import full_name
from services.customers.register.rules_of_persons import last_eight_of

_NEAR_WITHIN = 8  # a phone that differs further in front ends in the same eight digits


class Alike(StrEnum):
    """In what two customers are alike."""

    NAME = "same_name"
    SAME_PHONE = "same_phone"
    PHONE = "near_phone"
    LAST_EIGHT = "same_last_eight_digits"


class UnknownCandidate(Exception):
    """Nobody has decided anything about these two."""


class SamePhone(Exception):
    """Two registered with one phone are one customer; to part them, the wrong phone is signed to be wrong (一.4)."""

    article = "一.4"


@dataclass(frozen=True)
class Known:
    """What is compared of a customer: the name as registered, the phone in E.164."""

    name: str | None
    phone: str | None

    @property
    def full_name(self) -> str | None:
        return full_name(self.name) if self.name else None


def alike(one: Known, other: Known) -> tuple[Alike, ...]:
    """In what the two are alike; nothing: they are no candidates."""
    found = []
    if one.full_name is not None and one.full_name == other.full_name:
        found.append(Alike.NAME)
    if one.phone and other.phone and (in_what := _phones_alike(one.phone, other.phone)):
        found.append(in_what)
    return tuple(found)


def _phones_alike(one: str, other: str) -> Alike | None:
    """Within a branch the same phone is the same customer; across branches headquarters is told."""
    if one == other:
        return Alike.SAME_PHONE
    if is_near(one, other):
        return Alike.PHONE
    return Alike.LAST_EIGHT if last_eight_of(one) == last_eight_of(other) else None


def is_near(one: str, other: str) -> bool:
    """Whether a slip of the finger makes one phone the other: one digit differs, or two neighbours are swapped."""
    if len(one) != len(other):
        return False
    differ = [at for at in range(len(one)) if one[at] != other[at]]
    swapped = len(differ) == 2 and differ[1] == differ[0] + 1 and one[differ[0]] == other[differ[1]]
    return len(differ) == 1 or (swapped and one[differ[1]] == other[differ[0]])


def near_phones(phone: str) -> Iterator[str]:
    """The phones that are near this one and differ from it in the last eight digits."""
    for at in range(max(2, len(phone) - _NEAR_WITHIN), len(phone)):
        yield from (phone[:at] + digit + phone[at + 1 :] for digit in "0123456789" if digit != phone[at])
        if phone[at - 1] != phone[at]:
            yield phone[: at - 1] + phone[at] + phone[at - 1] + phone[at + 1 :]
