"""Registering and changing customers by hand."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import if_match
from services.customers.fields.views import check_type, fields_of, values_set
from services.customers.files import codes, rules
from services.customers.files.registering import (
    RULED,
    Opening,
    index_own_fields,
    register,
    register_stranger,
    save,
)
from services.customers.files.rules import File, Registered
from services.customers.files.views import customer_row, files_of
from services.customers.people.rules import Branch
from services.customers.people.views import branch_meant, branch_of
from services.customers.register.phones import in_one_form, is_correct
from services.customers.register.rules import Entry, Kind, Origin, entry_id_of
from services.customers.register.rules_of_completing import check_completes
from services.customers.register.rules_of_persons import Standing
from services.customers.register.views import customers_with_phone, ids_near, person_of


def register_by_hand(tx: Transaction, who: Who, said: Mapping[str, Any]) -> Registered:
    """Enter what a person registers; a phone that the branch knows belongs to the customer who has it.

    `said` holds what RegistrationSchema loads; what is said beside name and phone opens a new file, and alters none.
    Raises PhoneNotValid, BranchNeeded, UnknownBranch, UnknownCustomerType, Invalid.
    """
    branch = branch_meant(tx, who, said["branch_id"])
    phone = in_one_form(said["phone"]) if said["phone"] else None
    opening = Opening(customer_type=said["customer_type"], more=_opening(tx, who, branch.branch_id, said))
    codes.lock_branch(tx, who, branch.branch_id)  # what is asked from here on, others wait for
    near = ids_near(tx, who, branch.branch_id, [phone], [said["name"]]) if phone else set()
    known = customers_with_phone(tx, who, branch.branch_id, phone) if phone and near else frozenset()
    entry = new_entry(tx, who, branch, min(known, default=None) or tx.new_id(), said["name"], phone)
    return (register if near else register_stranger)(tx, who, entry, opening)


def register_again(tx: Transaction, who: Who, customer_id: str, said: Mapping[str, Any]) -> Registered:
    """Enter one more registration of a customer in reach: the full name that was asked for, a phone that was missing.

    It counts from now and alters nothing. Of an id that stands for a relative (一.5) it concerns the person of that
    id. `said` holds what AgainSchema loads. Raises UnknownCustomer, RegisteredOtherwise, PhoneHeld, PhoneNotValid.
    """
    branch = branch_of(tx, who, customer_row(tx, who, customer_id)["branch_id"])
    codes.lock_branch(tx, who, branch.branch_id)
    person = person_in_reach(tx, who, customer_id)
    phone = in_one_form(said["phone"]) if said["phone"] else None
    check_completes(person, said["name"], phone)
    check_phone_free(tx, who, branch.branch_id, person, phone)
    return register(tx, who, new_entry(tx, who, branch, person.customer_id, said["name"], phone or person.phone))


def person_in_reach(tx: Transaction, who: Who, customer_id: str) -> Standing:
    """The person whose id this is, by their own registrations, if the customer that it stands for is in reach.

    Raises UnknownCustomer. The caller holds the branch's lock.
    """
    return person_of(tx, who, customer_row(tx, who, customer_id)["branch_id"], customer_id)


def check_phone_free(tx: Transaction, who: Who, branch_id: str, person: Standing, phone: str | None) -> None:
    """Raises PhoneHeld when another person is recognised by this phone, be it one of the family."""
    holders = customers_with_phone(tx, who, branch_id, phone) if phone else frozenset()
    if holders and not holders & person.ids:
        raise rules.PhoneHeld


def _opening(tx: Transaction, who: Who, branch_id: str, said: Mapping[str, Any]) -> dict[str, Any]:
    check_type(tx, who, branch_id, said["customer_type"])
    known = {name: said[name] for name in rules.SET_BY_HAND if said.get(name) is not None}
    known |= {"demand": rules.demand_after({}, said["demand"])}
    return known | {"details": values_set(tx, who, branch_id, {}, said["details"])}


def change_customer(tx: Transaction, who: Who, customer_id: str, changes: Mapping[str, Any]) -> str:
    """Change a file in reach and answer its id; `changes` holds what ChangeSchema loads, only what is to change.

    Name and phone are the register's. Raises UnknownCustomer, StaleVersion, VersionRequired, UnknownCustomerType or
    Invalid.
    """
    seen = customer_row(tx, who, customer_id)
    codes.lock_branch(tx, who, seen["branch_id"])
    file = File(**customer_row(tx, who, customer_id, locked=True))
    if_match(file.version)
    by_hand = _by_hand(tx, who, file, changes)
    save(tx, who, file, replace(file, **by_hand), RULED)
    return file.customer_id


def index_field(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> None:
    """Find these customers of a branch by what the company's own fields are searched for now."""
    codes.lock_branch(tx, who, branch_id)
    own = fields_of(tx, who, branch_id)
    for file in files_of(tx, who, set(ids)).values():
        index_own_fields(tx, who, file, own)


def _by_hand(tx: Transaction, who: Who, file: File, changes: Mapping[str, Any]) -> dict[str, Any]:
    by_hand = {name: changes[name] for name in rules.SET_BY_HAND if name in changes}
    if by_hand.get("customer_type", file.customer_type) != file.customer_type:
        check_type(tx, who, file.branch_id, by_hand["customer_type"])
    by_hand["demand"] = rules.demand_after(file.demand, changes.get("demand", {}))
    by_hand["details"] = values_set(tx, who, file.branch_id, file.details, changes.get("details", {}))
    return by_hand


def new_entry(
    tx: Transaction, who: Who, branch: Branch, customer_id: str, name: str | None, phone: str | None
) -> Entry:
    """What a person registers now."""
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
