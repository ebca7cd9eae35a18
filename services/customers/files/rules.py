"""Codes, what a file says after a ruling, who may change what, and how a phone is shown."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from services.customers.finding.rules import Listed, Says
from services.customers.register.rules import Entry, Origin, Ruling, last_amendment
from services.customers.register.rules_of_persons import Standing

_OWN_CODE = re.compile(r"A(\d{3,9})")

_NOTHING: Mapping[str, Any] = MappingProxyType({})

SET_BY_HAND = (
    "customer_type",
    "grade",
    "key_account",
    "company",
    "industry",
    "province",
    "city",
    "district",
    "remarks",
)
"""What people set in a file just so; demand, details and the owner have rules of their own."""


ERASED: Mapping[str, Any] = {
    **dict.fromkeys(("name", "phone", "company", "industry", "province", "city", "district", "remarks")),
    "other_phones": [],
    "demand": {},
    "details": {},
    "parent_id": None,
}
"""What is left of all that says who a customer is, or might say it together: where they live, what they do, under whom
they stand. Kept as facts are the code, when and by what they came, their type and grade, and whose they were."""


WHOSE = ("customer_id", "branch_id", "code", "owner_id")
"""What whoever registers a customer learns of the file, be it anybody's."""


class UnknownCustomer(Exception):
    """There is no such customer, or not within the asker's reach."""


class InRecycleBin(Exception):
    """The customer was deleted: who may restore them is told so, nobody else learns of them."""


class CustomerErased(UnknownCustomer):
    """There was such a customer; who it was has been erased on request."""


class PhoneHeld(Exception):
    """Another customer of the branch has this phone."""


@dataclass(frozen=True)
class File:
    """A customer's file as it is stored. `other_phones`: each `phone` beside the first, and the `customer_id` of theirs
    that bears it.
    """

    customer_id: str
    branch_id: str
    code: str
    name: str | None
    phone: str | None
    other_phones: list[dict[str, str]]
    customer_type: str | None
    grade: str | None
    key_account: bool
    company: str | None
    industry: str | None
    province: str | None
    city: str | None
    district: str | None
    demand: dict[str, Any]
    remarks: str | None
    details: dict[str, Any]
    parent_id: str | None
    source: str
    owner_id: str | None
    owner_by_hand: bool
    registered_at: datetime
    local_day: date
    active: bool
    merged_into: str | None
    deleted_at: datetime | None
    erased_at: datetime | None
    version: int

    @property
    def stands_alone(self) -> bool:
        """Whether it is that of a customer, in the recycle bin or out of it, and not laid aside for another one."""
        return self.merged_into is None

    @property
    def phones(self) -> list[str]:
        """All of them, the first one first."""
        return phones_of(vars(self))


class Why(StrEnum):
    """Why a customer has the owner they have.

    `merged`: they joined another customer, and are whose that one is; `parted`: they did, and do no more.
    """

    REGISTERED = "registered"
    RULED = "ruled"
    ASSIGNED = "assigned"
    TAKEN_BACK = "taken_back"
    APPLIED = "applied"
    DRAWN = "drawn"
    VISITED = "visited"
    IDLE = "idle"
    HANDED_OVER = "handed_over"
    MERGED = "merged"
    PARTED = "parted"


@dataclass(frozen=True)
class Because:
    """Why an owner changes, who decided it (None: nobody in person), and the reason they gave."""

    why: Why
    by_id: str | None = None
    reason: str | None = None


class Move(StrEnum):
    """Into the recycle bin, or why out of it: restored; registered once more; ruled to be one with a customer who
    stands; forgotten."""

    DELETED = "deleted"
    RESTORED = "restored"
    REGISTERED_AGAIN = "registered_again"
    RULED = "ruled"
    PURGED = "purged"


@dataclass(frozen=True)
class Registered:
    """What became of an entry: the file of the customer it belongs to, the ruling, whether the customer is new, the
    ids that stand for them, and whether it brought them back out of the recycle bin."""

    file: File
    ruling: Ruling
    is_new: bool
    ids: frozenset[str]
    is_back: bool = False


def code_of(number: int) -> str:
    """A001 … A999, A1000 …"""
    return f"A{number:03}"


def number_of(code: str) -> int:
    """The number in a code of our own form; 0 for a code of any other form, which no number can collide with."""
    found = _OWN_CODE.fullmatch(code)
    return int(found[1]) if found and code_of(int(found[1])) == code else 0


def file_by_ruling(standing: Standing, before: File | None, code: str, opening: Mapping[str, Any] = _NOTHING) -> File:
    """The file of the registration that holds. `before`: the file that held until now, for what people have set.
    `opening`: what it begins with where there was none.
    """
    winner, phone = standing.ruling.winner, standing.phone
    by_hand = before is not None and before.owner_by_hand
    ruled = {
        "customer_id": winner.customer_id,
        "branch_id": winner.branch_id,
        "code": code,
        "name": standing.name,
        "phone": phone,
        "other_phones": [
            {"customer_id": bearer, "phone": one} for one, bearer in standing.bearers.items() if one != phone
        ],
        "source": min(standing.entries, key=lambda entry: entry.order).origin.value,
        "owner_id": before.owner_id if before and by_hand else winner.whose or _first_served_by(standing.entries),
        "owner_by_hand": by_hand,
        "registered_at": winner.at,
        "local_day": winner.local_day,
        "active": before is None or before.deleted_at is None,
        "merged_into": None,
        "version": 1,
    }
    return File(**(vars(before) if before else {**_unsaid(), **opening}) | ruled)


def is_registered_again(deleted_at: datetime, ids: Collection[str], new: Collection[Entry]) -> bool:
    """Whether one of these new entries brings the deleted customer of these ids back.

    It was registered when they were deleted already: what is heard late of a time before leaves them where they are.
    """
    return any(entry.customer_id in ids and entry.at >= deleted_at for entry in new)


def _first_served_by(entries: Sequence[Entry]) -> str | None:
    """Whose a customer is who was registered as nobody's: a visit to somebody in the pool counts as a first one."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    return next((entry.whose for entry in ordered if entry.origin is Origin.RECEPTION and entry.whose), None)


def _unsaid() -> dict[str, Any]:
    """A file in which nothing has been said yet, but for what the register says."""
    return dict.fromkeys((*SET_BY_HAND, "parent_id", "deleted_at", "erased_at")) | {
        "key_account": False,
        "demand": {},
        "details": {},
    }


def merged_file(standing: Standing, customer_id: str, winner: File, before: File | None) -> File:
    """The file of an id whose registrations belong to another customer.

    It keeps its code and what people have set, so that it can stand again; its further phones are the customer's.
    """
    entries = [entry for entry in standing.entries if entry.customer_id == customer_id]
    first = min(entries, key=lambda entry: entry.order)
    by_hand = before is not None and before.owner_by_hand
    ruled: dict[str, Any] = {
        "name": (last_amendment(entries) or first).name,
        "phone": next(iter(standing.phones_in(entries)), None),
        "other_phones": [],
        "source": first.origin.value,
        "owner_id": before.owner_id if before and by_hand else first.whose,
        "owner_by_hand": by_hand,
        "registered_at": first.at,
        "local_day": first.local_day,
        "active": False,
        "merged_into": winner.customer_id,
        "deleted_at": None,
    }
    begun = {"customer_id": customer_id, "branch_id": first.branch_id, "code": winner.code, "version": 0}
    return File(**(vars(before) if before else _unsaid() | begun) | ruled)


def demand_after(before: Mapping[str, str], said: Mapping[str, str | None]) -> dict[str, str]:
    """What is known of the demand after this was said: what is left out stays, what is None is no longer known."""
    return {name: value for name, value in {**before, **said}.items() if value is not None}


def listed(file: File) -> Listed:
    """The file as far as lists need to know it."""
    return Listed(file.customer_id, file.branch_id, file.owner_id, file.registered_at, file.active)


def found_by(file: File) -> Says:
    """What a file is found by. Not by its remarks: whoever looks for 王 means a person."""
    return Says(names=(file.name,), words=(file.company,), codes=(file.code,), phones=file.phones)


def phones_of(row: Mapping[Any, Any]) -> list[str]:
    """All phones of a file's row, its first one first; of a row that tells of one alone, that one."""
    first = [row["phone"]] if row["phone"] else []
    return first + [one["phone"] for one in row.get("other_phones", ())]


def masked(phone: str | None) -> str | None:
    """+8613812341234 → 138****1234; of any other phone only the last four digits remain."""
    if phone is None:
        return None
    digits = phone.removeprefix("+86") if phone.startswith("+86") else phone
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-4:]}"


def digits_of(text: str) -> str:
    """The digits in what somebody typed as a phone."""
    return re.sub(r"\D", "", text)
