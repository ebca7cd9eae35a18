"""Reporting a dispute and deciding it; both go into the branch's register and are announced."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.reception.discipline.rules import OwnCase
from services.reception.discipline.telling import append
from services.reception.disputes import events, rules, views
from services.reception.disputes.tables import disputes
from services.reception.people.rules import UnknownBranch
from services.reception.people.views import check_works_at
from services.reception.receptions.views import reception_of

_PUBLIC = [field.name for field in fields(events._Dispute) if field.name != "dispute_id"]


def report(tx: Transaction, who: Who, said: Mapping[str, Any]) -> str:
    """Either side reports a dispute to who leads on site (一.2); `said` as NewDisputeSchema loads it. Answers its id.

    Raises UnknownBranch, NobodyElse, UnknownStaff or UnknownReception.
    """
    branch_id = who.branch_id
    if branch_id is None:
        raise UnknownBranch(branch_id)
    rules.check_sides(who.actor_id, said["other_id"])
    check_works_at(tx, who, branch_id, said["other_id"])
    where = None if said["reception_id"] is None else reception_of(tx, who, said["reception_id"])
    customer_id = said["customer_id"] or (where and (where["customer_id"] or where["known_customer_id"]))
    row = dict.fromkeys(disputes.c.keys()) | {
        "id": tx.new_id(),
        "branch_id": branch_id,
        "reporter_id": who.actor_id,
        "other_id": said["other_id"],
        "reception_id": said["reception_id"],
        "customer_id": customer_id,
        "said": said["said"],
        "reported_at": tx.now(),
        "version": 1,
    }
    tx.execute(*scoped(disputes, who).new(row))
    _tell(tx, who, row, events.DisputeReported, said["said"])
    return str(row["id"])


def decide(tx: Transaction, who: Who, dispute_id: str, reason: str) -> None:
    """Who leads on site settles a dispute that is not their own (一.2). Nobody is penalised by it.

    Raises UnknownDispute, OwnCase or DisputeDecided.
    """
    row = views.dispute_of(tx, who, dispute_id, lock=True)
    if rules.is_a_side(who.actor_id, row["reporter_id"], row["other_id"]):
        raise OwnCase
    if row["decided_at"] is not None:
        raise rules.DisputeDecided
    changes = {"decided_by": who.actor_id, "decided_at": tx.now(), "reason": reason, "version": row["version"] + 1}
    tx.execute(scoped(disputes, who).update().where(disputes.c.id == dispute_id).values(changes))
    _tell(tx, who, {**row, **changes}, events.DisputeDecided, reason)


def _tell(tx: Transaction, who: Who, row: Mapping[str, Any], fact: type[events._Dispute], why: str) -> None:
    """Announce the dispute as it stands, and append it to the branch's register; what was said is in that alone."""
    said = fact(dispute_id=row["id"], **{name: row[name] for name in _PUBLIC})
    record(tx, said, about("dispute", row["id"], row["version"], row["branch_id"]))
    names = ("branch_id", "reporter_id", "other_id", "reception_id", "customer_id", "version")
    body = {name: row[name] for name in names} | {"by": who.actor_id}
    append(tx, row["branch_id"], fact.TYPE.removesuffix(".v1"), f"dispute/{row['id']}", body, why)
