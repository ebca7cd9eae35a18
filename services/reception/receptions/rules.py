"""A reception from the door to the registration: where it stands, who may do what, what it costs and whose it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.reception.rotation.rules import Kind, Role


class State(StrEnum):
    """Where a reception stands. The visitor waits, is assigned to somebody, greeted, and registered; or has left."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    GREETED = "greeted"
    COMPLETED = "completed"
    CLOSED = "closed"


class Closed(StrEnum):
    """Why a reception ended without a registration."""

    LEFT = "left"
    UNDONE = "undone"  # it was tapped by mistake


class Turn(StrEnum):
    """What a reception does to its server's place in the line."""

    USED = "used"  # to the tail, on finishing
    KEPT = "kept"  # 补A位


class CreditRule(StrEnum):
    """Whose a deal of the credit day is (一.6)."""

    OWNER = "owner"
    HALF_EACH = "half_each"  # the original's and the server's; the odd cent is the original's
    SERVER = "server"


class Relation(StrEnum):
    """What the visitor is to the customer they name."""

    SELF = "self"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    FIANCE = "fiance"
    SIBLING = "sibling"
    IN_LAW = "in_law"
    FRIEND = "friend"
    OTHER = "other"


INTENTS = frozenset(("有意向徘徊犹豫", "确定购买意向"))
"""The usual words for what a visitor intends: facts. Any other text is somebody's own word about the visitor."""

FAMILY = frozenset({Relation.SELF, Relation.SPOUSE, Relation.PARENT, Relation.CHILD, Relation.FIANCE})
"""These are the customer (一.5): 老客户, never 老带新."""


@dataclass(frozen=True)
class Actor:
    """Who does something to a reception; `leads` who may act for others: a supervisor or manager; not `in_person`
    acts the door, a shared tablet without anybody's PIN.
    """

    staff_id: str
    leads: bool
    in_person: bool = True


@dataclass(frozen=True)
class Served:
    """What a reception was, as far as its end is decided by it.

    `witnessed`: a colleague has confirmed hearing that the visitor does not buy. `taken_over`: the original, or who
    stands in the original's shoes, has taken the visitor over. `original_left`: the original clocked off before that.
    """

    kind: Kind
    role: Role
    server_id: str
    original_id: str | None = None
    witnessed: bool = False
    taken_over: bool = False
    original_left: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a finished reception costs its server, whose a deal of the credit day is, and whose a new customer is."""

    turn: Turn
    article: str
    credit_rule: CreditRule
    owner_id: str


class WrongState(Exception):
    """The reception is not in a state in which this can be done."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state.value


class NotYourReception(Exception):
    """Only who serves, or a supervisor or manager, may do this."""


class NotOfThisHall(Exception):
    """Only a colleague of the hall's line, or a supervisor or manager, may say that the visitor was greeted."""


class ActInPerson(Exception):
    """At a shared tablet this is done by a person, with their PIN."""


class SomebodyElseMustSay(Exception):
    """That a visitor left before being greeted is for somebody else to say than who was to greet them."""


class SomebodyElseMustHear(Exception):
    """Who serves cannot witness their own visitor's words (一.7: 要让其他同事听到)."""

    article = "一.7"


class NotAskedToWitness(Exception):
    """Another colleague was named as the witness."""


class NotYoursToTakeOver(Exception):
    """Only the customer's own salesperson, or who stands in for them by delegation, takes a visitor over (一.6)."""

    article = "一.6"


class NotFree(Exception):
    """This person is not free to take a visitor over."""


class NotBuyingNobody(Exception):
    """A visitor who does not buy is not registered as a customer: say that they left."""

    article = "一.7"


def kind_of(relation: Relation) -> Kind:
    """What a visitor is who comes as, or with the name of, somebody's customer (一.5, 一.6)."""
    return Kind.RETURNING if relation in FAMILY else Kind.REFERRAL


def outcome(served: Served) -> Outcome:
    """What the reception costs and earns, by 一.6 and 一.7."""
    owner = served.original_id or served.server_id
    if served.kind is Kind.NOT_BUYING:
        turn = Turn.KEPT if served.witnessed else Turn.USED
        return Outcome(turn, "一.7", CreditRule.OWNER, owner)
    match served.role:
        case Role.A:
            article = "一.1" if served.kind is Kind.FIRST_VISIT else "一.7"
            return Outcome(Turn.USED, article, CreditRule.OWNER, served.server_id)
        case Role.WHOLE_VISIT:
            return Outcome(Turn.USED, "一.6", *_whole_visit(served))
        case Role.STAND_IN if served.original_left and not served.taken_over:
            return Outcome(Turn.KEPT, "一.6", *_whole_visit(served))
        case _:
            return Outcome(Turn.KEPT, "一.6", CreditRule.OWNER, owner)


def _whole_visit(served: Served) -> tuple[CreditRule, str]:
    """The original was not at work: an old customer's deal is halved, a new one's is all the server's."""
    if served.kind is Kind.RETURNING:
        return CreditRule.HALF_EACH, served.original_id or served.server_id
    return CreditRule.SERVER, served.server_id


def turn_when_left(state: State, served: Served) -> Turn | None:
    """What it costs the server when the visitor goes without being registered; raises WrongState.

    Before the greeting the place is kept; after it the reception has taken place (一.7: 其他情况一律计A位接待名次).
    """
    if state is State.WAITING:
        return None
    if state is State.ASSIGNED:
        return Turn.KEPT
    check_state(state, State.GREETED)
    return outcome(served).turn


def is_overdue(called_at: datetime, now: datetime, within: int) -> bool:
    """Whether who was called has not greeted in time; whole seconds, fractions dropped in the person's favour."""
    return (now - called_at) // timedelta(seconds=1) > within


def check_may_greet(actor: Actor, line: Iterable[str]) -> None:
    """Who serves, or a colleague of the line for them; raises NotOfThisHall."""
    if not actor.leads and actor.staff_id not in set(line):
        raise NotOfThisHall


def check_may_complete(actor: Actor, server_id: str | None) -> None:
    """Raises NotYourReception for anybody but who serves and who leads."""
    if not actor.leads and actor.staff_id != server_id:
        raise NotYourReception


def check_may_close(actor: Actor, state: State, server_id: str | None) -> None:
    """Who may say that the visitor left: anybody of one who waits, not the one called, and after greeting the server.

    Raises ActInPerson, SomebodyElseMustSay or NotYourReception.
    """
    if state is not State.WAITING and not actor.in_person:
        raise ActInPerson
    if state is State.ASSIGNED and actor.staff_id == server_id:
        raise SomebodyElseMustSay
    if state is State.GREETED:
        check_may_complete(actor, server_id)


def check_state(state: State, *allowed: State) -> None:
    """Raises WrongState unless the reception stands in one of these states."""
    if state not in allowed:
        raise WrongState(state)
