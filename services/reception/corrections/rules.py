"""What may be corrected afterwards, by whom, and what then holds: 撞单 (一.6) and undoing (the product's own).

A correction is an entry of its own, never an edit; it assigns nothing that is past anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.reception.discipline.rules import OwnCase
from services.reception.history.rules import Entry
from services.reception.receptions.rules import Actor, Served, State
from services.reception.rotation.rules import Kind, Moved, Role, Standing


class Ruling(StrEnum):
    """Where a question of whose visitor it was stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Undone(StrEnum):
    """What an entry of the register says that can be undone."""

    ARRIVAL = "arrival"
    GREETING = "greeting"
    PLACE = "place"  # somebody went to the tail, or the line was given another order


@dataclass(frozen=True)
class Period:
    """From a moment until another, that one excluded; None: not ended."""

    starts_at: datetime
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class Assigned:
    """The facts of an assignment, looked at again. `gone`: who was to take over clocked off before they had."""

    kind: Kind
    server_id: str
    original_id: str
    original_is: Standing | None  # off duty or suspended; None: was at work
    delegate_id: str | None = None
    delegate_at_work: bool = False
    gone: bool = False


class SupervisorsDecide(Exception):
    """Only a supervisor or manager decides this."""


class TooLate(Exception):
    """The local day of the reception is over (一.6: 当天)."""

    article = "一.6"


class NothingToRule(Exception):
    """This is how the reception was ruled already."""

    article = "一.6"


class NobodysCustomer(Exception):
    """The customer has no owner, so that there is no original."""

    article = "一.6"


class AlreadyAsked(Exception):
    """The reception waits for a ruling already."""


class NothingAsked(Exception):
    """Nobody has asked for this reception to be ruled again."""


class CannotBeUndone(Exception):
    """This entry says nothing that can be undone; a correction cannot be corrected."""


class AlreadyUndone(Exception):
    """This entry has been undone before."""


def standing_at(at: datetime, duties: Iterable[Period], suspensions: Iterable[Period]) -> Standing | None:
    """Why somebody was not at work at a moment: off duty or suspended; None when they were at work."""
    if any(one.holds(at) for one in suspensions):
        return Standing.SUSPENDED
    return None if any(one.holds(at) for one in duties) else Standing.OFF_DUTY


def clocked_off(at: datetime, until: datetime, duties: Iterable[Period]) -> bool:
    """Whether the duty that ran at a moment was over by another."""
    return any(one.holds(at) and one.ends_at is not None and one.ends_at <= until for one in duties)


def role_of(found: Assigned) -> Role:
    """As what the server receives, by 一.6 on the facts of the assignment."""
    if found.server_id == found.original_id:
        return Role.ORIGINAL
    if found.original_is is None:
        return Role.STAND_IN
    if found.delegate_id is not None and found.delegate_at_work:
        return Role.DELEGATE if found.delegate_id == found.server_id else Role.STAND_IN
    return Role.WHOLE_VISIT


def served_again(found: Assigned) -> Served:
    """What the reception was after all; nobody has taken it over from the server."""
    role = role_of(found)
    left = found.gone and role is Role.STAND_IN
    return Served(found.kind, role, found.server_id, found.original_id, original_left=left)


def last_day(local_day: date, completed_day: date | None) -> date:
    """The day on which a reception may be ruled again: the arrival's, extended until it was completed."""
    return max(local_day, completed_day or local_day)


def check_day(state: State, today: date, last: date) -> None:
    """Raises TooLate once a reception has ended and its day is over."""
    if state in (State.COMPLETED, State.CLOSED) and today > last:
        raise TooLate


def check_decides(actor: Actor, involved: Iterable[str | None]) -> None:
    """A supervisor or manager whom it does not concern; raises SupervisorsDecide or OwnCase."""
    if not actor.leads:
        raise SupervisorsDecide
    if actor.staff_id in set(involved):
        raise OwnCase


_PLACES = frozenset(
    {
        Moved.TURN_USED,
        Moved.FORFEIT,
        Moved.OVERSTAYED,
        Moved.NOT_GREETED,
        Moved.LATE,
        Moved.REORDERED,
        Moved.DRAWN,
    }
)


def undone_by(entry: Entry) -> Undone:
    """What undoing this entry undoes; raises CannotBeUndone."""
    if entry.kind == "line" and Moved(entry.body["cause"]) in _PLACES:
        return Undone.PLACE
    if entry.kind in ("reception.opened", "reception.greeted"):
        return Undone.ARRIVAL if entry.kind == "reception.opened" else Undone.GREETING
    raise CannotBeUndone


def check_may_undo(actor: Actor, entry: Entry, later: Sequence[Entry], now: datetime, within: int) -> bool:
    """Whether this is the second thought of who tapped: in time, and nothing followed. Else who leads may undo.

    What the same tap brought about does not follow it. Raises SupervisorsDecide or OwnCase.
    """
    followed = any(one.subject == entry.subject and (one.at, one.by) != (entry.at, entry.by) for one in later)
    in_time = (now - entry.at) // timedelta(seconds=1) <= within
    if actor.staff_id == entry.by and in_time and not followed:
        return True
    check_decides(actor, concerned(entry))
    return False


def concerned(entry: Entry) -> set[str]:
    """Whose place or visitor an entry is about."""
    one = {entry.body.get(name) for name in ("staff_id", "server_id", "original_id")}
    return {*(each for each in one if each), *(entry.body.get("order") or ())}


def evidence_of(entry: Entry) -> list[str]:
    """The subjects on which a penalty built on this entry rests: the reception, the step-out, the attendance.

    A greeting and a used turn cost nobody anything.
    """
    if entry.kind == "reception.opened":
        return [entry.subject]
    if entry.kind != "line" or Moved(entry.body["cause"]) is Moved.TURN_USED:
        return []
    return [f"{name.removesuffix('_id')}/{value}" for name, value in sorted(entry.body.items()) if _is_subject(name)]


def _is_subject(name: str) -> bool:
    return name.endswith("_id") and name not in ("staff_id", "hall_id", "branch_id")


@dataclass(frozen=True)
class Owned:
    """From this moment a customer was this person's; nobody's while it lay in the pool."""

    customer_id: str
    sequence: int
    owner_id: str | None
    at: datetime


@dataclass(frozen=True)
class Merged:
    """From this moment one id stood for another, or (`active` False) no longer."""

    loser_id: str
    sequence: int
    winner_id: str
    active: bool
    at: datetime


def stands_for(customer_id: str, merges: Iterable[Merged], at: datetime) -> str:
    """Which customer an id stood for at a moment, by all merges that had taken effect."""
    latest: dict[str, Merged] = {}
    for one in merges:
        if one.at <= at and (one.loser_id not in latest or latest[one.loser_id].sequence < one.sequence):
            latest[one.loser_id] = one
    path = [customer_id]
    while (found := latest.get(path[-1])) is not None and found.active and found.winner_id not in path:
        path.append(found.winner_id)
    return path[-1]


def owner_at(customer_id: str, owners: Iterable[Owned], at: datetime) -> str | None:
    """Whose a customer was at a moment; if nothing was known of it then, whose it was first afterwards."""
    told = sorted((one for one in owners if one.customer_id == customer_id), key=lambda one: one.sequence)
    before = [one for one in told if one.at <= at]
    found = before[-1] if before else next(iter(told), None)
    return found.owner_id if found else None
