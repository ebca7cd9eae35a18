"""Reading the register: always all registrations of one customer, under whichever id they came."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.register import rules
from services.customers.register.rules import Entry, Kind, Origin
from services.customers.register.tables import register, ruled

Found = dict[str, list[Entry]]


def entries_of_same_customer(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> list[Entry]:
    """Every entry of this customer: under this id, and under ids recognised by the same phone, and so on."""
    found: Found = _of(tx, who, branch_id, {customer_id})
    newest = found
    while newest:
        phones = {phone for entries in newest.values() for phone in rules.phones_of(entries)}
        near = _with_phones(tx, who, branch_id, phones) - found.keys()
        newest = {one: own for one, own in _of(tx, who, branch_id, near).items() if rules.phones_of(own) & phones}
        found |= newest
    return [entry for entries in found.values() for entry in entries]


def customers_with_phone(tx: Transaction, who: Who, branch_id: str, phone: str) -> frozenset[str]:
    """The ids that are recognised by this phone."""
    near = _of(tx, who, branch_id, _with_phones(tx, who, branch_id, {phone}))
    return frozenset(one for one, entries in near.items() if phone in rules.phones_of(entries))


def _with_phones(tx: Transaction, who: Who, branch_id: str, phones: Collection[str]) -> set[str]:
    if not phones:
        return set()
    return set(tx.execute(*_customers_with(who, branch=branch_id, wanted=list(phones))).scalars())


def _of(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> Found:
    if not ids:
        return {}
    found = defaultdict(list)
    for row in tx.execute(*_entries(who, branch=branch_id, wanted=list(ids))):
        found[row.customer_id].append(_entry(row))
    return dict(found)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        entry_id=row.entry_id,
        branch_id=row.branch_id,
        customer_id=row.customer_id,
        kind=Kind(row.kind),
        at=row.at,
        local_day=row.local_day,
        name=row.name,
        phone=row.phone,
        phone_correct=row.phone_correct,
        registered_by=row.registered_by,
        origin=Origin(row.origin),
        origin_key=row.origin_key,
        ruled_to=row.owner_id,
    )


_HERE = register.c.branch_id == bindparam("branch")
_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


@prepared
def _customers_with(who: Who) -> Select[Any]:
    with_phones = register.c.phone.in_(_WANTED)
    return scoped(register, who).select(register.c.customer_id).where(_HERE, with_phones)


@prepared
def _entries(who: Who) -> Select[Any]:
    with_ruling = scoped(register, who).select(scoped(register, who).table, ruled.c.owner_id)
    joined = with_ruling.outerjoin(scoped(ruled, who).table, ruled.c.entry_id == register.c.entry_id)
    return joined.where(_HERE, register.c.customer_id.in_(_WANTED))
