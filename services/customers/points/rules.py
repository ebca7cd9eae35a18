"""What a customer earns, and what may be spent of it.

The rules are data with a version and a day from which it holds, a branch's laid over the company's, as in `policy`; and
a fact counts by the rules of its own day. All of it is the product's own rule, not the source's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from services.customers.policy.rules import BadSetting, UnknownSetting, Version, check_number, holding_on
from services.customers.register.rules import Entry, Origin

MOST = 1_000_000_000
"""No posting is greater."""
_NAMESPACE = UUID("5c0f3d7e-8a41-5b6d-9d27-2f8e6b1c4a90")
_REFERRAL = "referral"


class PointsNotOn(Exception):
    """The rules of the day switch points off in this branch, or for customers of this type."""


class NotEnoughPoints(Exception):
    """More was to be spent or taken than is there; `available` is what is."""

    def __init__(self, available: int) -> None:
        super().__init__(str(available))
        self.available = available


class TooManyByHand(Exception):
    """More was to be given or taken by hand than the rules let anybody; `most` is what they do."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


class Kind(StrEnum):
    """Why there is a posting: what was earned by itself, what a manager gave or took, what was spent."""

    DEAL = "deal"
    VISIT = "visit"
    REFERRAL = "referral"
    BY_HAND = "by_hand"
    SPENT = "spent"


class SpentOn(StrEnum):
    """What points are spent on."""

    GIFT = "gift"
    DISCOUNT = "discount"
    SERVICE = "service"
    OTHER = "other"


class ByHand(StrEnum):
    """Why a manager gives points or takes them."""

    GOODWILL = "goodwill"
    CAMPAIGN = "campaign"
    MISTAKE = "mistake"
    OTHER = "other"


@dataclass(frozen=True)
class Why:
    """What somebody posts for: a code, and words of their own."""

    reason: str
    note: str | None = None


@dataclass(frozen=True)
class Rules:
    """What holds on a day. `types_off` are the types of customers that have no points.

    `deal_points` are for each whole `deal_per` cents of a deal, `visit_points` for each visit, `referral_points` for
    each new customer who was brought; a manager gives or takes at most `by_hand_most` at once.
    """

    on: bool = False
    types_off: Sequence[str] = ()
    deal_points: int = 0
    deal_per: int = 1_000_000
    visit_points: int = 0
    referral_points: int = 0
    by_hand_most: int = 0
    version: str = "built-in"

    def include(self, customer_type: str | None) -> bool:
        """Whether customers of this type (None: of no type) have points."""
        return self.on and customer_type not in self.types_off


BUILT_IN = Rules()
_RANGES: Mapping[str, tuple[int, int]] = {
    "deal_points": (0, 10_000),
    "deal_per": (100, 1_000_000_000),
    "visit_points": (0, 1_000_000),
    "referral_points": (0, 1_000_000),
    "by_hand_most": (0, 10_000_000),
}


def check(values: Mapping[str, Any]) -> None:
    """Raises UnknownSetting, BadSetting or SettingOutOfRange for a document that holds no rules."""
    for name, value in values.items():
        if name in _RANGES:
            check_number(name, value, _RANGES[name])
        elif name not in ("on", "types_off"):
            raise UnknownSetting(name)
        elif not (type(value) is bool if name == "on" else _are_texts(value)):
            raise BadSetting(name)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value) and len(value) == len({*value})


def rules_on(versions: Iterable[Version], day: date) -> Rules:
    """The rules of a day; their `version` names those that were laid one over the other."""
    holding = holding_on(versions, day)
    if not holding:
        return BUILT_IN
    values = asdict(BUILT_IN)
    for one in holding:
        values |= one.values
    names = [f"{'branch' if one.branch_id else 'company'}-{one.n}" for one in holding]
    return Rules(**values | {"version": "+".join(names)})


@dataclass(frozen=True)
class Deal:
    """A deal as it is booked; `amount` in cents, None where it is not known, 0 once it was taken back."""

    customer_id: str | None
    amount: int | None


@dataclass(frozen=True)
class Came:
    """Who came to a reception, and whether reception had not known them."""

    customer_id: str
    is_new: bool


@dataclass(frozen=True)
class Visit:
    """A completed reception: the visitor first, then who came along. `by_id` is the customer by whom reception knew
    whose visitor it is: the visitor, or who brought them (`kind` referral).
    """

    kind: str
    by_id: str | None
    came: Sequence[Came]


@dataclass(frozen=True)
class Earned:
    """Points that a fact gives a customer, and what they rest on."""

    kind: Kind
    customer_id: str
    points: int
    facts: Mapping[str, Any] = field(default_factory=dict)


Types = Mapping[str, str | None]
"""The type of each customer who has one."""


def whose(fact: Deal | Visit) -> list[str]:
    """The customers to whom a fact may give points."""
    if isinstance(fact, Deal):
        return [fact.customer_id] if fact.customer_id else []
    return [one.customer_id for one in fact.came] + ([fact.by_id] if fact.by_id else [])


def earned(fact: Deal | Visit, rules: Rules, types: Types) -> list[Earned]:
    """What a fact gives by the rules of its day."""
    found = _by_deal(fact, rules) if isinstance(fact, Deal) else [*_by_visit(fact, rules), *_by_bringing(fact, rules)]
    return [one for one in found if one.points and rules.include(types.get(one.customer_id))]


def _by_deal(deal: Deal, rules: Rules) -> list[Earned]:
    if deal.customer_id is None or deal.amount is None:
        return []
    points = min(max(deal.amount, 0) // rules.deal_per * rules.deal_points, MOST)
    facts = {"amount": deal.amount, "per": rules.deal_per, "each": rules.deal_points}
    return [Earned(Kind.DEAL, deal.customer_id, points, facts)]


def _by_visit(visit: Visit, rules: Rules) -> list[Earned]:
    came = dict.fromkeys(one.customer_id for one in visit.came)
    return [Earned(Kind.VISIT, one, rules.visit_points) for one in came]


def _by_bringing(visit: Visit, rules: Rules) -> list[Earned]:
    """老带新: the visitor was brought, or is an old customer with whom new ones came along."""
    if visit.by_id is None:
        return []
    brought = visit.came if visit.kind == _REFERRAL else visit.came[1:]
    new = dict.fromkeys(one.customer_id for one in brought if one.is_new and one.customer_id != visit.by_id)
    return [Earned(Kind.REFERRAL, visit.by_id, rules.referral_points, {"brought_id": one}) for one in new]


def known_before(entries: Sequence[Entry]) -> set[tuple[str, str]]:
    """Of all registrations of one customer: the receptions before which they had been registered, each with the id as
    whom they came there.
    """
    first = _source_of(min(entries, key=lambda entry: entry.order))
    visits = (entry for entry in entries if entry.origin is Origin.RECEPTION and _source_of(entry) != first)
    return {(_source_of(entry), entry.customer_id) for entry in visits}


def _source_of(entry: Entry) -> str:
    """What it came from; all who came to one reception were registered by it together."""
    return entry.origin_key.partition("/")[0] if entry.origin is Origin.RECEPTION else entry.entry_id


@dataclass(frozen=True)
class Source:
    """Which word about what: a deal or a reception of a branch and its local day; `sequence` rises with each word."""

    kind: str
    source_id: str
    branch_id: str
    sequence: int
    day: date

    def posting_id(self, one: Earned) -> str:
        """The id of what is posted for it: the same whenever and however often it is heard."""
        brought = one.facts.get("brought_id", "")
        said = (self.kind, self.source_id, str(self.sequence), one.kind, one.customer_id, brought)
        return str(uuid5(_NAMESPACE, "/".join(said)))


def reversal_id(posting_id: str) -> str:
    """The id of the posting that takes this one back; there is one at most."""
    return str(uuid5(_NAMESPACE, f"reversal/{posting_id}"))


@dataclass(frozen=True)
class Balance:
    """The sum of a customer's postings. Below zero it is owed: something was taken back that had been spent."""

    total: int

    @property
    def available(self) -> int:
        """What may be spent."""
        return max(self.total, 0)

    @property
    def owed(self) -> int:
        """What the next points settle first."""
        return max(-self.total, 0)


def check_spending(balance: Balance, points: int) -> None:
    """Raises NotEnoughPoints."""
    if points > balance.available:
        raise NotEnoughPoints(balance.available)


def check_by_hand(rules: Rules, balance: Balance, points: int) -> None:
    """`points` are given, or taken where they are below zero. Raises TooManyByHand, NotEnoughPoints."""
    if abs(points) > rules.by_hand_most:
        raise TooManyByHand(rules.by_hand_most)
    check_spending(balance, -points)
