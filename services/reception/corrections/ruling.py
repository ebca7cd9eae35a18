"""Ruling a reception again by 一.6, and what it says then: the row, the line and the event."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from chassis import ledger
from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reception import events
from services.reception.corrections import rules, views
from services.reception.corrections.tables import corrections
from services.reception.receptions.rules import State, Turn, outcome
from services.reception.receptions.telling import change
from services.reception.rotation.actions import move
from services.reception.rotation.rules import Moved
from services.reception.rotation.views import chain_of


def as_ruled(tx: Transaction, who: Who, row: Mapping[Any, Any], claim: Mapping[str, Any]) -> dict[str, Any]:
    """What a reception says when its visitor is whose the claim says, on the facts of the assignment.

    `claim` names kind, original_id and customer_id. What it cost its server in the line is not among it.
    """
    whose = {"kind": claim["kind"], "original_id": claim["original_id"], "known_customer_id": claim["customer_id"]}
    if row["state"] == State.WAITING:
        return whose
    found = views.assigned(tx, who, row, claim)
    served = rules.served_again(found)
    said = whose | {
        "role": served.role.value,
        "delegate_id": found.delegate_id,
        "original_left": served.original_left,
        "taken_over_at": None,
        "article": "一.6",
        "explanation": explained(row["explanation"], found, served.role.value),
    }
    if row["state"] == State.COMPLETED:
        ruled = outcome(served)
        said |= {"credit_rule": ruled.credit_rule.value, "owner_id": ruled.owner_id}
    return said


def turn_of(tx: Transaction, who: Who, row: Mapping[Any, Any], claim: Mapping[str, Any]) -> Turn | None:
    """What an ended reception costs its server after all; None where it was never decided."""
    if row["turn"] is None or row["greeted_at"] is None and row["state"] == State.CLOSED:
        return None
    return outcome(rules.served_again(views.assigned(tx, who, row, claim))).turn


def rule_again(tx: Transaction, who: Who, hall: RowMapping, row: RowMapping, claim: Mapping[str, Any]) -> None:
    """Store and announce what a reception says now; the caller has locked the hall.

    The server's place is given back, or used, on the reception's own day only; why, the ruling says.
    """
    said = as_ruled(tx, who, row, claim) | {"relation": claim["relation"]}
    turn = turn_of(tx, who, row, claim)
    if turn is not None and turn.value != row["turn"] and _is_its_day(tx, who, row):
        said |= _moved(tx, who, hall, row, turn, claim["id"])
    fact = events.ReceptionCreditCorrected if row["state"] == State.COMPLETED else events.ReceptionChanged
    change(tx, who, row, said, fact)


def explained(before: Mapping[str, Any], found: rules.Assigned, role: str) -> dict[str, Any]:
    """Why the server received, as it is ruled now; who was passed over, and by which policy, stays."""
    facts = {
        "kind": found.kind.value,
        "original_id": found.original_id,
        "original_is": found.original_is and found.original_is.value,
        "delegate_id": found.delegate_id,
        "delegate_is": None,
    }
    return {**before, "code": f"ruled_again_{role}", "article": "一.6", "role": role, "facts": facts}


def void(tx: Transaction, who: Who, hall: RowMapping, n: int, body: Mapping[str, Any], reason: str | None) -> int:
    """Correct an entry of the line: the line is as if it had not been. Answers the correcting entry's number."""
    entry = move(tx, who, hall, Moved.CORRECTED, {"voids": n, **body}, reason)
    note(tx, who, hall, n, entry, reason)
    return entry


def note(tx: Transaction, who: Who, hall: RowMapping, n: int, entry: int, reason: str | None) -> None:
    """Note that one entry of the register was corrected by another: once, and for good."""
    kept = {"hall_id": hall["id"], "n": n, "branch_id": hall["branch_id"], "entry": entry, "reason": reason}
    kept |= {"corrected_by": who.actor_id, "corrected_at": tx.now()}
    tx.execute(*scoped(corrections, who).new(kept))


def enter(
    tx: Transaction,
    who: Who,
    hall_id: str,
    kind: str,
    reception_id: str,
    body: Mapping[str, Any],
    *,
    why: str | None = None,
) -> int:
    """An entry of the register about a reception; answers its number. Why stands apart, erasable."""
    kept, hidden = {"by": who.actor_id, **body}, None if why is None else {"said": why}
    return ledger.append(tx, chain_of(hall_id), kind, f"reception/{reception_id}", kept, hidden)


def _is_its_day(tx: Transaction, who: Who, row: Mapping[Any, Any]) -> bool:
    branch_id = row["branch_id"]
    last = rules.last_day(row["local_day"], views.day_of(tx, who, branch_id, row["completed_at"]))
    return bool(views.day_of(tx, who, branch_id, tx.now()) <= last)


def _moved(
    tx: Transaction, who: Who, hall: RowMapping, row: RowMapping, turn: Turn, ruling_id: str
) -> Mapping[str, Any]:
    body = {"staff_id": row["server_id"], "reception_id": row["id"], "ruling_id": ruling_id}
    if turn is Turn.USED:
        entry = move(tx, who, hall, Moved.TURN_USED, body)
        return {"turn": turn.value, "line_entry": entry}
    if row["line_entry"] is not None and row["line_entry"] not in views.corrected_in(tx, who, hall["id"]):
        void(tx, who, hall, row["line_entry"], body, None)
    return {"turn": turn.value}
