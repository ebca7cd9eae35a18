"""Who receives the visitor, and what that does to the line (rule book 一.1, 一.6, 一.7).

The line is one lasting order of a hall's salespeople. A is the first in it who is on duty and free, B the next. Rules
take facts and return facts; they touch nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Turn(StrEnum):
    """What a reception does to its server's place in the line."""

    USED = "used"  # to the tail, on finishing
    KEPT = "kept"


class State(StrEnum):
    """Where a reception stands. The visitor waits, is assigned to somebody, greeted, and registered; or has left."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    GREETED = "greeted"
    COMPLETED = "completed"
    CLOSED = "closed"


class Passed(StrEnum):
    """Why somebody who stands further ahead in the line does not receive."""

    OFF_DUTY = "off_duty"
    SERVING = "serving"


@dataclass(frozen=True)
class Treatment:
    """How one kind of arrival is treated: by which article, and what it costs its server."""

    article: str
    turn: Turn
    credit_rule: str


@dataclass(frozen=True)
class Policy:
    """How each kind of arrival is treated, under the version that every explanation names."""

    version: str
    arrivals: Mapping[str, Treatment]


BUILT_IN = Policy("default-1", {"first_visit": Treatment("一.1", Turn.USED, "owner")})
"""What holds in a branch that has not decided otherwise."""


@dataclass(frozen=True)
class Place:
    """One salesperson's place in the line, and what decides whether they may receive."""

    staff_id: str
    on_duty: bool
    serving: bool

    @property
    def is_free(self) -> bool:
        return self.on_duty and not self.serving


@dataclass(frozen=True)
class PassedOver:
    """Somebody ahead in the line who does not receive, and why."""

    staff_id: str
    reason: Passed


@dataclass(frozen=True)
class Assignment:
    """This person receives, by this article, and these ahead of them do not."""

    server_id: str
    article: str
    passed_over: tuple[PassedOver, ...]
    policy: str
    code: str = "first_free_in_line"


@dataclass(frozen=True)
class Wait:
    """Nobody can receive now; the visitor keeps a place by order of arrival. This rule is the product's own."""

    code: str
    passed_over: tuple[PassedOver, ...]
    policy: str
    article: None = None


class NotOnTheLine(Exception):
    """This salesperson has no place in the hall's line."""


class AlreadyOnTheLine(Exception):
    """This salesperson has a place in the hall's line already."""


class OtherPeopleOnTheLine(Exception):
    """A new order must name exactly those who stand in the line, each once."""


class WrongState(Exception):
    """The reception is not in a state in which this can be done."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state.value


class NotYourReception(Exception):
    """Only who serves, or a supervisor or manager, may do this."""


class NotOfThisHall(Exception):
    """Only a colleague of the hall's line, or a supervisor or manager, may say that the visitor was greeted."""


class SomebodyElseMustSay(Exception):
    """That a visitor left before being greeted is for somebody else to say than who was to greet them."""


@dataclass(frozen=True)
class Actor:
    """Who does something to a reception; `leads` who may act for others: a supervisor or manager."""

    staff_id: str
    leads: bool


def who_receives(line: Sequence[Place], kind: str, policy: Policy = BUILT_IN) -> Assignment | Wait:
    """A receives; where there is no A, the visitor waits. The answer names everyone who was passed over."""
    passed: list[PassedOver] = []
    for place in line:
        if place.is_free:
            return Assignment(place.staff_id, policy.arrivals[kind].article, tuple(passed), policy.version)
        passed.append(PassedOver(place.staff_id, Passed.SERVING if place.serving else Passed.OFF_DUTY))
    somebody = any(place.on_duty for place in line)
    return Wait("nobody_free" if somebody else "nobody_on_duty", tuple(passed), policy.version)


def explanation_of(decision: Assignment | Wait) -> dict[str, Any]:
    """The decision as it is kept for good: its code, article, policy's version, and who was passed over for what."""
    return {
        "code": decision.code,
        "article": decision.article,
        "policy": decision.policy,
        "passed_over": [{"staff_id": one.staff_id, "reason": one.reason.value} for one in decision.passed_over],
    }


def a_and_b(line: Sequence[Place]) -> tuple[str | None, str | None]:
    """Who stands at A and at B; None where nobody does."""
    free = [place.staff_id for place in line if place.is_free]
    return free[0] if free else None, free[1] if len(free) > 1 else None


def order_after(order: Sequence[str], server_id: str, turn: Turn) -> list[str]:
    """The line when `server_id` has finished: a used turn goes to the tail, a kept place stays."""
    if turn is Turn.KEPT:
        return list(order)
    return [staff_id for staff_id in order if staff_id != server_id] + [server_id]


def joined(order: Sequence[str], staff_id: str) -> list[str]:
    """Newcomers join at the tail; raises AlreadyOnTheLine."""
    if staff_id in order:
        raise AlreadyOnTheLine
    return [*order, staff_id]


def reordered(order: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """The manager's order; raises OtherPeopleOnTheLine unless it names exactly those in the line, each once."""
    if sorted(order) != sorted(wanted):
        raise OtherPeopleOnTheLine
    return list(wanted)


def check_may_greet(actor: Actor, line: Iterable[Place]) -> None:
    """Who serves, or a colleague of the line for them; raises NotOfThisHall."""
    if not actor.leads and all(place.staff_id != actor.staff_id for place in line):
        raise NotOfThisHall


def check_may_complete(actor: Actor, server_id: str) -> None:
    """Raises NotYourReception for anybody but who serves and who leads."""
    if not actor.leads and actor.staff_id != server_id:
        raise NotYourReception


def check_may_close(actor: Actor, state: State, server_id: str | None) -> None:
    """Who may say that the visitor left: anybody of one who waits, not the one called, and after greeting the server.

    Raises SomebodyElseMustSay or NotYourReception.
    """
    if state is State.ASSIGNED and actor.staff_id == server_id:
        raise SomebodyElseMustSay
    if state is State.GREETED:
        check_may_complete(actor, server_id or "")


def turn_when_left(state: State, kind: str, policy: Policy = BUILT_IN) -> Turn | None:
    """What it costs the server when the visitor goes without being registered; raises WrongState.

    Before the greeting the place is kept; after it the reception has taken place (一.7: 其他情况一律计A位接待名次).
    """
    if state is State.WAITING:
        return None
    if state is State.ASSIGNED:
        return Turn.KEPT
    check_state(state, State.GREETED)
    return policy.arrivals[kind].turn


def check_state(state: State, *allowed: State) -> None:
    """Raises WrongState unless the reception stands in one of these states."""
    if state not in allowed:
        raise WrongState(state)


def replayed(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """The line as the register of what happened tells it: the bodies of its `line` entries, oldest first."""
    order: list[str] = []
    for body in entries:
        match body["cause"]:
            case "joined":
                order = joined(order, body["staff_id"])
            case "turn_used":
                order = order_after(order, body["staff_id"], Turn.USED)
            case "reordered":
                order = reordered(order, body["order"])
    return order
