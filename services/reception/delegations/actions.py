"""Entrusting one's customers to a colleague, and taking them back: on the record, and announced."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping, Update, bindparam

from chassis import ledger
from chassis.database import Transaction, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.reception import events
from services.reception.delegations import rules, views
from services.reception.delegations.tables import delegations
from services.reception.people.views import branch_of, check_works_at, leads
from services.reception.visitors.views import known_by_id

_FIELDS = [field.name for field in fields(events.DelegationChanged) if field.name != "delegation_id"]


def entrust(tx: Transaction, who: Who, said: Mapping[str, Any]) -> str:
    """A colleague stands in the shoes of the asker, or of an absent colleague, from a moment to another (一.6).

    `said` is what NewDelegationSchema loads. Answers the delegation's id. Raises NotYoursToEntrust, ReasonNeeded,
    UnknownStaff, NotToOneself, UnknownCustomer, NotTheirCustomer or BadPeriod.
    """
    staff_id = said["staff_id"] or who.actor_id
    branch_id = who.branch_id or branch_of(tx, who, staff_id)
    rules.check_may_entrust(who.actor_id, leads(who), staff_id, said["reason"])
    if said["delegate_id"] == staff_id:
        raise rules.NotToOneself
    for one in (staff_id, said["delegate_id"]):
        check_works_at(tx, who, branch_id, one)
    starts_at, ends_at = rules.period(said["starts_at"], said["ends_at"], tx.now())
    row = {
        "id": tx.new_id(),
        "branch_id": branch_id,
        "staff_id": staff_id,
        "delegate_id": said["delegate_id"],
        "customer_id": said["customer_id"] and _theirs(tx, who, branch_id, staff_id, said["customer_id"]),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "made_by": who.actor_id,
        "made_at": tx.now(),
        "reason": said["reason"],
        "taken_back_at": None,
        "taken_back_by": None,
        "version": 1,
    }
    tx.execute(*scoped(delegations, who).new(row))
    _tell(tx, row)
    return str(row["id"])


def take_back(tx: Transaction, who: Who, delegation_id: str) -> None:
    """It ends now: whoever entrusted, was entrusted or leads may say so; what was assigned by it stands.

    Raises UnknownDelegation, NotYoursToEntrust or TakenBackAlready.
    """
    row = views.delegation_of(tx, who, delegation_id, lock=True)
    if not leads(who) and who.actor_id not in (row["staff_id"], row["delegate_id"]):
        raise rules.NotYoursToEntrust
    if row["taken_back_at"] is not None or row["ends_at"] <= tx.now():
        raise rules.TakenBackAlready
    changes = {"taken_back_at": tx.now(), "taken_back_by": who.actor_id, "version": row["version"] + 1}
    tx.execute(*_one(who, delegation=delegation_id, **changes))
    _tell(tx, {**row, **changes})


def _theirs(tx: Transaction, who: Who, branch_id: str, staff_id: str, customer_id: str) -> str:
    """The customer's id as it lives now, if it is this salesperson's."""
    known = known_by_id(tx, who, branch_id, customer_id)
    if known.owner_id != staff_id:
        raise rules.NotTheirCustomer
    return known.customer_id


def _tell(tx: Transaction, row: RowMapping | dict[str, Any]) -> None:
    """Delegations are the branch's, and so is the chain in which they stand."""
    subject = about("delegation", row["id"], row["version"], row["branch_id"])
    fact = events.DelegationChanged(delegation_id=row["id"], **{name: row[name] for name in _FIELDS})
    announced = record(tx, fact, subject)
    ledger.append(tx, f"branch/{row['branch_id']}", "delegation.changed", subject.subject, announced.data)


@prepared
def _one(who: Who) -> Update:
    return scoped(delegations, who).update().where(delegations.c.id == bindparam("delegation"))
