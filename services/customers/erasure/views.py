"""Reading what was erased, and whom it would concern."""

from collections.abc import Collection, Mapping
from typing import Any

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.contacts.tables import contacts
from services.customers.erasure.tables import erasures
from services.customers.files.rules import CustomerErased, File, UnknownCustomer
from services.customers.files.views import file_behind
from services.customers.register.tables import register
from services.customers.register.views import standing_of
from services.customers.spreadsheets.rules_of_naming import Somebody


def erasures_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """What was erased in the branch, the last first."""
    return paginate(tx, scoped(erasures, who).select(), (erasures.c.at, erasures.c.erasure_id), page, descending=True)


def file_meant(tx: Transaction, who: Who, customer_id: str) -> File:
    """The file of the customer behind this id, in the recycle bin or not; raises UnknownCustomer, CustomerErased."""
    file = file_behind(tx, who, customer_id)
    if file is None:
        raise UnknownCustomer
    if file.erased_at is not None:
        raise CustomerErased
    return file


def stands_for_relatives(tx: Transaction, who: Who, file: File) -> bool:
    """Whether the customer is a family (一.5), not one person; of one in the recycle bin too."""
    standing = standing_of(tx, who, file.branch_id, file.customer_id)
    return standing.ids > {entry.customer_id for entry in standing.own}


def somebody(tx: Transaction, who: Who, files: Collection[File]) -> Somebody:
    """By what these customers and their contacts may stand in texts: every name, phone and code they ever had here."""
    ids = [file.customer_id for file in files]
    said = scoped(register, who).select(register.c.name, register.c.phone).where(register.c.customer_id.in_(ids))
    entries = tx.execute(said).all()
    beside = scoped(contacts, who).select(contacts.c.name, contacts.c.phones).where(contacts.c.customer_id.in_(ids))
    people = tx.execute(beside).all()
    names = {*(file.name for file in files), *(one.name for one in entries), *(one.name for one in people)}
    phones = {*(file.phone for file in files), *(one.phone for one in entries)}
    phones |= {phone for one in people for phone in one.phones}
    codes = frozenset(file.code for file in files)
    return Somebody(frozenset(filter(None, names)), frozenset(filter(None, phones)), codes)
