"""A hall in the course of days under a policy: its line, what people do, and the receptions that have not ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.reception.history.rules import Doing, Entry
from services.reception.policy.rules import Order, Policy
from services.reception.receptions.rules import State, Turn
from services.reception.rotation.rules import RECEIVE_THEIR_OWN, Kind, Moved, Role, drawn, moved, replayed

_USES = (Role.A, Role.WHOLE_VISIT)
_OURS = (Moved.TURN_USED, Moved.NOT_GREETED)
_OF_THE_DAY = (Moved.LATE, Moved.CLOCKED_IN, Moved.DRAWN)


@dataclass
class OpenHere:
    """A reception that has not ended, as it stands in this course."""

    reception_id: str
    arrived_at: datetime
    kind: Kind
    original_id: str | None
    server_id: str | None = None
    role: Role | None = None
    called: frozenset[str] = frozenset()
    calls: int = 0

    def changed(self, body: Mapping[str, Any]) -> None:
        """The kind of visit is as it was said to be; a take-over happens where somebody stands in."""
        self.kind = Kind(body["kind"]) if Kind(body["kind"]) is Kind.NOT_BUYING else self.kind
        if (
            self.role in (Role.STAND_IN, Role.DELEGATE)
            and body["role"] in RECEIVE_THEIR_OWN
            and body["server_id"] != self.server_id
        ):
            self.server_id, self.role = body["server_id"], Role(body["role"])

    def turn(self, body: Mapping[str, Any], held: Policy, tried: Policy) -> Turn | None:
        """As it happened where the same person served as the same; else by what they would have served as."""
        if body["turn"] is None:
            return None
        turn = Turn(body["turn"])
        not_buying, trade = body["kind"] == Kind.NOT_BUYING, body["trade"]
        if not_buying and trade in held.non_buyers and trade not in tried.non_buyers:
            return Turn.USED
        ungreeted = body["state"] == State.CLOSED and body["role"] in _USES and turn is Turn.KEPT
        if not_buying or ungreeted or self.role == body["role"]:
            return turn
        return Turn.USED if self.role in _USES else Turn.KEPT


@dataclass(frozen=True)
class Coming:
    """Somebody comes on duty; `day` is the shift's."""

    staff_id: str
    day: date


@dataclass
class Hall:
    """`moves` are the changes of the line as they are here; `instead` says which of them stands for an entry of the
    register, so that an entry that corrects that one corrects this.
    """

    moves: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    doing: Doing = field(default_factory=Doing)
    open: dict[str, OpenHere] = field(default_factory=dict)
    instead: dict[int, int] = field(default_factory=dict)
    used: int | None = None
    first: set[Coming] = field(default_factory=set)
    unserved: bool = False

    def opens(self, body: Mapping[str, Any]) -> None:
        """A reception, as it stood."""
        served = State(body["state"]) is not State.WAITING
        self.open[body["reception_id"]] = OpenHere(
            body["reception_id"],
            datetime.fromisoformat(body["arrived_at"]),
            Kind(body["kind"]),
            body["original_id"],
            body["server_id"] if served else None,
            Role(body["role"]) if served else None,
            calls=int(served),
        )

    def append(self, n: int, body: Mapping[str, Any]) -> None:
        """One more change of the line; somebody who has left it is moved nowhere."""
        cause = Moved(body["cause"])
        if "staff_id" in body and (body["staff_id"] in self.order) is (cause is Moved.JOINED):
            return
        self.moves.append((n, body))
        self.order = replayed(self.moves) if cause is Moved.CORRECTED else moved(self.order, body)

    def line_moved(self, entry: Entry, *, orders_its_own_day: bool) -> None:
        """The line changed as it happened, unless that is decided here."""
        cause, body = Moved(entry.body["cause"]), entry.body
        if cause is Moved.TURN_USED:
            self.used = entry.n
        if cause in _OURS or (cause in _OF_THE_DAY and orders_its_own_day):
            return
        if cause is Moved.CORRECTED:
            body = {**body, "voids": self.instead.get(body["voids"], body["voids"])}
        self.append(entry.n, body)

    def turn_used(self, n: int, staff_id: str) -> None:
        """Somebody's turn is used here, where the register's last entry of the kind says whose was."""
        self.append(n, {"cause": Moved.TURN_USED.value, "staff_id": staff_id})
        if self.used is not None:
            self.instead[self.used] = n

    def came(self, one: Coming, *, is_late: bool, policy: Policy | None, name: str) -> None:
        """What coming does to the line by `policy`; None: the register says it. A lot is drawn from hall and day."""
        first_of_hall, first = all(other.day != one.day for other in self.first), one not in self.first
        self.first.add(one)
        if policy is None:
            return
        if policy.order is Order.LOT and first_of_hall:
            order = drawn(self.order, f"{name}/{one.day.isoformat()}")
            self.append(0, {"cause": Moved.DRAWN.value, "order": order})
        if policy.late_to_the_tail and is_late:
            self.append(0, {"cause": Moved.LATE.value, "staff_id": one.staff_id})
        elif policy.order is Order.CLOCK_IN and first:
            self.append(0, {"cause": Moved.CLOCKED_IN.value, "staff_id": one.staff_id})
