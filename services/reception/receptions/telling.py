"""Storing what became of a reception: the row, the register's entry and the event, always together."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import RowMapping, Update, bindparam

from chassis import ledger
from chassis.database import Transaction, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.reception import events
from services.reception.forfeits.actions import begin_suspension
from services.reception.receptions.rules import INTENTS, State
from services.reception.receptions.tables import receptions
from services.reception.receptions.views import companions_of
from services.reception.rotation.views import chain_of

_FACTS: Mapping[State, type[events._Reception]] = {
    State.WAITING: events.ReceptionOpened,  # only when it begins: see change
    State.ASSIGNED: events.ReceptionAssigned,
    State.GREETED: events.ReceptionGreeted,
    State.COMPLETED: events.ReceptionCompleted,
    State.CLOSED: events.ReceptionClosed,
}
_NOT_COLUMNS = ("reception_id", "companions", "personal")
_PUBLIC = [field.name for field in fields(events._Reception) if field.name not in _NOT_COLUMNS]
BLANK: dict[str, Any] = dict.fromkeys(receptions.c.keys()) | {"original_left": False}
"""A row of which nothing is known yet."""


def change(
    tx: Transaction,
    who: Who,
    reception: RowMapping,
    changes: Mapping[str, Any],
    fact: type[events._Reception] | None = None,
) -> None:
    """Store the changes of a reception and say what stands now; the caller has locked its hall.

    Without `fact` it is said by the state that the reception came to, or as a change of what stands. Who serves no
    more begins a suspension that waited for it.
    """
    values = dict(changes) | {"version": reception["version"] + 1}
    tx.execute(*_one_reception(who, moved=reception["id"], **values))
    row = {**reception, **values}
    moved = _FACTS[State(row["state"])] if row["state"] != reception["state"] else events.ReceptionChanged
    tell(tx, who, row, fact or (events.ReceptionPassedOn if moved is events.ReceptionOpened else moved))
    if _serves(reception) and _serves(row) != _serves(reception):
        begin_suspension(tx, who, row["branch_id"], reception["server_id"])


def tell(tx: Transaction, who: Who, row: Mapping[str, Any], fact: type[events._Reception]) -> None:
    """Append the reception as it stands to the hall's register, and announce it. `row` is the row as it stands now."""
    own = row["intent"] if row["intent"] not in INTENTS else None
    public = {name: row[name] for name in _PUBLIC} | {"intent": None if own else row["intent"]}
    companions = companions_of(tx, who, row["id"]) if row["state"] == State.COMPLETED else ()
    names = ("customer_id", "customer_is_new", "reconciled_with")
    known = [events.Companion(**{name: one[name] for name in names}) for one in companions]
    said = fact(reception_id=row["id"], companions=known, personal=_visitor(row, own, companions), **public)
    subject = about("reception", row["id"], row["version"], row["branch_id"])
    announced = record(tx, said, subject)
    body = {name: value for name, value in announced.data.items() if name != "personal"}
    kept = {"by": who.actor_id, "explanation": row["explanation"]}
    hidden = asdict(said.personal) if said.personal else None
    ledger.append(tx, chain_of(row["hall_id"]), fact.TYPE.removesuffix(".v1"), subject.subject, body | kept, hidden)


def _serves(row: Mapping[Any, Any]) -> str | None:
    """Who serves in the reception; nobody before it is assigned and after it has ended."""
    server_id: str | None = row["server_id"] if State(row["state"]) in (State.ASSIGNED, State.GREETED) else None
    return server_id


def _visitor(row: Mapping[str, Any], intent: str | None, companions: Any) -> events.Visitor | None:
    if row["visitor_phone"] is None:
        return None
    known = (one for one in companions if one["phone"] is not None)  # who was erased has none
    others = [events.Person(one["customer_id"], one["name"], one["phone"]) for one in known]
    return events.Visitor(row["visitor_name"], row["visitor_phone"], row["note"], intent, others)


@prepared
def _one_reception(who: Who) -> Update:
    return scoped(receptions, who).update().where(receptions.c.id == bindparam("moved"))
