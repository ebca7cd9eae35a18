"""Reading receipts from the register."""

from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam

from chassis import ledger
from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.ledger import Entry
from services.reception.door.views import sees_phone
from services.reception.people.views import local_time_of, names_of
from services.reception.receipts.rules import NotRegisteredYet, Verdict, is_erased, verdict
from services.reception.receptions.tables import receptions
from services.reception.receptions.views import companions_of, reception_of
from services.reception.rotation.views import chain_of, open_halls
from services.reception.visitors.rules import masked_name, masked_phone

_REGISTRATION = "reception.completed"


def receipt_of(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """The receipt of a reception's registration; raises UnknownReception or NotRegisteredYet."""
    row = reception_of(tx, who, reception_id)
    found = _registrations(tx, row["hall_id"], reception_id)
    if not found:
        raise NotRegisteredYet
    entry = found[0]
    body, by = entry.body, entry.body["by"]
    names = names_of(tx, who, [one for one in (body["server_id"], body["owner_id"], by) if one])
    whole = sees_phone(who, body["owner_id"])
    return {
        "reception_id": reception_id,
        "hall_id": row["hall_id"],
        "customer_id": body["customer_id"],
        "customer_is_new": body["customer_is_new"],
        "companions": companions_of(tx, who, reception_id),
        "erased": is_erased(row["visitor_phone"]),
        "visitor_name": row["visitor_name"] if whole else masked_name(row["visitor_name"]),
        "visitor_phone": row["visitor_phone"] if whole else masked_phone(row["visitor_phone"]),
        "owner_id": body["owner_id"],
        "owner_name": names.get(body["owner_id"]),
        "server_id": body["server_id"],
        "server_name": names.get(body["server_id"]),
        "registered_by": by,
        "registered_by_name": names[by],
        "registered_at": row["completed_at"],
        "local_time": local_time_of(tx, who, row["branch_id"], row["completed_at"]),
        "recorded_at": entry.at,
        "number": entry.n,
        "hash": entry.hash,
        "previous_hash": entry.previous_hash,
        "reconciled_with": row["reconciled_with"],
    }


def own_registrations(tx: Transaction, who: Who, first: date, last: date) -> list[dict[str, Any]]:
    """Whom the asker received and registered on these days, the latest first: what there are receipts of."""
    halls = [hall["id"] for hall in open_halls(tx, who)]
    rows = tx.execute(*_own(who, halls=halls, me=who.actor_id, first=first, last=last)).mappings()
    return [_mine(who, dict(row)) for row in rows]


def verdict_of(tx: Transaction, who: Who, reception_id: str, shown: str) -> dict[str, Any]:
    """Whether a receipt with this digest stands; raises UnknownReception or NotRegisteredYet."""
    hall_id = reception_of(tx, who, reception_id)["hall_id"]
    found = _registrations(tx, hall_id, reception_id)
    if not found:
        raise NotRegisteredYet
    entry = next((one for one in found if one.hash == shown), found[0])
    broken = ledger.verify_entry(tx, chain_of(hall_id), entry.n)
    decided = verdict([one.hash for one in found], shown, bool(broken))
    number = None if decided is Verdict.OTHER_HASH else entry.n
    return {"reception_id": reception_id, "verdict": decided.value, "number": number}


def _mine(who: Who, row: dict[str, Any]) -> dict[str, Any]:
    row = row | {"erased": is_erased(row["visitor_phone"])}
    if sees_phone(who, row["owner_id"]):
        return row
    return row | {
        "visitor_name": masked_name(row["visitor_name"]),
        "visitor_phone": masked_phone(row["visitor_phone"]),
    }


@prepared
def _own(who: Who) -> Select[Any]:
    shown = ("kind", "completed_at", "visitor_name", "visitor_phone", "owner_id")
    columns = [receptions.c.id.label("reception_id"), *(receptions.c[name] for name in shown)]
    days = receptions.c.local_day >= bindparam("first"), receptions.c.local_day <= bindparam("last")
    here = receptions.c.hall_id.in_(bindparam("halls", expanding=True)), *days
    mine = receptions.c.server_id == bindparam("me"), receptions.c.state == "completed"
    return scoped(receptions, who).select(*columns).where(*here, *mine).order_by(receptions.c.completed_at.desc())


def _registrations(tx: Transaction, hall_id: str, reception_id: str) -> list[Entry]:
    kept = ledger.entries(tx, chain_of(hall_id), f"reception/{reception_id}")
    return [entry for entry in kept if entry.kind == _REGISTRATION]
