"""Who the visitor at the door is, whose they are, and where that person is: from reception's own copies alone."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.door import rules
from services.reception.people.views import names_of, zone_of
from services.reception.policy.rules import Policy
from services.reception.policy.views import policy_of
from services.reception.receptions.tables import receptions
from services.reception.receptions.views import arrival_of, line_of
from services.reception.rotation.rules import Facts, Kind, Place, Standing, who_receives
from services.reception.rotation.views import hall_of
from services.reception.visitors.phones import e164
from services.reception.visitors.rules import masked_name, masked_phone
from services.reception.visitors.views import (
    MOST_FOUND,
    Known,
    UnknownCustomer,
    ids_of,
    known_by_id,
    known_by_last_four,
    known_by_phone,
)


def look_up(tx: Transaction, who: Who, hall_id: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """来过吗？谁接待的？ `asked` is what LookUpSchema loads. Raises UnknownHall, OneQuestion or BadPhone."""
    hall = hall_of(tx, who, hall_id)
    rules.question(asked)
    phone = e164(asked["phone"]) if asked["phone"] is not None else None
    found = _found(tx, who, hall["branch_id"], phone, asked)
    line, policy = line_of(tx, who, hall_id), policy_of(tx, who, hall["branch_id"])
    shown = [_candidate(tx, who, hall, line, policy, known) for known in found[:MOST_FOUND]]
    nobody = None if shown else rules.suggested(None, None, phone)
    return {"hall_id": hall_id, "candidates": shown, "more": len(found) > MOST_FOUND, "suggested": nobody}


def last_visit(tx: Transaction, who: Who, customer_ids: Sequence[str]) -> RowMapping | None:
    """When any of these was received last, and by whom."""
    return tx.execute(*_last_visit(who, customers=list(customer_ids))).mappings().first()


def sees_phone(who: Who, owner_id: str | None) -> bool:
    """Whether the whole name and phone are for the asker to read: the owner, and who manages the hall."""
    return owner_id == who.actor_id or who.may("reception.manage")


def _found(tx: Transaction, who: Who, branch_id: str, phone: str | None, asked: Mapping[str, Any]) -> Sequence[Known]:
    if phone is not None:
        known = known_by_phone(tx, who, branch_id, phone)
        return [known] if known else []
    if asked["last_four"] is not None:
        return known_by_last_four(tx, who, branch_id, asked["last_four"])
    try:
        return [known_by_id(tx, who, branch_id, asked["customer_id"])]
    except UnknownCustomer:
        return []


def _candidate(
    tx: Transaction, who: Who, hall: RowMapping, line: Sequence[Place], policy: Policy, known: Known
) -> dict[str, Any]:
    facts = _facts(tx, who, hall, line, policy, known)
    last = last_visit(tx, who, ids_of(tx, who, known.customer_id))
    spoken_of = (known.owner_id, facts.delegate_id, last and last["server_id"])
    names = names_of(tx, who, [one for one in spoken_of if one])
    open_to = sees_phone(who, known.owner_id)
    zone = ZoneInfo(zone_of(tx, who, hall["branch_id"]))
    return {
        "customer_id": known.customer_id,
        "code": known.code,
        "name": known.name if open_to else masked_name(known.name),
        "phone": known.phone if open_to else masked_phone(known.phone),
        "revealed": rules.is_revealed(known.phone, known.owner_id, who.actor_id, whole=open_to),
        "registered_at": known.registered_at,
        "registered_on": known.registered_at and known.registered_at.astimezone(zone).date(),
        "original": _person(known.owner_id, facts.original_is, names),
        "delegate": _person(facts.delegate_id, facts.delegate_is, names),
        "last_visit": last and {**last, "name": names[last["server_id"]]},
        "suggested": rules.suggested(known.customer_id, known.owner_id),
    }


def _facts(tx: Transaction, who: Who, hall: RowMapping, line: Sequence[Place], policy: Policy, known: Known) -> Facts:
    """Where the original is, and the delegate if it comes to that: what an arrival now would rest on."""
    row = {"kind": Kind.RETURNING.value, "original_id": known.owner_id, "known_customer_id": known.customer_id}
    row |= {"branch_id": hall["branch_id"], "hall_id": hall["id"], "called": None}
    return who_receives(line, arrival_of(tx, who, row, policy), policy.version).facts


def _person(staff_id: str | None, standing: Standing | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Who is suspended counts as off duty, and why is not for the door."""
    if staff_id is None or standing is None:
        return None
    shown = Standing.OFF_DUTY if standing is Standing.SUSPENDED else standing
    return {"staff_id": staff_id, "name": names[staff_id], "standing": shown.value}


@prepared
def _last_visit(who: Who) -> Select[Any]:
    shown = (receptions.c.id.label("reception_id"), receptions.c.local_day, receptions.c.server_id)
    theirs = receptions.c.customer_id.in_(bindparam("customers", expanding=True)), receptions.c.state == "completed"
    latest = scoped(receptions, who).select(*shown).where(*theirs)
    return latest.order_by(receptions.c.arrived_at.desc(), receptions.c.id.desc()).limit(1)
