"""Writing contacts down, and choosing the primary. All of it under the lock of the customer's file."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Delete, RowMapping, Update, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import if_match
from services.customers.contacts.rules import Contact, UnknownContact, found_by
from services.customers.contacts.tables import contacts
from services.customers.contacts.views import shown, stored
from services.customers.files.registering import find_by_merged
from services.customers.files.views import customer_row, ids_of
from services.customers.finding import actions as finding
from services.customers.register.phones import in_one_form

CONTACTS = "contacts"
"""The part of the index that contacts are."""

Shown = Mapping[str, Any]


def add_contact(tx: Transaction, who: Who, customer_id: str, said: Mapping[str, Any]) -> Shown:
    """Write a contact down; the first of a customer is the primary. `said` holds what ContactSchema loads.

    Raises UnknownCustomer, PhoneNotValid.
    """
    file = customer_row(tx, who, customer_id, locked=True)
    place = {"customer_id": file["customer_id"], "branch_id": file["branch_id"]}
    new = Contact(**_with_phones(said), **place, contact_id=tx.new_id(), chosen=False, version=1)
    tx.execute(*scoped(contacts, who).new(_row(new)))
    return _told(tx, who, file, new.contact_id)


def change_contact(tx: Transaction, who: Who, customer_id: str, contact_id: str, changes: Mapping[str, Any]) -> Shown:
    """Change a contact; `changes` holds what ContactChangeSchema loads.

    Raises UnknownCustomer, UnknownContact, StaleVersion, VersionRequired, PhoneNotValid.
    """
    file = customer_row(tx, who, customer_id, locked=True)
    before = _one(stored(tx, who, file["customer_id"]), contact_id)
    if_match(before.version)
    after = replace(before, **_with_phones(changes))
    if after != before:
        after = replace(after, version=before.version + 1)
        tx.execute(*_rewritten(who, mine=contact_id, **_row(after)))
    return _told(tx, who, file, contact_id)


def make_primary(tx: Transaction, who: Who, customer_id: str, contact_id: str) -> Shown:
    """From now on this contact is the primary. Raises UnknownCustomer, UnknownContact."""
    file = customer_row(tx, who, customer_id, locked=True)
    _one(stored(tx, who, file["customer_id"]), contact_id)
    _choose_none(tx, who, file["customer_id"])
    tx.execute(*_chosen(who, mine=contact_id))
    return _told(tx, who, file, contact_id)


def delete_contact(tx: Transaction, who: Who, customer_id: str, contact_id: str) -> None:
    """Forget a contact; after the primary the oldest is it. Raises UnknownCustomer, UnknownContact."""
    file = customer_row(tx, who, customer_id, locked=True)
    there = stored(tx, who, file["customer_id"])
    gone = _one(there, contact_id)
    if gone is there[0]:
        _choose_none(tx, who, file["customer_id"])
    tx.execute(*_deleted(who, mine=contact_id))
    _as_it_stands(tx, who, file)


def forget(tx: Transaction, who: Who, ids: Collection[str]) -> list[str]:
    """Forget all contacts under these ids; answers the contacts' ids. Nobody is found by them any more already."""
    gone = scoped(contacts, who).delete().where(contacts.c.customer_id.in_(list(ids)))
    return list(tx.execute(gone.returning(contacts.c.contact_id)).scalars())


def _told(tx: Transaction, who: Who, file: RowMapping, contact_id: str) -> Shown:
    return next(one for one in _as_it_stands(tx, who, file) if one["contact_id"] == contact_id)


def _as_it_stands(tx: Transaction, who: Who, file: RowMapping) -> list[Shown]:
    """The contacts after a change, by which the customer is found from now on: every change ends here.

    Each id keeps its own, should it stand for itself again.
    """
    there, ids = stored(tx, who, file["customer_id"]), ids_of(tx, who, file["customer_id"])
    for one in ids:
        finding.keep(tx, who, one, CONTACTS, found_by([each for each in there if each.customer_id == one]))
    if len(ids) > 1:
        find_by_merged(tx, who, ids[0], ids[1:])
    return shown(who, file, there)


def _one(there: Sequence[Contact], contact_id: str) -> Contact:
    for one in there:
        if one.contact_id == contact_id:
            return one
    raise UnknownContact


def _with_phones(said: Mapping[str, Any]) -> dict[str, Any]:
    """Each phone once, in one form."""
    if "phones" not in said:
        return {**said}
    return {**said, "phones": tuple(dict.fromkeys(in_one_form(phone) for phone in said["phones"]))}


def _row(contact: Contact) -> dict[str, Any]:
    return vars(contact) | {"phones": list(contact.phones)}


def _choose_none(tx: Transaction, who: Who, customer_id: str) -> None:
    tx.execute(*_nobody_chosen(who, wanted=ids_of(tx, who, customer_id)))


@prepared
def _nobody_chosen(who: Who) -> Update:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    chosen = contacts.c.customer_id.in_(wanted), contacts.c.chosen
    return scoped(contacts, who).update().where(*chosen).values(chosen=False)


@prepared
def _chosen(who: Who) -> Update:
    return scoped(contacts, who).update().where(contacts.c.contact_id == bindparam("mine")).values(chosen=True)


@prepared
def _rewritten(who: Who) -> Update:
    return scoped(contacts, who).update().where(contacts.c.contact_id == bindparam("mine"))


@prepared
def _deleted(who: Who) -> Delete:
    return scoped(contacts, who).delete().where(contacts.c.contact_id == bindparam("mine"))
