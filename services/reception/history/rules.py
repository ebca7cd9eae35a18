"""A hall as it was, told by its register: the order of the line, who was on duty, away or serving, and who waited.

Entries of kinds that say nothing of this are passed by: the register tells of more than a hall's standing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from services.reception.receptions.rules import State
from services.reception.rotation.rules import Place, replayed

_T = TypeVar("_T")
_SERVED = (State.ASSIGNED, State.GREETED)


@dataclass(frozen=True)
class Entry:
    """One entry of a hall's register."""

    n: int
    at: datetime
    kind: str
    body: Mapping[str, Any]
    subject: str = ""

    @property
    def by(self) -> str | None:
        """Who brought it about."""
        by: str | None = self.body.get("by")
        return by

    @property
    def tells_of_a_reception(self) -> bool:
        """Whether it says how a reception stands: not every word about one does."""
        return self.kind.startswith("reception.") and "state" in self.body


@dataclass(frozen=True)
class OpenReception:
    """A reception that has not ended."""

    reception_id: str
    state: State
    server_id: str | None
    arrived_at: datetime


@dataclass(frozen=True)
class Doing:
    """What people in a hall are doing: who is on duty and who has stepped out, since when; the open receptions."""

    on_duty: Mapping[str, datetime] = field(default_factory=dict)
    away: Mapping[str, datetime] = field(default_factory=dict)
    receptions: Mapping[str, OpenReception] = field(default_factory=dict)

    @property
    def serving(self) -> dict[str, str]:
        """Who serves in which reception."""
        served = (one for one in self.receptions.values() if one.state in _SERVED)
        return {one.server_id: one.reception_id for one in served if one.server_id is not None}

    @property
    def waiting(self) -> tuple[str, ...]:
        """The receptions that wait, in order of arrival."""
        waits = [one for one in self.receptions.values() if one.state is State.WAITING]
        return tuple(one.reception_id for one in sorted(waits, key=lambda one: (one.arrived_at, one.reception_id)))


@dataclass(frozen=True)
class HallThen:
    """A hall at a moment; `order` is its line from the head."""

    order: tuple[str, ...]
    doing: Doing

    @property
    def line(self) -> list[Place]:
        """The line with what everybody was doing."""
        on_duty, away, serving = self.doing.on_duty, self.doing.away, self.doing.serving
        return [Place(one, one in on_duty, one in serving, one in away) for one in self.order]


def replayed_at(entries: Iterable[Entry]) -> HallThen:
    """The hall after these entries of its register: all of them from the first, or those that `views` leaves out no
    word of. Replayed to the end it is the hall as it stands.
    """
    told = list(entries)
    doing = Doing()
    for entry in told:
        doing = after(doing, entry)
    return HallThen(tuple(replayed([(entry.n, entry.body) for entry in told if entry.kind == "line"])), doing)


def after(doing: Doing, entry: Entry) -> Doing:
    """What people are doing after one more entry."""
    match entry.kind.split("."):
        case ["attendance", "clocked_in"]:
            came = {entry.body["staff_id"]: _moment(entry.body["clocked_in_at"])}
            return replace(_gone(doing, entry.body["staff_id"]), on_duty={**doing.on_duty, **came})
        case ["attendance", "clocked_out"]:
            return _gone(doing, entry.body["staff_id"])
        case ["step_out", *_]:
            return _stepped(doing, entry.body)
        case ["reception", *_] if entry.tells_of_a_reception:
            return _received(doing, entry.body)
        case _:
            return doing


def _gone(doing: Doing, staff_id: str) -> Doing:
    return replace(doing, on_duty=_without(doing.on_duty, staff_id), away=_without(doing.away, staff_id))


def _stepped(doing: Doing, body: Mapping[str, Any]) -> Doing:
    """Somebody is out from `since` until `ended_at`, whatever the entry is called."""
    away = _without(doing.away, body["staff_id"])
    if body.get("since") is not None and body.get("ended_at") is None:
        away[body["staff_id"]] = _moment(body["since"])
    return replace(doing, away=away)


def _received(doing: Doing, body: Mapping[str, Any]) -> Doing:
    state, found = State(body["state"]), _without(doing.receptions, body["reception_id"])
    if state is State.WAITING or state in _SERVED:
        server_id = body["server_id"] if state in _SERVED else None
        key = body["reception_id"]
        found[key] = OpenReception(key, state, server_id, _moment(body["arrived_at"]))
    return replace(doing, receptions=found)


def _without(held: Mapping[str, _T], key: str) -> dict[str, _T]:
    return {one: value for one, value in held.items() if one != key}


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
