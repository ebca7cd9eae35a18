"""The line, and who receives the visitor (rule book 一.1, 一.6, 一.7).

The line is one lasting order of a hall's salespeople. A is the first in it who is on duty, present and free, B the
next. Rules take facts and return facts; they touch nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Why a visitor comes."""

    FIRST_VISIT = "first_visit"
    RETURNING = "returning"
    REFERRAL = "referral"
    NOT_BUYING = "not_buying"
    OTHER = "other"


_OWNED = frozenset({Kind.RETURNING, Kind.REFERRAL})


class Role(StrEnum):
    """As what somebody receives."""

    A = "a"
    ORIGINAL = "original"
    DELEGATE = "delegate"
    STAND_IN = "stand_in"  # until the original, or who stands in the original's shoes, takes over
    WHOLE_VISIT = "whole_visit"  # 全程


RECEIVE_THEIR_OWN = frozenset({Role.ORIGINAL, Role.DELEGATE})
"""Who comes before the line, and is not fined for not coming (一.6)."""


class Standing(StrEnum):
    """Where somebody is, as far as receiving goes."""

    FREE = "free"
    SERVING = "serving"
    AWAY = "away"
    ELSEWHERE = "elsewhere"  # on duty in another hall, where the policy joins the halls
    DID_NOT_COME = "did_not_come"  # was called for this visitor already
    SUSPENDED = "suspended"
    OFF_DUTY = "off_duty"


_ON_DUTY = frozenset(Standing) - {Standing.SUSPENDED, Standing.OFF_DUTY}
OWN_CUSTOMER = "own_customer"
"""Why a free person ahead in the line is passed over: the visitor is somebody's own customer."""


@dataclass(frozen=True)
class Place:
    """One salesperson's place in the line, and what decides whether they may receive."""

    staff_id: str
    on_duty: bool
    serving: bool = False
    away: bool = False
    suspended: bool = False
    is_ready: bool = False  # has confirmed that the materials are ready (资料准备好)

    @property
    def standing(self) -> Standing:
        if self.suspended:
            return Standing.SUSPENDED
        if not self.on_duty:
            return Standing.OFF_DUTY
        if self.serving:
            return Standing.SERVING
        return Standing.AWAY if self.away else Standing.FREE

    @property
    def is_free(self) -> bool:
        return self.standing is Standing.FREE


@dataclass(frozen=True)
class Arrival:
    """What the rules look at in a visitor. `original_id`: whose customer it is, or whose customer brought them.

    `delegate_id`: to whom the original, when off duty, has entrusted this customer. `called`: who was called for this
    visitor and did not come. `elsewhere`: who is on duty in another hall of the branch, if the policy joins the halls.
    """

    kind: Kind
    original_id: str | None = None
    delegate_id: str | None = None
    called: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PassedOver:
    """Somebody ahead in the line who does not receive, and why: a Standing, or OWN_CUSTOMER."""

    staff_id: str
    reason: str


@dataclass(frozen=True)
class Facts:
    """What the decision rests on, as of the assignment."""

    kind: Kind
    original_id: str | None = None
    original_is: Standing | None = None
    delegate_id: str | None = None
    delegate_is: Standing | None = None


@dataclass(frozen=True)
class Assignment:
    """This person receives, as this, by this article; these ahead of them do not."""

    server_id: str
    role: Role
    article: str
    code: str
    facts: Facts
    passed_over: tuple[PassedOver, ...]
    policy: str


@dataclass(frozen=True)
class Wait:
    """Nobody can receive now; the visitor keeps a place by order of arrival. This rule is the product's own."""

    code: str
    facts: Facts
    passed_over: tuple[PassedOver, ...]
    policy: str
    article: None = None


class NotOnTheLine(Exception):
    """This salesperson has no place in the hall's line."""


class AlreadyOnTheLine(Exception):
    """This salesperson has a place in the hall's line already."""


class OtherPeopleOnTheLine(Exception):
    """A new order must name exactly those who stand in the line, each once."""


def who_receives(line: Sequence[Place], arrival: Arrival, policy: str) -> Assignment | Wait:
    """Who receives this visitor now, by which article, and why nobody ahead of them does.

    An owner's customer goes to the owner; to whom the owner, off duty, delegated; to A until one of them takes over;
    and to A for the whole visit when nobody of them is on duty (一.6). Everybody else goes to A (一.1, 一.7).
    """
    arrival = _called_again(line, arrival)
    facts = _facts(line, arrival)
    own, shoes = _in_whose_hands(facts)
    if own is None:
        role = Role.WHOLE_VISIT if facts.original_id else Role.A
        return _first(line, arrival, role, facts, policy)
    if (facts.original_is if shoes is Role.ORIGINAL else facts.delegate_is) is not Standing.FREE:
        return _first(line, arrival, Role.STAND_IN, facts, policy)
    passed = tuple(_passed(place, arrival, OWN_CUSTOMER) for place in _ahead_of(line, own))
    return Assignment(own, shoes, "一.6", shoes.value, facts, passed, policy)


def next_served(
    line: Sequence[Place], waiting: Sequence[tuple[str, Arrival]], policy: str
) -> tuple[str, Assignment] | None:
    """Of those who wait, in order of arrival, the one who is received now, and by whom; None when nobody is.

    Who is free takes their own waiting customer first, then whoever came first.
    """
    decided = [(key, who_receives(line, arrival, policy)) for key, arrival in waiting]
    served = [(key, one) for key, one in decided if isinstance(one, Assignment)]
    own = [(key, one) for key, one in served if one.role in RECEIVE_THEIR_OWN]
    return next(iter([*own, *served]), None)


def explanation_of(decision: Assignment | Wait) -> dict[str, Any]:
    """The decision as it is kept for good: what it says, by what, resting on which facts."""
    facts = decision.facts
    return {
        "code": decision.code,
        "article": decision.article,
        "policy": decision.policy,
        "role": decision.role.value if isinstance(decision, Assignment) else None,
        "facts": {
            "kind": facts.kind.value,
            "original_id": facts.original_id,
            "original_is": facts.original_is and facts.original_is.value,
            "delegate_id": facts.delegate_id,
            "delegate_is": facts.delegate_is and facts.delegate_is.value,
        },
        "passed_over": [{"staff_id": one.staff_id, "reason": one.reason} for one in decision.passed_over],
    }


def a_and_b(line: Sequence[Place]) -> tuple[str | None, str | None]:
    """Who stands at A and at B; None where nobody does."""
    free = [place.staff_id for place in line if place.is_free]
    return free[0] if free else None, free[1] if len(free) > 1 else None


def _called_again(line: Sequence[Place], arrival: Arrival) -> Arrival:
    """When everybody on duty was called in vain, they are called again: a visitor is not left standing for ever."""
    if not arrival.called:
        return arrival
    everybody = {place.staff_id for place in line if place.standing in _ON_DUTY}
    return replace(arrival, called=frozenset()) if everybody <= arrival.called else arrival


def _facts(line: Sequence[Place], arrival: Arrival) -> Facts:
    original_id = arrival.original_id if arrival.kind in _OWNED else None
    if original_id is None:
        return Facts(arrival.kind)
    original_is = _standing(line, arrival, original_id)
    facts = Facts(arrival.kind, original_id, original_is)
    if original_is in _ON_DUTY or arrival.delegate_id is None:
        return facts
    delegate_is = _standing(line, arrival, arrival.delegate_id)
    return replace(facts, delegate_id=arrival.delegate_id, delegate_is=delegate_is)


def _in_whose_hands(facts: Facts) -> tuple[str | None, Role]:
    """Who on duty is to have the visitor in the end, and as what; nobody for a visitor of nobody's."""
    if facts.original_is in _ON_DUTY:
        return facts.original_id, Role.ORIGINAL
    if facts.delegate_is in _ON_DUTY:
        return facts.delegate_id, Role.DELEGATE
    return None, Role.A


def _standing(line: Sequence[Place], arrival: Arrival, staff_id: str) -> Standing:
    here = next((place.standing for place in line if place.staff_id == staff_id), Standing.OFF_DUTY)
    if here is Standing.OFF_DUTY and staff_id in arrival.elsewhere:
        return Standing.ELSEWHERE
    return Standing.DID_NOT_COME if here is Standing.FREE and staff_id in arrival.called else here


def _first(line: Sequence[Place], arrival: Arrival, role: Role, facts: Facts, policy: str) -> Assignment | Wait:
    passed: list[PassedOver] = []
    for place in line:
        if place.is_free and place.staff_id not in arrival.called:
            article = "一.6" if facts.original_id else "一.7" if facts.kind is Kind.NOT_BUYING else "一.1"
            code = "first_free_in_line" if role is Role.A else role.value
            return Assignment(place.staff_id, role, article, code, facts, tuple(passed), policy)
        passed.append(_passed(place, arrival))
    somebody = any(place.standing in _ON_DUTY for place in line)
    return Wait("nobody_free" if somebody else "nobody_on_duty", facts, tuple(passed), policy)


def _passed(place: Place, arrival: Arrival, free_because: str = Standing.DID_NOT_COME.value) -> PassedOver:
    standing = place.standing
    if standing is not Standing.FREE:
        return PassedOver(place.staff_id, standing.value)
    called = place.staff_id in arrival.called
    return PassedOver(place.staff_id, Standing.DID_NOT_COME.value if called else free_because)


def _ahead_of(line: Sequence[Place], staff_id: str) -> Iterable[Place]:
    for place in line:
        if place.staff_id == staff_id:
            return
        yield place


class Moved(StrEnum):
    """What changes the line, and nothing else does. Each of the first six puts somebody to the tail."""

    TURN_USED = "turn_used"
    FORFEIT = "forfeit"
    OVERSTAYED = "overstayed"
    NOT_GREETED = "not_greeted"
    LATE = "late"
    CLOCKED_IN = "clocked_in"  # only where the policy orders the day by clock-in
    JOINED = "joined"
    LEFT = "left"
    REORDERED = "reordered"
    DRAWN = "drawn"
    CORRECTED = "corrected"


def moved(order: Sequence[str], body: Mapping[str, Any]) -> list[str]:
    """The line after one entry of the register; raises AlreadyOnTheLine, NotOnTheLine or OtherPeopleOnTheLine."""
    match Moved(body["cause"]):
        case Moved.JOINED:
            return joined(order, body["staff_id"])
        case Moved.LEFT:
            return left(order, body["staff_id"])
        case Moved.REORDERED | Moved.DRAWN:
            return reordered(order, body["order"])
        case Moved.CORRECTED:
            return list(order)
        case _:
            return to_the_tail(order, body["staff_id"])


def to_the_tail(order: Sequence[str], staff_id: str) -> list[str]:
    """The line when somebody loses their place; raises NotOnTheLine."""
    return [*left(order, staff_id), staff_id]


def joined(order: Sequence[str], staff_id: str) -> list[str]:
    """Newcomers join at the tail; raises AlreadyOnTheLine."""
    if staff_id in order:
        raise AlreadyOnTheLine
    return [*order, staff_id]


def left(order: Sequence[str], staff_id: str) -> list[str]:
    """The line without somebody; raises NotOnTheLine."""
    if staff_id not in order:
        raise NotOnTheLine
    return [one for one in order if one != staff_id]


def reordered(order: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The manager's order; raises OtherPeopleOnTheLine unless it names exactly those in the line, each once."""
    if sorted(order) != sorted(wanted):
        raise OtherPeopleOnTheLine
    return list(wanted)


def drawn(order: Iterable[str], seed: str) -> list[str]:
    """The line drawn by lot: by the SHA-256 of the published seed and each one's id, so that anybody can check it."""
    return sorted(order, key=lambda staff_id: hashlib.sha256(f"{seed}/{staff_id}".encode()).hexdigest())


def replayed(entries: Sequence[tuple[int, Mapping[str, Any]]]) -> list[str]:
    """The line as the register tells it: its `line` entries, numbered, oldest first.

    An entry that a later one corrects is left out, as if it had not happened; everything after it stands.
    """
    voided = {body["voids"] for _n, body in entries if body["cause"] == Moved.CORRECTED}
    order: list[str] = []
    for n, body in entries:
        if n not in voided:
            order = moved(order, body)
    return order
