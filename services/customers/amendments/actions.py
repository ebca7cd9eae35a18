"""Asking for a change of what is registered, signing or refusing it, and signing that a phone is wrong."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.amendments import rules
from services.customers.amendments.rules import Asked
from services.customers.amendments.tables import amendments
from services.customers.amendments.views import amendment_row
from services.customers.events import AmendmentChanged, Wish
from services.customers.files import codes
from services.customers.files.actions import check_phone_free, new_entry, person_in_reach
from services.customers.files.registering import register, rule_again
from services.customers.files.views import customer_row
from services.customers.people.views import branch_of
from services.customers.register.actions import chain, prove_wrong
from services.customers.register.phones import in_one_form
from services.customers.register.rules import Kind
from services.customers.register.views import standing_of
from services.customers.relations.rules import check_open

_ANNOUNCED = ("amendment_id", "branch_id", "customer_id", "state", "asked_by", "asked_at", "decided_by", "decided_at")


def ask(tx: Transaction, who: Who, customer_id: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Ask for another name or phone of a customer in reach (一.3): without effect until somebody else signs it.

    Of an id that stands for a relative (一.5) it concerns the person of that id. `said` holds what NewAmendmentSchema
    loads. Raises UnknownCustomer, NothingToAmend, FullNameNeeded, PhoneHeld,
    PhoneNotValid.
    """
    branch_id = customer_row(tx, who, customer_id)["branch_id"]
    codes.lock_branch(tx, who, branch_id)
    person = person_in_reach(tx, who, customer_id)
    phone = in_one_form(said["phone"]) if said["phone"] else None
    wish = rules.wanted(person.name, person.phone, said["name"] or person.name, phone or person.phone)
    check_phone_free(tx, who, branch_id, person, wish.phone)
    row = {
        "amendment_id": tx.new_id(),
        "branch_id": branch_id,
        "customer_id": person.customer_id,
        **vars(wish),
        "because": said["because"],
        "asked_by": who.actor_id,
        "asked_at": tx.now(),
        "state": Asked.ASKED.value,
        **dict.fromkeys(("decided_by", "decided_at", "reason")),
        "version": 1,
    }
    tx.execute(*scoped(amendments, who).new(row))
    _tell(tx, row, said["because"])
    return row


def sign(tx: Transaction, who: Who, amendment_id: str) -> Mapping[str, Any]:
    """Sign a change that somebody else asked for: name and phone count from now.

    Raises UnknownAmendment, SignatureNeeded, AlreadyDecided, PhoneHeld, UnknownCustomer.
    """
    row = _open_row(tx, who, amendment_id)
    person, branch = person_in_reach(tx, who, row["customer_id"]), branch_of(tx, who, row["branch_id"])
    check_phone_free(tx, who, branch.branch_id, person, row["phone"])
    name, phone = row["name"] or person.name, row["phone"] or person.phone
    entry = new_entry(tx, who, branch, person.customer_id, name, phone)
    amended = replace(entry, kind=Kind.AMENDED, registered_by=person.ruling.winner.whose)
    done = _decide(tx, who, row, Asked.SIGNED, None, who.actor_id)
    register(tx, who, amended, signed_by=who.actor_id)
    return done


def refuse(tx: Transaction, who: Who, amendment_id: str, reason: str) -> Mapping[str, Any]:
    """Refuse a change that somebody else asked for: what is registered stays.

    Raises UnknownAmendment, SignatureNeeded, AlreadyDecided.
    """
    return _decide(tx, who, _open_row(tx, who, amendment_id), Asked.REFUSED, reason, who.actor_id)


def sign_phones_wrong(tx: Transaction, who: Who, customer_id: str, said: Mapping[str, Any]) -> str:
    """Sign that the phones of these registrations of a customer are wrong: from now they count as not correct.

    The files follow the ruling, which may make another's registration hold. `said` holds what WrongPhonesSchema loads.
    Answers the customer's id as the file had it. Raises UnknownCustomer, UnknownEntry.
    """
    codes.lock_branch(tx, who, customer_row(tx, who, customer_id)["branch_id"])
    row = customer_row(tx, who, customer_id)
    standing = standing_of(tx, who, row["branch_id"], row["customer_id"])
    wrong = [entry for entry in standing.entries if entry.entry_id in said["entry_ids"] and entry.phone]
    if len(wrong) < len(set(said["entry_ids"])):
        raise rules.UnknownEntry
    for entry in wrong:
        prove_wrong(tx, who, entry, said["reason"])
    rule_again(tx, who, row["branch_id"], standing.ids)
    return str(row["customer_id"])


def forget(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    """Forget what these customers' names and phones were to become, and all words about it; what waits is refused."""
    about_them = amendments.c.customer_id.in_(list(ids))
    blank = {"name": None, "phone": None, "because": "", "reason": None}
    tx.execute(scoped(amendments, who).update().where(about_them).values(blank))
    waiting = scoped(amendments, who).select().where(about_them, amendments.c.state == Asked.ASKED.value)
    for row in tx.execute(waiting).mappings().all():
        decided_by = None if row["asked_by"] == who.actor_id else who.actor_id
        _decide(tx, who, row, Asked.REFUSED, None, decided_by)


def _open_row(tx: Transaction, who: Who, amendment_id: str) -> RowMapping:
    seen = amendment_row(tx, who, amendment_id)
    codes.lock_branch(tx, who, seen["branch_id"])
    row = amendment_row(tx, who, amendment_id)
    rules.check_signer(row["asked_by"], who.actor_id)
    check_open(row["state"])
    return row


def _decide(
    tx: Transaction, who: Who, row: Mapping[Any, Any], state: Asked, reason: str | None, by: str | None
) -> Mapping[str, Any]:
    decided = {"state": state.value, "decided_by": by, "decided_at": tx.now(), "reason": reason}
    done = {**row, **decided, "version": row["version"] + 1}
    mine = amendments.c.amendment_id == row["amendment_id"]
    tx.execute(scoped(amendments, who).update().where(mine).values(**decided, version=done["version"]))
    _tell(tx, done, reason)
    return done


def _tell(tx: Transaction, row: Mapping[str, Any], words: str | None) -> None:
    state = {name: row[name] for name in _ANNOUNCED}
    fact = AmendmentChanged(**state, personal=Wish(row["name"], row["phone"]))
    record(tx, fact, about("amendment", row["amendment_id"], row["version"], row["branch_id"]))
    body = {name: row[name] for name in ("amendment_id", "state", "asked_by", "decided_by", "version")}
    chain(tx, row["branch_id"], "amendment", row["customer_id"], body, words)
