"""Which of several registrations of one customer holds (一.4, 一.5).

Time decides, never the order in which registrations arrive here: every question is asked of a set of entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid5

from services.customers.register.rules_of_names import full_name
from services.customers.relations.rules import ARTICLE as FAMILY_ARTICLE
from services.customers.relations.rules import Kin

ARTICLE = "一.4"
_NAMESPACE = UUID("6f1c9a52-3b0e-5c6e-9d57-0d0f6f7a2c11")


class Origin(StrEnum):
    """What a registration came from."""

    RECEPTION = "reception"
    IMPORT = "import"
    PERSON = "person"


class Kind(StrEnum):
    """A first or repeated registration, or a signed change of name or phone (一.3)."""

    REGISTERED = "registered"
    AMENDED = "amended"


class Rule(StrEnum):
    """Why the winner won."""

    ONLY = "only_registration"
    FIRST = "first_registered"
    FIRST_CORRECT = "first_full_name_and_correct_phone"
    NONE_CORRECT = "first_registered_none_correct"


Reason = Literal["later", "name_not_full", "phone_not_correct", "name_and_phone_not_correct"]


@dataclass(frozen=True)
class Entry:
    """One line of the register. `at` is when name and phone were registered; an amendment counts from its signature.

    `name` and `phone` (E.164) are None once erased, `phone` also when none was given. `registered_by` is a staff
    member, None for a sheet whose salesperson is not one of ours. `ruled_to`: whose it is after reception ruled again.
    `proved_wrong`: a manager has signed that the phone is not this customer's. `leaves_in_pool`: by the policy of its
    day a visit makes nobody an owner; who registered it stays.
    """

    entry_id: str
    branch_id: str
    customer_id: str
    kind: Kind
    at: datetime
    local_day: date
    name: str | None
    phone: str | None
    phone_correct: bool
    registered_by: str | None
    origin: Origin
    origin_key: str
    ruled_to: str | None = None
    proved_wrong: bool = False
    leaves_in_pool: bool = False

    @property
    def whose(self) -> str | None:
        """Whose customer it makes."""
        return None if self.leaves_in_pool else self.ruled_to or self.registered_by

    @property
    def counts(self) -> bool:
        """Whether it has a full name and a correct phone."""
        return self.has_correct_phone and self.has_full_name

    @property
    def has_full_name(self) -> bool:
        return self.full_name is not None

    @property
    def has_correct_phone(self) -> bool:
        return self.phone_correct and not self.proved_wrong

    @property
    def full_name(self) -> str | None:
        """The name in one form, if it is full."""
        return full_name(self.name) if self.name else None

    @property
    def without_person(self) -> "Entry":
        """What of it may be kept of somebody who was erased."""
        return replace(self, name=None, phone=None)

    @property
    def order(self) -> tuple[datetime, bool, str, str]:
        """Earlier first; at the same instant what was begun first: a reception or a sheet before what a person enters,
        and of these the one with the earlier key, an id that sorts by time."""
        return self.at, self.origin is Origin.PERSON, self.origin_key, self.entry_id


@dataclass(frozen=True)
class Loser:
    """A registration that does not hold, and why. `kin`: what its person is to the one whose registration holds."""

    entry: Entry
    reason: Reason
    kin: Kin | None = None

    @property
    def article(self) -> str:
        return FAMILY_ARTICLE if self.kin else ARTICLE


@dataclass(frozen=True)
class Ruling:
    """Which registration holds, by which rule of which article, and why each other one does not."""

    winner: Entry
    rule: Rule
    losers: tuple[Loser, ...]
    article: str = ARTICLE

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All of them."""
        return self.winner, *(loser.entry for loser in self.losers)


def rule(entries: Iterable[Entry], kin: Mapping[str, Kin] | None = None) -> Ruling:
    """Rule among all registrations of one customer: at least one.

    `kin`: the ids that are family of the one whose registration holds, and what each is to them (一.5).
    """
    ordered = sorted(entries, key=lambda entry: entry.order)
    counting = [entry for entry in ordered if entry.counts]
    winner = (counting or ordered)[0]
    family = kin or {}
    losers = tuple(
        Loser(entry, _why_not(entry, winner), family.get(entry.customer_id)) for entry in ordered if entry is not winner
    )
    return Ruling(winner, _which_rule(ordered, counting), losers, FAMILY_ARTICLE if family else ARTICLE)


def _which_rule(ordered: Sequence[Entry], counting: Sequence[Entry]) -> Rule:
    if len(ordered) == 1:
        return Rule.ONLY
    if not counting:
        return Rule.NONE_CORRECT
    return Rule.FIRST if len(counting) == len(ordered) else Rule.FIRST_CORRECT


def _why_not(entry: Entry, winner: Entry) -> Reason:
    if entry.counts or not winner.counts:
        return "later"
    if entry.has_full_name:
        return "phone_not_correct"
    return "name_not_full" if entry.has_correct_phone else "name_and_phone_not_correct"


def last_amendment(entries: Iterable[Entry]) -> Entry | None:
    """The latest signed change; None if there was none."""
    amended = [entry for entry in entries if entry.kind is Kind.AMENDED]
    return max(amended, key=lambda entry: entry.order, default=None)


def entry_id_of(branch_id: str, origin: Origin, origin_key: str) -> str:
    """The id of the entry that comes of this origin: the same however often it is told."""
    return str(uuid5(_NAMESPACE, f"{branch_id}/{origin}/{origin_key}"))
