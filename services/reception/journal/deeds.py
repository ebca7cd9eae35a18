"""Doing what an entry of a journal says was done, by the same actions as if it were done now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from services.reception.attendance.actions import clock_in, clock_out
from services.reception.attendance.views import duty_of
from services.reception.journal import rules
from services.reception.journal.leaving import Entry, end_what_is_open, on_the_floor
from services.reception.journal.rules import AssignedToAnother, Deed, Times
from services.reception.journal.views import reception_of_arrival
from services.reception.people.views import role_at
from services.reception.receptions import actions
from services.reception.receptions.rules import State, check_may_greet, check_state
from services.reception.receptions.telling import change
from services.reception.receptions.views import UnknownReception, line_of, reception_of

_SERVES = frozenset({"reception.admit", "reception.attend", "reception.receive", "reception.see"})
_TOUCHED = ("arrived_at", "assigned_at", "greeted_at", "taken_over_at", "witnessed_at", "completed_at")


@dataclass(frozen=True)
class Done:
    """What an entry led to; `refused`: the visitor was kept, but something of the entry does not fit."""

    at: datetime | None
    reception_id: str | None = None
    server_id: str | None = None
    refused: Exception | None = None


def do(tx: Transaction, who: Who, hall: RowMapping, entry: Entry, times: Times) -> Done:
    """Do it as of when it happened; raises what the action raises, and UnknownStaff, UnknownArrival, Overtaken, TooOld.

    `entry` is what EntrySchema loads. The caller has locked the hall.
    """
    deed, at = Deed(entry["kind"]), times.of(entry["happened_at"])
    acting = _acting(tx, who, hall, entry["staff_id"])
    if deed is Deed.ARRIVAL:
        return _arrive(tx, acting, hall, entry, times.of_decision(at))
    if deed in rules.ABOUT_DUTY:
        return _attend(tx, acting, hall, deed, at)
    if deed in rules.ON_THE_FLOOR:
        at = times.of_decision(at) if deed in rules.DECIDED_ON_THE_LINE else at
        with tx.as_of(at):
            return Done(at, refused=on_the_floor(tx, acting, hall, entry))
    reception_id = _reception_id(tx, acting, hall, entry)
    row = reception_of(tx, acting, reception_id)
    at = rules.of_step(at, [row[name] for name in _TOUCHED], handed_in=entry["arrival_id"] is not None)
    with tx.as_of(at):
        _STEPS[deed](tx, acting, reception_id, entry)
    return Done(at, reception_id)


def _acting(tx: Transaction, who: Who, hall: RowMapping, staff_id: str | None) -> Who:
    """Who acted on the device, as what they work here, or who hands in; raises UnknownStaff."""
    if staff_id is None:
        return who
    role = role_at(tx, who, hall["branch_id"], staff_id) or "salesperson"
    permissions = _SERVES | {"reception.manage"} if role == "manager" else _SERVES
    return Who(staff_id, "person", role, hall["branch_id"], None, "own", permissions)


def _arrive(tx: Transaction, acting: Who, hall: RowMapping, entry: Entry, at: datetime) -> Done:
    """Whom the device called is kept if the rules say the same; the visitor is kept in any case."""
    with tx.as_of(at):
        reception_id = actions.open_reception(tx, acting, hall["id"], entry["arrival"])
    server_id = reception_of(tx, acting, reception_id)["server_id"]
    said = entry["server_id"]
    refused = AssignedToAnother(server_id, said) if said is not None and said != server_id else None
    return Done(at, reception_id, server_id, refused)


def _attend(tx: Transaction, acting: Who, hall: RowMapping, deed: Deed, at: datetime) -> Done:
    with tx.as_of(at):
        if deed is Deed.CLOCK_IN:
            clock_in(tx, acting, hall["id"])
        else:
            rules.check_not_overtaken(at, [duty_of(tx, acting, hall["id"], acting.actor_id)["clocked_in_at"]])
            end_what_is_open(tx, acting)
            clock_out(tx, acting, hall["id"])
    return Done(at)


def _reception_id(tx: Transaction, who: Who, hall: RowMapping, entry: Entry) -> str:
    if entry["arrival_id"] is not None:
        return reception_of_arrival(tx, who, hall["id"], entry["arrival_id"])
    row = reception_of(tx, who, entry["reception_id"])
    if row["hall_id"] != hall["id"]:
        raise UnknownReception
    return str(row["id"])


def _greet(tx: Transaction, who: Who, reception_id: str, _entry: Entry) -> None:
    """As actions.greet, but for the limit: while a journal is told nobody is passed on."""
    row, hall = actions.locked(tx, who, reception_id)
    check_may_greet(actions.actor(who), [place.staff_id for place in line_of(tx, who, hall["id"])])
    check_state(State(row["state"]), State.ASSIGNED)
    change(tx, who, row, {"state": State.GREETED.value, "greeted_at": tx.now()})


def _complete(tx: Transaction, who: Who, reception_id: str, entry: Entry) -> None:
    actions.complete(tx, who, reception_id, entry["visitor"])


def _leave(tx: Transaction, who: Who, reception_id: str, _entry: Entry) -> None:
    actions.leave(tx, who, reception_id)


def _take_over(tx: Transaction, who: Who, reception_id: str, _entry: Entry) -> None:
    actions.take_over(tx, who, reception_id)


def _not_buying(tx: Transaction, who: Who, reception_id: str, entry: Entry) -> None:
    said = entry["not_buying"]
    actions.declare_not_buying(tx, who, reception_id, said["trade"], said["witness_id"])


def _witness(tx: Transaction, who: Who, reception_id: str, _entry: Entry) -> None:
    actions.witness(tx, who, reception_id)


_STEPS: Mapping[Deed, Callable[[Transaction, Who, str, Entry], None]] = {
    Deed.GREET: _greet,
    Deed.COMPLETE: _complete,
    Deed.LEAVE: _leave,
    Deed.TAKE_OVER: _take_over,
    Deed.NOT_BUYING: _not_buying,
    Deed.WITNESS: _witness,
}
