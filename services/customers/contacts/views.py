"""Reading the contacts of a customer in reach."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.contacts.rules import Contact, in_order
from services.customers.contacts.tables import contacts
from services.customers.files.rules import masked
from services.customers.files.views import customer_row, ids_of, sees_phone


def contacts_of(tx: Transaction, who: Who, customer_id: str) -> list[Mapping[str, Any]]:
    """The contacts as `who` may read them, the primary first; raises UnknownCustomer."""
    row = customer_row(tx, who, customer_id)
    return shown(who, row, stored(tx, who, row["customer_id"]))


def stored(tx: Transaction, who: Who, customer_id: str) -> list[Contact]:
    """The contacts under this id and those merged into it, the primary first."""
    rows = tx.execute(*_of(who, wanted=ids_of(tx, who, customer_id))).mappings()
    return in_order((Contact(**{**row, "phones": tuple(row["phones"])}) for row in rows), customer_id)


def shown(who: Who, customer: Mapping[Any, Any], ordered: Sequence[Contact]) -> list[Mapping[str, Any]]:
    """Contacts in their order as `who` may read them: phones masked as the customer's own is."""
    whole = sees_phone(who, customer)
    phones = [[phone if whole else masked(phone) for phone in one.phones] for one in ordered]
    said = zip(ordered, phones, strict=True)
    return [{**vars(one), "phones": told, "is_primary": one is ordered[0]} for one, told in said]


@prepared
def _of(who: Who) -> Select[Any]:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    return scoped(contacts, who).select().where(contacts.c.customer_id.in_(wanted))
