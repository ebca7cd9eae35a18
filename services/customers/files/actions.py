"""Registering and changing customers by hand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import if_match
from services.customers.fields.views import check_type, values_set
from services.customers.files import codes, rules
from services.customers.files.registering import Opening, register, register_stranger, save
from services.customers.files.rules import Because, File, Registered, Why
from services.customers.files.views import customer_row
from services.customers.people.rules import Branch
from services.customers.people.views import branch_meant, branch_of, works_in_reach
from services.customers.register.phones import in_one_form, is_correct
from services.customers.register.rules import Entry, Kind, Origin, entry_id_of, is_full_name
from services.customers.register.views import customers_with_phone


def register_by_hand(tx: Transaction, who: Who, said: Mapping[str, Any]) -> Registered:
    """Enter what a person registers; a phone that the branch knows belongs to the customer who has it.

    `said` holds what RegistrationSchema loads; what is said beside name and phone opens a new file, and alters none.
    Raises PhoneNotValid, BranchNeeded, UnknownBranch, UnknownCustomerType, Invalid.
    """
    branch = branch_meant(tx, who, said["branch_id"])
    phone = in_one_form(said["phone"]) if said["phone"] else None
    opening = Opening(customer_type=said["customer_type"], more=_opening(tx, who, branch.branch_id, said))
    codes.lock_branch(tx, who, branch.branch_id)  # what is asked from here on, others wait for
    known = customers_with_phone(tx, who, branch.branch_id, phone) if phone else frozenset()
    entry = _entry(tx, who, branch, min(known, default=None) or tx.new_id(), said["name"], phone)
    return (register if known else register_stranger)(tx, who, entry, opening)


def _opening(tx: Transaction, who: Who, branch_id: str, said: Mapping[str, Any]) -> dict[str, Any]:
    check_type(tx, who, branch_id, said["customer_type"])
    known = {name: said[name] for name in rules.SET_BY_HAND if said.get(name) is not None}
    known |= {"demand": rules.demand_after({}, said["demand"])}
    return known | {"details": values_set(tx, who, branch_id, {}, said["details"])}


def change_customer(tx: Transaction, who: Who, customer_id: str, changes: Mapping[str, Any]) -> str:
    """Change a file in reach and answer its id; `changes` holds what ChangeSchema loads, only what is to change.

    A changed name or phone is an amendment in the register and counts from now. Raises UnknownCustomer,
    StaleVersion, VersionRequired, SignatureNeeded, FullNameNeeded, PhoneHeld, PhoneNotValid, OwnerNotYours,
    OwnerNotInReach, UnknownCustomerType, Invalid.
    """
    seen = customer_row(tx, who, customer_id)
    codes.lock_branch(tx, who, seen["branch_id"])
    file = File(**customer_row(tx, who, customer_id, locked=True))
    if_match(file.version)
    owner = _owner(tx, who, file, changes)
    by_hand = _by_hand(tx, who, file, changes)
    save(tx, who, file, replace(file, **by_hand, **owner), Because(Why.ASSIGNED, who.actor_id))
    _amend(tx, who, file, changes)
    return file.customer_id


def _by_hand(tx: Transaction, who: Who, file: File, changes: Mapping[str, Any]) -> dict[str, Any]:
    by_hand = {name: changes[name] for name in rules.SET_BY_HAND if name in changes}
    if by_hand.get("customer_type", file.customer_type) != file.customer_type:
        check_type(tx, who, file.branch_id, by_hand["customer_type"])
    by_hand["demand"] = rules.demand_after(file.demand, changes.get("demand", {}))
    by_hand["details"] = values_set(tx, who, file.branch_id, file.details, changes.get("details", {}))
    return by_hand


def _owner(tx: Transaction, who: Who, file: File, changes: Mapping[str, Any]) -> dict[str, Any]:
    owner_id = changes.get("owner_id", file.owner_id)
    if owner_id == file.owner_id:
        return {}
    if who.reach == "own":
        raise rules.OwnerNotYours
    if owner_id is not None and not works_in_reach(tx, who, file.branch_id, owner_id):
        raise rules.OwnerNotInReach
    return {"owner_id": owner_id, "owner_by_hand": True}


def _amend(tx: Transaction, who: Who, file: File, changes: Mapping[str, Any]) -> None:
    before = {"name": file.name, "phone": file.phone}
    after = {"name": changes.get("name", file.name), "phone": file.phone}
    if "phone" in changes:
        after["phone"] = in_one_form(changes["phone"])
    if after == before:
        return
    rules.check_signature(who.reach, who.actor_id, file.owner_id, before, after)
    if after["name"] != before["name"] and not is_full_name(after["name"] or ""):
        raise rules.FullNameNeeded
    if after["phone"] != before["phone"] and customers_with_phone(tx, who, file.branch_id, after["phone"] or ""):
        raise rules.PhoneHeld
    entry = _entry(tx, who, branch_of(tx, who, file.branch_id), file.customer_id, after["name"], after["phone"])
    signed = before["phone"] is not None or after["name"] != before["name"]
    kind = Kind.AMENDED if signed else Kind.REGISTERED
    amended = replace(entry, kind=kind, registered_by=file.owner_id)
    register(tx, who, amended, signed_by=who.actor_id if signed else None)


def _entry(tx: Transaction, who: Who, branch: Branch, customer_id: str, name: str | None, phone: str | None) -> Entry:
    key, now = tx.new_id(), tx.now()
    return Entry(
        entry_id=entry_id_of(branch.branch_id, Origin.PERSON, key),
        branch_id=branch.branch_id,
        customer_id=customer_id,
        kind=Kind.REGISTERED,
        at=now,
        local_day=branch.day(now),
        name=name,
        phone=phone,
        phone_correct=is_correct(phone),
        registered_by=who.actor_id if who.kind == "person" else None,
        origin=Origin.PERSON,
        origin_key=key,
    )
