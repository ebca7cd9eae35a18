"""A hall in the course of days under a policy: its line, what people do, and the receptions that have not ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.reception.history.rules import Doing, Entry
from services.reception.policy.rules import Order, Policy
from services.reception.rotation.rules import Kind, Moved, Role, drawn, moved, replayed

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
