"""What people do in a hall: each locks the hall, decides, stores, appends to the register and announces."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import RowMapping, Select, Update, bindparam, func

from chassis import audit, ledger
from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from chassis.web import if_match
from services.reception import events
from services.reception.people.rules import UnknownBranch
from services.reception.people.views import check_works_at, local_time
from services.reception.rotation import rules, views
from services.reception.rotation.rules import State, Turn
from services.reception.rotation.tables import halls, places, receptions
from services.reception.visitors.actions import customer_of_phone
from services.reception.visitors.phones import e164

_FACTS: Mapping[State, type[events._Reception]] = {
    State.WAITING: events.ReceptionOpened,
    State.ASSIGNED: events.ReceptionAssigned,
    State.GREETED: events.ReceptionGreeted,
    State.COMPLETED: events.ReceptionCompleted,
    State.CLOSED: events.ReceptionClosed,
}
_PUBLIC = [field.name for field in fields(events._Reception) if field.name not in ("reception_id", "personal")]
_BLANK = dict.fromkeys(receptions.c.keys())


class HallNameTaken(Exception):
    """The branch has a hall of this name already."""


def open_hall(tx: Transaction, who: Who, name: str, branch_id: str | None) -> str:
    """A new hall of the branch (by default the asker's own); raises UnknownBranch or HallNameTaken."""
    branch_id = branch_id or who.branch_id
    if branch_id is None:
        raise UnknownBranch(branch_id)
    local_time(tx, who, branch_id)
    hall = {"id": tx.new_id(), "branch_id": branch_id, "name": name, "active": True, "version": 1, "line_version": 0}
    if not insert_if_new(tx, scoped(halls, who).table, hall, ["branch_id", "name"]):
        raise HallNameTaken
    audit.note(tx, who, "hall.opened", f"hall/{hall['id']}", branch_id)
    record(tx, events.HallChanged(str(hall["id"]), branch_id, name, True), about("hall", str(hall["id"]), 1, branch_id))
    return str(hall["id"])


def join_line(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> None:
    """A newcomer joins the line at its tail; raises UnknownHall, UnknownStaff or AlreadyOnTheLine."""
    hall = views.hall_of(tx, who, hall_id, lock=True)
    check_works_at(tx, who, hall["branch_id"], staff_id)
    order = _order(tx, who, hall_id)
    rules.joined(order, staff_id)
    place = {"hall_id": hall_id, "staff_id": staff_id, "branch_id": hall["branch_id"], "on_duty": False}
    tx.execute(*scoped(places, who).new(place | {"rank": _last_rank(tx, who, hall_id) + 1}))
    _line_changed(tx, who, hall, "joined", {"staff_id": staff_id}, None)


def reorder_line(tx: Transaction, who: Who, hall_id: str, wanted: Sequence[str], reason: str) -> None:
    """The manager's order, with a reason, on the record; raises OtherPeopleOnTheLine, or what If-Match calls for."""
    hall = views.hall_of(tx, who, hall_id, lock=True)
    if_match(hall["line_version"])
    order = rules.reordered(_order(tx, who, hall_id), wanted)
    for rank, staff_id in enumerate(order, start=1):
        tx.execute(*_place(who, hall=hall_id, person=staff_id, rank=rank))
    audit.note(tx, who, "line.reordered", f"line/{hall_id}", hall["branch_id"])
    _line_changed(tx, who, hall, "reordered", {"order": order}, reason)


def come_on_duty(tx: Transaction, who: Who, hall: RowMapping, staff_id: str) -> None:
    """Somebody came on duty, at the place they have; whoever waits longest is theirs if they are A."""
    _duty(tx, who, hall["id"], staff_id, on_duty=True)
    serve_waiting(tx, who, hall)


def go_off_duty(tx: Transaction, who: Who, hall: RowMapping, staff_id: str) -> None:
    """Somebody went off duty and keeps the place; a reception in progress is finished first."""
    _duty(tx, who, hall["id"], staff_id, on_duty=False)


def open_reception(tx: Transaction, who: Who, hall_id: str, kind: str, party_size: int) -> str:
    """A visitor came: A receives, or the visitor waits in order. Answers the reception's id; raises UnknownHall."""
    hall = views.hall_of(tx, who, hall_id, lock=True)
    decision = rules.who_receives(views.line_of(tx, who, hall_id), kind)
    row = _BLANK | {
        "id": tx.new_id(),
        "branch_id": hall["branch_id"],
        "hall_id": hall_id,
        "kind": kind,
        "state": State.WAITING.value,
        "party_size": party_size,
        "local_day": local_time(tx, who, hall["branch_id"]).date(),
        "arrived_at": tx.now(),
        "explanation": rules.explanation_of(decision),
        "version": 1,
    }
    tx.execute(*scoped(receptions, who).new(row))
    _announce(tx, who, row)
    if isinstance(decision, rules.Assignment):
        serve_waiting(tx, who, hall)
    return str(row["id"])


def serve_waiting(tx: Transaction, who: Who, hall: RowMapping) -> None:
    """Whoever is free receives who waits, by order of arrival. The hall is locked by the caller."""
    for waiting in views.waiting_in(tx, who, hall["id"]):
        decision = rules.who_receives(views.line_of(tx, who, hall["id"]), waiting["kind"])
        if isinstance(decision, rules.Wait):
            return
        assigned = {"server_id": decision.server_id, "assigned_at": tx.now(), "article": decision.article}
        _move(tx, who, waiting, State.ASSIGNED, assigned | {"explanation": rules.explanation_of(decision)})


def greet(tx: Transaction, who: Who, reception_id: str) -> None:
    """The visitor was greeted; a colleague may say so for the server.

    Raises UnknownReception, NotOfThisHall or WrongState.
    """
    reception, hall = _locked(tx, who, reception_id)
    rules.check_may_greet(_actor(who), views.line_of(tx, who, hall["id"]))
    rules.check_state(State(reception["state"]), State.ASSIGNED)
    _move(tx, who, reception, State.GREETED, {"greeted_at": tx.now()})


def complete(tx: Transaction, who: Who, reception_id: str, visitor: Mapping[str, Any]) -> None:
    """The visitor is registered: by name and phone, the rest as far as it is known. `visitor` is what CompletionSchema
    loads. Raises UnknownReception, WrongState, NotYourReception or BadPhone.
    """
    phone = e164(visitor["phone"])
    reception, hall = _locked(tx, who, reception_id)
    rules.check_state(State(reception["state"]), State.ASSIGNED, State.GREETED)
    rules.check_may_complete(_actor(who), reception["server_id"])
    treatment = rules.BUILT_IN.arrivals[reception["kind"]]
    found = customer_of_phone(tx, who, reception["branch_id"], phone)
    said = {name: visitor[name] for name in ("intent", "progress", "note", "next_contact")}
    registered = {
        "completed_at": tx.now(),
        "turn": treatment.turn.value,
        "customer_id": found.customer_id,
        "customer_is_new": found.is_new,
        "visitor_name": visitor["name"],
        "visitor_phone": phone,
        "credit_rule": treatment.credit_rule,
        "credit_day": reception["local_day"],
    }
    _move(tx, who, reception, State.COMPLETED, said | registered)
    _finish(tx, who, hall, reception["server_id"], treatment.turn)


def leave(tx: Transaction, who: Who, reception_id: str) -> None:
    """The visitor went without being registered.

    Raises UnknownReception, WrongState, NotYourReception or SomebodyElseMustSay.
    """
    reception, hall = _locked(tx, who, reception_id)
    state = State(reception["state"])
    turn = rules.turn_when_left(state, reception["kind"])
    rules.check_may_close(_actor(who), state, reception["server_id"])
    _move(tx, who, reception, State.CLOSED, {"turn": turn and turn.value})
    if turn is not None:
        _finish(tx, who, hall, reception["server_id"], turn)


def _finish(tx: Transaction, who: Who, hall: RowMapping, server_id: str, turn: Turn) -> None:
    """The server is free again, at the tail if a turn was used; whoever waits is received."""
    if turn is Turn.USED:
        tx.execute(*_place(who, hall=hall["id"], person=server_id, rank=_last_rank(tx, who, hall["id"]) + 1))
        _line_changed(tx, who, hall, "turn_used", {"staff_id": server_id}, None)
    serve_waiting(tx, who, hall)


def _actor(who: Who) -> rules.Actor:
    return rules.Actor(who.actor_id, leads=who.role == "supervisor" or who.may("reception.manage"))


def _locked(tx: Transaction, who: Who, reception_id: str) -> tuple[RowMapping, RowMapping]:
    """The reception as it is now, and its hall, locked."""
    hall = views.locked_hall_of(tx, who, reception_id)
    return views.reception_of(tx, who, reception_id), hall


def _move(tx: Transaction, who: Who, reception: RowMapping, state: State, changes: Mapping[str, Any]) -> None:
    values = dict(changes) | {"state": state.value, "version": reception["version"] + 1}
    tx.execute(*_one_reception(who, moved=reception["id"], **values))
    _announce(tx, who, {**reception, **values})


def _announce(tx: Transaction, who: Who, row: Mapping[str, Any]) -> None:
    """Append the reception's new state to the hall's register, and announce it. `row` is the row as it stands now."""
    fact = _FACTS[State(row["state"])]
    public = {name: row[name] for name in _PUBLIC}
    visitor = None
    if row["visitor_phone"] is not None:
        visitor = events.Visitor(row["visitor_name"], row["visitor_phone"], row["note"])
    subject = about("reception", row["id"], row["version"], row["branch_id"])
    announced = record(tx, fact(reception_id=row["id"], personal=visitor, **public), subject)
    body = {name: value for name, value in announced.data.items() if name != "personal"}
    kept = {"by": who.actor_id, "explanation": row["explanation"]}
    hidden = asdict(visitor) if visitor else None
    ledger.append(tx, _chain(row["hall_id"]), f"reception.{row['state']}", subject.subject, body | kept, hidden)


def _line_changed(
    tx: Transaction, who: Who, hall: RowMapping, cause: str, body: Mapping[str, Any], reason: str | None
) -> None:
    version = tx.execute(*_raised_line_version(who, hall=hall["id"])).scalar_one()
    order = _order(tx, who, hall["id"])
    subject = about("line", hall["id"], version, hall["branch_id"])
    fact = events.LineChanged(hall["id"], hall["branch_id"], order, cause, who.actor_id, reason, tx.now())
    record(tx, fact, subject)
    kept = {"cause": cause, "by": who.actor_id, "reason": reason, **body}
    ledger.append(tx, _chain(hall["id"]), "line", subject.subject, kept)


def _order(tx: Transaction, who: Who, hall_id: str) -> list[str]:
    return list(tx.execute(*_staff_in_order(who, hall=hall_id)).scalars())


def _last_rank(tx: Transaction, who: Who, hall_id: str) -> int:
    return tx.execute(*_greatest_rank(who, hall=hall_id)).scalar() or 0


def _duty(tx: Transaction, who: Who, hall_id: str, staff_id: str, *, on_duty: bool) -> None:
    if tx.execute(*_place(who, hall=hall_id, person=staff_id, on_duty=on_duty)).rowcount == 0:
        raise rules.NotOnTheLine


def _chain(hall_id: str) -> str:
    return f"hall/{hall_id}"


@prepared
def _one_reception(who: Who) -> Update:
    return scoped(receptions, who).update().where(receptions.c.id == bindparam("moved"))


@prepared
def _place(who: Who) -> Update:
    here = places.c.hall_id == bindparam("hall"), places.c.staff_id == bindparam("person")
    return scoped(places, who).update().where(*here)


@prepared
def _raised_line_version(who: Who) -> Any:
    raised = scoped(halls, who).update().where(halls.c.id == bindparam("hall"))
    return raised.values(line_version=halls.c.line_version + 1).returning(halls.c.line_version)


@prepared
def _staff_in_order(who: Who) -> Select[Any]:
    here = scoped(places, who).select(places.c.staff_id).where(places.c.hall_id == bindparam("hall"))
    return here.order_by(places.c.rank)


@prepared
def _greatest_rank(who: Who) -> Select[Any]:
    return scoped(places, who).select(func.max(places.c.rank)).where(places.c.hall_id == bindparam("hall"))
