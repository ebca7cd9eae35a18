"""What people correct afterwards: each locks the hall, decides, stores, appends to the register and announces."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping

from chassis import audit
from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reception import events
from services.reception.corrections import built_on, rules, ruling, views
from services.reception.corrections.rules import Ruling, Undone
from services.reception.corrections.tables import rulings
from services.reception.history.rules import Entry
from services.reception.people.rules import ReasonNeeded
from services.reception.people.views import check_works_at
from services.reception.policy.views import policy_of
from services.reception.receptions.actions import WhoseCustomer, actor, locked, serve_waiting, watch
from services.reception.receptions.rules import Closed, Relation, State, Turn, check_state, kind_of
from services.reception.receptions.telling import change
from services.reception.receptions.views import reception_of
from services.reception.rotation.rules import Moved
from services.reception.rotation.views import hall_of
from services.reception.stepping_out.views import locked_halls_of
from services.reception.visitors.views import known_by_id

_RULED = (State.WAITING, State.ASSIGNED, State.GREETED, State.COMPLETED, State.CLOSED)


def ask_for_ruling(tx: Transaction, who: Who, reception_id: str, said: Mapping[str, Any]) -> str:
    """撞单: the visitor is somebody's customer, as it turns out. Answers the id of the ruling asked for.

    `said` holds what AskingSchema loads; with `confirm` a supervisor whom it does not concern decides at once. Raises
    UnknownReception, WrongState, TooLate, WhoseCustomer, UnknownCustomer, UnknownStaff, NobodysCustomer, AlreadyAsked,
    NothingToRule, SupervisorsDecide or OwnCase.
    """
    reception, hall = locked(tx, who, reception_id)
    state = State(reception["state"])
    check_state(state, *_RULED)
    if reception["closed_because"] == Closed.UNDONE:
        check_state(state, *_RULED[:-1])
    _check_day(tx, who, reception)
    row = _asked(tx, who, reception, said)
    if _says_nothing_new(tx, who, reception, row):
        raise rules.NothingToRule
    if views.is_asked(tx, who, reception_id):
        raise rules.AlreadyAsked
    tx.execute(*scoped(rulings, who).new(row))
    _enter(tx, who, row, "ruling.asked", said["reason"])
    if said["confirm"]:
        _confirm(tx, who, hall, reception, row, said["reason"])
    return str(row["id"])


def confirm_ruling(tx: Transaction, who: Who, reception_id: str, reason: str | None) -> str:
    """A supervisor whom it does not concern confirms; answers the ruling's id.

    Raises UnknownReception, NothingAsked, SupervisorsDecide or OwnCase.
    """
    reception, hall = locked(tx, who, reception_id)
    row = views.ruling_asked(tx, who, reception_id)
    _confirm(tx, who, hall, reception, row, reason)
    return str(row["id"])


def refuse_ruling(tx: Transaction, who: Who, reception_id: str, reason: str) -> str:
    """A supervisor whom it does not concern refuses, with a reason; raises what confirm_ruling raises."""
    reception, _hall = locked(tx, who, reception_id)
    row = views.ruling_asked(tx, who, reception_id)
    rules.check_decides(actor(who), _involved(reception, row))
    _decide(tx, who, row, Ruling.REFUSED, reason)
    return str(row["id"])


def undo(tx: Transaction, who: Who, hall_id: str, n: int, reason: str | None) -> int:
    """Correct one entry of the register by another; answers the correcting one's number.

    Who tapped may, in time and if nothing followed; afterwards who leads, with a reason, never about themselves. What
    is past is not assigned anew; penalties built on the error are withdrawn. Raises UnknownHall, UnknownEntry,
    CannotBeUndone, AlreadyUndone, ReasonNeeded, SupervisorsDecide, OwnCase or WrongState.
    """
    hall_of(tx, who, hall_id)
    entry = views.entry_of(tx, hall_id, n)
    what = rules.undone_by(entry)
    if entry.body.get("staff_id") is not None:
        locked_halls_of(tx, who, entry.body["staff_id"])
    hall = hall_of(tx, who, hall_id, lock=True)
    if n in views.corrected_in(tx, who, hall_id):
        raise rules.AlreadyUndone
    within = policy_of(tx, who, hall["branch_id"]).undo_within
    later = views.followed_by(tx, hall_id, entry)
    own = rules.check_may_undo(actor(who), _with_whose(tx, who, entry), later, tx.now(), within)
    if not own and reason is None:
        raise ReasonNeeded
    corrected = _UNDO[what](tx, who, hall, entry, reason)
    evidence, whose = rules.evidence_of(entry), entry.body.get("staff_id")
    built_on.withdraw_all(tx, who, hall["branch_id"], evidence, whose, reason or "")
    audit.note(tx, who, "register.undone", f"hall/{hall_id}", hall["branch_id"])
    serve_waiting(tx, who, hall)
    return corrected


def _undo_arrival(tx: Transaction, who: Who, hall: RowMapping, entry: Entry, reason: str | None) -> int:
    """Nobody came: who was to receive keeps the place."""
    reception = reception_of(tx, who, entry.body["reception_id"])
    check_state(State(reception["state"]), State.WAITING, State.ASSIGNED, State.GREETED)
    corrected = _correct(tx, who, hall, reception, entry, reason)
    turn = None if reception["server_id"] is None else Turn.KEPT.value
    change(tx, who, reception, {"state": State.CLOSED.value, "closed_because": Closed.UNDONE.value, "turn": turn})
    return corrected


def _undo_greeting(tx: Transaction, who: Who, hall: RowMapping, entry: Entry, reason: str | None) -> int:
    """Nobody has greeted the visitor: the time to do so runs from now on."""
    reception = reception_of(tx, who, entry.body["reception_id"])
    check_state(State(reception["state"]), State.GREETED)
    corrected = _correct(tx, who, hall, reception, entry, reason)
    called = {"state": State.ASSIGNED.value, "greeted_at": None, "called_at": tx.now()}
    change(tx, who, reception, called, events.ReceptionChanged)
    watch(tx, reception, policy_of(tx, who, hall["branch_id"]).greet_within)
    return corrected


def _undo_place(tx: Transaction, who: Who, hall: RowMapping, entry: Entry, reason: str | None) -> int:
    """The line is as if nobody had been moved; whatever moved since then stands."""
    reception = views.moved_by(tx, who, hall["id"], entry.n)
    named = {name: entry.body[name] for name in ("staff_id",) if name in entry.body}
    corrected = ruling.void(tx, who, hall, entry.n, named, reason)
    if reception is not None and entry.body["cause"] == Moved.TURN_USED:
        change(tx, who, reception, {"turn": Turn.KEPT.value}, events.ReceptionChanged)
    return corrected


_UNDO = {Undone.ARRIVAL: _undo_arrival, Undone.GREETING: _undo_greeting, Undone.PLACE: _undo_place}


def _correct(
    tx: Transaction, who: Who, hall: RowMapping, reception: RowMapping, entry: Entry, reason: str | None
) -> int:
    said = {"corrects": entry.n, "reason": reason}
    corrected = ruling.enter(tx, who, hall["id"], "correction", reception["id"], said)
    ruling.note(tx, who, hall, entry.n, corrected, reason)
    return corrected


def _with_whose(tx: Transaction, who: Who, entry: Entry) -> Entry:
    """An arrival concerns whoever serves the visitor now, not only who did when it was entered."""
    if not entry.subject.startswith("reception/"):
        return entry
    row = reception_of(tx, who, entry.subject.removeprefix("reception/"))
    whose = {name: row[name] for name in ("server_id", "original_id")}
    return replace(entry, body={**entry.body, **whose})


def _check_day(tx: Transaction, who: Who, reception: RowMapping) -> None:
    branch_id = reception["branch_id"]
    last = rules.last_day(reception["local_day"], views.day_of(tx, who, branch_id, reception["completed_at"]))
    rules.check_day(State(reception["state"]), views.day_of(tx, who, branch_id, tx.now()), last)


def _asked(tx: Transaction, who: Who, reception: RowMapping, said: Mapping[str, Any]) -> dict[str, Any]:
    """The row of what is asked, by the customer named, or the salesperson."""
    branch_id, original_id, customer_id = reception["branch_id"], said["original_id"], None
    if said["customer_id"] is not None:
        known = known_by_id(tx, who, branch_id, said["customer_id"])
        customer_id, original_id = known.customer_id, original_id or known.owner_id
    elif original_id is None:
        raise WhoseCustomer
    if original_id is None:
        raise rules.NobodysCustomer
    if said["original_id"] is not None:
        check_works_at(tx, who, branch_id, original_id)
    blank: dict[str, Any] = dict.fromkeys(rulings.c.keys())
    whose = {"original_id": original_id, "customer_id": customer_id, "relation": said["relation"]}
    where = {"branch_id": branch_id, "hall_id": reception["hall_id"], "reception_id": reception["id"]}
    asked = {"asked_by": who.actor_id, "asked_at": tx.now(), "reason": said["reason"]}
    kind = kind_of(Relation(said["relation"])).value
    return blank | whose | where | asked | {"id": tx.new_id(), "kind": kind, "state": Ruling.ASKED.value}


def _says_nothing_new(tx: Transaction, who: Who, reception: RowMapping, row: Mapping[str, Any]) -> bool:
    ruled = ruling.as_ruled(tx, who, reception, row)
    turn = ruling.turn_of(tx, who, reception, row)
    names = ("kind", "original_id", "role", "credit_rule", "owner_id")
    same = all(reception[name] == ruled[name] for name in names if name in ruled)
    return same and (turn is None or turn.value == reception["turn"])


def _confirm(
    tx: Transaction, who: Who, hall: RowMapping, reception: RowMapping, row: Mapping[Any, Any], reason: str | None
) -> None:
    rules.check_decides(actor(who), _involved(reception, row))
    _decide(tx, who, row, Ruling.CONFIRMED, reason)
    ruling.rule_again(tx, who, hall, reception, row)
    serve_waiting(tx, who, hall)


def _decide(tx: Transaction, who: Who, row: Mapping[Any, Any], state: Ruling, reason: str | None) -> None:
    decided = {"state": state.value, "decided_by": who.actor_id, "decided_at": tx.now(), "decided_because": reason}
    tx.execute(scoped(rulings, who).update().where(rulings.c.id == row["id"]).values(decided))
    _enter(tx, who, row, f"ruling.{state.value}", reason)


def _enter(tx: Transaction, who: Who, row: Mapping[Any, Any], kind: str, reason: str | None) -> None:
    names = ("kind", "relation", "original_id", "customer_id")
    body = {name: row[name] for name in names}
    ruling.enter(tx, who, row["hall_id"], kind, row["reception_id"], body, why=reason)


def _involved(reception: RowMapping, row: Mapping[Any, Any]) -> set[str | None]:
    return {reception["server_id"], reception["original_id"], reception["delegate_id"], row["original_id"]}
