"""Reading the register: always all registrations of one customer, under whichever id they came."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Row, Select, bindparam, func, or_, union

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.policy.rules import policy_on
from services.customers.policy.views import versions_of
from services.customers.register.rules import Entry, Kind, Origin
from services.customers.register.rules_of_names import full_name
from services.customers.register.rules_of_persons import Spell, Standing, holders, spells_of, standings, tail_of
from services.customers.register.tables import register, ruled, wrong_phones
from services.customers.relations.rules import Ties
from services.customers.relations.views import ties_of

Found = dict[str, list[Entry]]
KnownBy = tuple[str, str | None]
"""A phone, and the name that stands beside it."""


def standings_around(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> list[Standing]:
    """What the register says of these ids, and of everyone whom a phone, a name or a relation brings near them."""
    found, ties = _around(tx, who, branch_id, ids)
    return standings(_by_policy(tx, branch_id, list(_all_in(found))), ties)


def standing_of(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> Standing:
    """What the register says of the customer to whom this id belongs; it has registrations."""
    (one,) = (one for one in standings_around(tx, who, branch_id, {customer_id}) if customer_id in one.ids)
    return one


def person_of(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> Standing:
    """What the register says of the person to whom this id belongs, as if they had no family; it has registrations."""
    found, ties = _around(tx, who, branch_id, {customer_id})
    alone = standings(_by_policy(tx, branch_id, list(_all_in(found))), replace(ties, kin={}))
    (one,) = (one for one in alone if customer_id in one.ids)
    return one


def spells_around(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> list[Spell]:
    """What these ids are recognised by, each mark with everyone who bears it."""
    return spells_of(_all_in(_around(tx, who, branch_id, ids)[0]))


def customers_with_phone(tx: Transaction, who: Who, branch_id: str, phone: str) -> frozenset[str]:
    """The ids that are recognised by this phone."""
    near = ids_near(tx, who, branch_id, [phone])
    return holders(spells_of(_all_in(_of(tx, who, branch_id, near))), phone) if near else frozenset()


def registrations_near(tx: Transaction, who: Who, branch_id: str, known_by: Collection[KnownBy]) -> list[Entry]:
    """All registrations of those whom a phone, or a name and the end of the phone beside it, brings near."""
    near = _ids_near(tx, who, branch_id, known_by)
    return list(_all_in(_of(tx, who, branch_id, near))) if near else []


def ids_near(
    tx: Transaction, who: Who, branch_id: str, phones: Collection[str], names: Collection[str] = ()
) -> set[str]:
    """The ids that were registered with one of the phones, or with one of the full names and the end of a phone.

    Whoever is the same customer without asking is among them; not everyone among them is.
    """
    return _ids_near(tx, who, branch_id, [(phone, name) for phone in phones for name in names or (None,)])


def _ids_near(tx: Transaction, who: Who, branch_id: str, known_by: Collection[KnownBy]) -> set[str]:
    """The same for phones, each with the name beside it: many at once bring near no more than one by one."""
    if not known_by:
        return set()
    phones = {phone for phone, _name in known_by}
    marks = {(full, tail_of(phone)) for phone, name in known_by if name and (full := full_name(name))}
    asked = {
        "phones": list(phones),
        "names": list({name for name, _tail in marks}),
        "tails": [tail for _, tail in marks],
    }
    rows = tx.execute(*_near(who, branch=branch_id, **asked))
    return {row.customer_id for row in rows if row.phone in phones or (row.full_name, row.last_four) in marks}


def _by_policy(tx: Transaction, branch_id: str, entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries as the policy of each one's day has it that visits make an owner, or do not."""
    days = {entry.local_day for entry in entries if entry.origin is Origin.RECEPTION}
    if not days:
        return entries
    versions = versions_of(tx, branch_id)
    owning = {day for day in days if policy_on(versions, day).first_visit_owns}
    by_visit = (entry.origin is Origin.RECEPTION and entry.local_day not in owning for entry in entries)
    return [replace(entry, leaves_in_pool=True) if so else entry for entry, so in zip(entries, by_visit, strict=True)]


def _around(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> tuple[Found, Ties]:
    found, ties, newest = Found(), Ties(), set(ids)
    seen = set(newest)
    while newest:
        entries = _of(tx, who, branch_id, newest)
        ties |= ties_of(tx, who, branch_id, newest)
        found |= entries
        known_by = {(entry.phone, entry.name) for entry in _all_in(entries) if entry.phone}
        newest = (_ids_near(tx, who, branch_id, known_by) | ties.ids) - seen
        seen |= newest
    return found, ties


def _all_in(found: Found) -> Iterable[Entry]:
    return (entry for entries in found.values() for entry in entries)


def _of(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> Found:
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
        proved_wrong=row.proved_by is not None,
    )


_HERE = register.c.branch_id == bindparam("branch")


def _any_of(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


@prepared
def _near(who: Who) -> CompoundSelect[Any]:
    last_four = func.substr(register.c.tail, 5, 4).label("last_four")
    told = register.c.customer_id, register.c.phone, register.c.full_name, last_four
    ids = scoped(register, who).select(*told).where(_HERE)
    by_phone = ids.where(register.c.phone.in_(_any_of("phones")))
    return union(by_phone, ids.where(register.c.full_name.in_(_any_of("names")), last_four.in_(_any_of("tails"))))


@prepared
def _entries(who: Who) -> Select[Any]:
    proved_by = wrong_phones.c.signed_by.label("proved_by")
    said = scoped(register, who).select(scoped(register, who).table, ruled.c.owner_id, proved_by)
    joined = said.outerjoin(scoped(ruled, who).table, ruled.c.entry_id == register.c.entry_id)
    joined = joined.outerjoin(scoped(wrong_phones, who).table, wrong_phones.c.entry_id == register.c.entry_id)
    # of who was erased neither name nor phone is left: they are outside every ruling, and neither join nor part anybody
    known = or_(register.c.name.is_not(None), register.c.phone.is_not(None))
    return joined.where(_HERE, register.c.customer_id.in_(_any_of("wanted")), known)
