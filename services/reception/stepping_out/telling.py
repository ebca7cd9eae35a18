"""Storing what became of a step-out: the row, the register's entry and the event, always together."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Update, bindparam

from chassis import ledger
from chassis.database import Transaction, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.reception.rotation.views import chain_of
from services.reception.stepping_out import events
from services.reception.stepping_out.rules import State
from services.reception.stepping_out.tables import step_outs

_FACTS: Mapping[State, type[events._StepOut]] = {
    State.ASKED: events.StepOutAsked,
    State.AWAY: events.StepOutLeft,
    State.OVERSTAYED: events.StepOutOverstayed,
    State.CANCELLED: events.StepOutCancelled,
}
_SAID = [field.name for field in fields(events._StepOut) if field.name != "step_out_id"]
BLANK: dict[str, Any] = dict.fromkeys(step_outs.c.keys()) | {"version": 0}
"""A step-out that nothing has been said of."""


def change(tx: Transaction, who: Who, row: Mapping[Any, Any], state: State, **changes: Any) -> None:
    """Store what a step-out came to, and say so; one of version 0 is new. The caller has locked the hall."""
    values = {**changes, "state": state.value, "version": row["version"] + 1}
    if row["version"] == 0:
        tx.execute(*scoped(step_outs, who).new({**row, **values}))
    else:
        tx.execute(*_one(who, changed=row["id"], **values))
    ended = values.get("ended_at") is not None and state is not State.CANCELLED
    _tell(tx, who, {**row, **values}, events.StepOutEnded if ended else _FACTS[state])


def confirm(tx: Transaction, who: Who, hall: Mapping[Any, Any], staff_id: str) -> None:
    """Say that A has the materials ready."""
    fact = events.MaterialsConfirmed(tx.new_id(), hall["branch_id"], hall["id"], staff_id, tx.now())
    subject = about("materials", fact.confirmation_id, 1, fact.branch_id)
    announced = record(tx, fact, subject)
    ledger.append(tx, chain_of(fact.hall_id), "materials.confirmed", subject.subject, announced.data)


def _tell(tx: Transaction, who: Who, row: Mapping[str, Any], fact: type[events._StepOut]) -> None:
    said = fact(step_out_id=row["id"], **{name: row[name] for name in _SAID})
    subject = about("step_out", row["id"], row["version"], row["branch_id"])
    body = record(tx, said, subject).data | {"by": who.actor_id, "granted_because": row["granted_because"]}
    ledger.append(tx, chain_of(row["hall_id"]), fact.TYPE.removesuffix(".v1"), subject.subject, body)


@prepared
def _one(who: Who) -> Update:
    return scoped(step_outs, who).update().where(step_outs.c.id == bindparam("changed"))
