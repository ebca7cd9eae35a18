"""Reading files: what the asker may see, with phones masked where they are not the asker's to know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, CompoundSelect, RowMapping, Select, bindparam, func, union

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.files.rules import (
    WHOSE,
    CustomerErased,
    File,
    InRecycleBin,
    Registered,
    UnknownCustomer,
    digits_of,
    masked,
    phones_of,
)
from services.customers.files.tables import aliases, customers
from services.customers.finding.rules import Sought, sought, sought_phone
from services.customers.finding.views import hits
from services.customers.people.views import is_in_reach, of_people_in_reach
from services.customers.register import phones
from services.customers.register.views import customers_with_phone, standing_of
from services.customers.relations.rules import ARTICLE as FAMILY_ARTICLE

_NEWEST_FIRST = (customers.c.registered_at, customers.c.customer_id)
_NOTHING: Mapping[str, Any] = {"items": [], "next_after": None, "count": 0, "is_more": False}
_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


def customers_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """Active customers in reach, the last registered first."""
    statement, values = _all_in_reach(who)
    rows = paginate(tx, cast(Select[Any], statement), _NEWEST_FIRST, page, descending=True, values=values)
    return _shown_page(who, rows)


def found_page(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Active customers in reach by what is asked, those with one wrong character last, and how many there are."""
    if asked["code"] is not None:
        return _with_this_code(tx, who, asked)
    wanted = _sought(who, asked)
    if wanted is None:
        return _NOTHING
    found = hits(tx, who, wanted, asked)
    rows = tx.execute(*_these_in_reach(who, wanted=[customer_id for _, _, customer_id in found.page])).mappings()
    by_id = {row["customer_id"]: row for row in rows}
    items = [{**shown(who, by_id[one]), "exact": bool(exact)} for exact, _, one in found.page if one in by_id]
    return {"items": items, "next_after": found.next_after, "count": found.count, "is_more": found.is_more}


def customer_of(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """One customer's file, also under the id of one merged into it; raises UnknownCustomer.

    Who keeps the recycle bin reads the files in it as well.
    """
    row = tx.execute(*_one_in_reach(who, customer=customer_id)).mappings().one_or_none()
    row = row or (deleted_row(tx, who, customer_id) if keeps_bin(who) else None)
    if row is None:
        raise _missing(tx, who, customer_id)
    return shown(who, row)


def registered(tx: Transaction, who: Who, done: Registered, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """The customer that a registration belongs to, whoever owns it: who registers must learn whose it is.

    Out of reach nothing is told of the file but that, its code and the name and phone that were `said`.
    """
    file = vars(done.file)
    told = {"is_new": done.is_new, "is_back": done.is_back, "ruling": done.ruling}
    if done.file.active and is_in_reach(tx, who, done.file.owner_id):
        return {**shown(who, file), **told}
    phone = phones.in_one_form(said["phone"]) if said["phone"] else None
    return {**{name: file[name] for name in WHOSE}, "name": said["name"], "phone": phone, **told}


def changed(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """A file after it was changed, even if the change put it out of the asker's reach."""
    return shown(who, tx.execute(*_stored(who, customer=customer_id)).mappings().one())


def register_of(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """The registrations of a customer in reach, the first one first, and the ruling; raises UnknownCustomer."""
    row = customer_row(tx, who, customer_id)
    standing = standing_of(tx, who, row["branch_id"], row["customer_id"])
    entries = sorted(standing.entries, key=lambda entry: entry.order)
    visible = entries if sees_phone(who, row) else [replace(one, phone=masked(one.phone)) for one in entries]
    return {"customer_id": row["customer_id"], "entries": visible, "ruling": standing.ruling}


def customer_row(tx: Transaction, who: Who, customer_id: str, *, locked: bool = False) -> RowMapping:
    """The row behind a file; `locked` until the end of the transaction.

    Raises UnknownCustomer, CustomerErased; InRecycleBin, which those who keep the recycle bin alone are told.
    """
    ready = (_locked_in_reach if locked else _one_in_reach)(who, customer=customer_id)
    row = tx.execute(*ready).mappings().one_or_none()
    if row is None:
        raise _missing(tx, who, customer_id)
    return row


def deleted_row(tx: Transaction, who: Who, customer_id: str, *, locked: bool = False) -> RowMapping | None:
    """The row behind a file of the branch in the recycle bin, whoever may know of it; `locked` as above."""
    return (
        tx.execute(*(_locked_deleted if locked else _one_deleted)(who, customer=customer_id)).mappings().one_or_none()
    )


def in_bin(who: Who) -> Select[Any]:
    """The files in the recycle bin."""
    return scoped(customers, who).select().where(customers.c.deleted_at.is_not(None))


def ids_in_bin(who: Who) -> CompoundSelect[Any]:
    """The ids of the customers in the recycle bin, also of those merged into them."""
    own = in_bin(who).with_only_columns(customers.c.customer_id)
    merged = scoped(aliases, who).select(aliases.c.loser_id).where(aliases.c.active, aliases.c.winner_id.in_(own))
    return union(own, merged)


def ids_of(tx: Transaction, who: Who, customer_id: str) -> list[str]:
    """The id of a customer, and those of the ones merged into it: what came under any of them is theirs."""
    return [customer_id, *tx.execute(*_merged_into(who, winner=customer_id)).scalars()]


def bearer_of(tx: Transaction, who: Who, branch_id: str, customer_id: str, phone: str) -> str:
    """Whose of a family, which is one customer (一.5), a phone (E.164) is; the customer's own id if no relative's."""
    family = relatives_of(tx, who, {customer_id})
    bearers = customers_with_phone(tx, who, branch_id, phone) if family else frozenset[str]()
    return customer_id if customer_id in bearers else min(bearers & family, default=customer_id)


def relatives_of(tx: Transaction, who: Who, ids: Collection[str]) -> frozenset[str]:
    """The ids for which one of these customers stands as their family."""
    return frozenset(tx.execute(*_relatives(who, wanted=list(ids))).scalars()) if ids else frozenset()


def meant_by(tx: Transaction, who: Who, ids: Collection[str]) -> dict[str, str]:
    """The same of several: for which of these customers each of their ids stands."""
    merged = tx.execute(*_merged_into_these(who, wanted=list(ids))) if ids else ()
    return {customer_id: customer_id for customer_id in ids} | {row.loser_id: row.winner_id for row in merged}


def files_of(tx: Transaction, who: Who, ids: set[str]) -> dict[str, File]:
    """The files stored under these ids."""
    rows = tx.execute(*_files(who, wanted=list(ids))).mappings()
    return {row["customer_id"]: File(**row) for row in rows}


def file_behind(tx: Transaction, who: Who, customer_id: str) -> File | None:
    """The file under this id, or the one that it was merged into; standing, deleted or erased, whoever may know."""
    file = files_of(tx, who, {customer_id}).get(customer_id)
    if file is None or file.merged_into is None:
        return file
    return files_of(tx, who, {file.merged_into}).get(file.merged_into)


def ids_with_field(tx: Transaction, who: Who, branch_id: str, field_id: str) -> Sequence[str]:
    """All customers of the branch who have a value in this field of the company's own."""
    filled = customers.c.details[field_id].as_string().is_not(None)
    here = scoped(customers, who).select(customers.c.customer_id).where(customers.c.branch_id == branch_id, filled)
    return tx.execute(here.order_by(customers.c.customer_id)).scalars().all()


def file_with_code(tx: Transaction, who: Who, branch_id: str, code: str) -> File | None:
    """The file with this code: the active one, else one that was merged and keeps it."""
    row = tx.execute(*_with_code(who, branch=branch_id, code=code)).mappings().first()
    return File(**row) if row else None


def shown(who: Who, row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as `who` may read it, all of its phones in one list."""
    told, phones = {**row}, phones_of(row)
    told.pop("other_phones", None)
    if sees_phone(who, row):
        return {**told, "phones": phones}
    return {**told, "phone": masked(row["phone"]), "phones": [masked(one) for one in phones]}


def sees_phone(who: Who, row: Mapping[Any, Any]) -> bool:
    """Whether the whole phone is for `who` to read: the owner, and those who keep the branch's files."""
    return keeps_files(who) or row["owner_id"] == who.actor_id


def keeps_files(who: Who) -> bool:
    """Whether it is their work to keep the files of the branch or the company."""
    return who.may("customers.edit") and who.reach in ("branch", "all")


def keeps_bin(who: Who) -> bool:
    """Whether the recycle bin of the branch or the company is theirs to see."""
    return who.may("customers.manage") and who.reach in ("branch", "all")


def _missing(tx: Transaction, who: Who, customer_id: str) -> Exception:
    """Why there is no such customer, as far as `who` may know."""
    if keeps_bin(who) and deleted_row(tx, who, customer_id):
        return InRecycleBin()
    return CustomerErased() if tx.execute(*_erased_in_reach(who, customer=customer_id)).first() else UnknownCustomer()


def _shown_page(who: Who, rows: Page) -> Page:
    return Page([shown(who, row) for row in rows.items], rows.next_after)


def in_reach(who: Who) -> Select[Any]:
    """The active customers in reach."""
    return scoped(customers, who).select().where(customers.c.active, of_people_in_reach(who, customers.c.owner_id))


def _sought(who: Who, asked: Mapping[str, Any]) -> Sought | None:
    if asked["text"] is not None:
        return sought(asked["text"], keeps_files(who))
    try:
        digits = phones.in_one_form(asked["phone"])
    except phones.PhoneNotValid:
        digits = asked["phone"]
    return sought_phone(digits_of(digits), keeps_files(who))


def _with_this_code(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    named = in_reach(who).where(customers.c.code == asked["code"].strip().upper())
    page = paginate(tx, named, _NEWEST_FIRST, asked, descending=True)
    items = [{**shown(who, row), "exact": True} for row in page.items]
    return {**_NOTHING, "items": items, "next_after": page.next_after, "count": len(items)}


def stands_for(who: Who, customer_id: ColumnElement[str]) -> ColumnElement[str]:
    """In a statement: the customer that this id was merged into, or itself."""
    asked = scoped(aliases, who)
    winner = asked.select(aliases.c.winner_id).where(aliases.c.loser_id == customer_id, aliases.c.active)
    return func.coalesce(winner.correlate_except(asked.table).scalar_subquery(), customer_id)


def _is_meant(who: Who) -> ColumnElement[bool]:
    """The condition for the customer of an id, or for the one that it was merged into."""
    return customers.c.customer_id == stands_for(who, bindparam("customer"))


@prepared
def _all_in_reach(who: Who) -> Select[Any]:
    return in_reach(who)


@prepared
def _these_in_reach(who: Who) -> Select[Any]:
    return in_reach(who).where(customers.c.customer_id.in_(_WANTED))


@prepared
def _merged_into(who: Who) -> Select[Any]:
    merged = aliases.c.winner_id == bindparam("winner"), aliases.c.active
    return scoped(aliases, who).select(aliases.c.loser_id).where(*merged).order_by(aliases.c.loser_id)


@prepared
def _relatives(who: Who) -> Select[Any]:
    family = aliases.c.winner_id.in_(_WANTED), aliases.c.active, aliases.c.article == FAMILY_ARTICLE
    return scoped(aliases, who).select(aliases.c.loser_id).where(*family)


@prepared
def _merged_into_these(who: Who) -> Select[Any]:
    merged = aliases.c.winner_id.in_(_WANTED), aliases.c.active
    return scoped(aliases, who).select(aliases.c.loser_id, aliases.c.winner_id).where(*merged)


@prepared
def _stored(who: Who) -> Select[Any]:
    return scoped(customers, who).select().where(customers.c.customer_id == bindparam("customer"))


@prepared
def _one_in_reach(who: Who) -> Select[Any]:
    return in_reach(who).where(_is_meant(who))


@prepared
def _erased_in_reach(who: Who) -> Select[Any]:
    mine = customers.c.erased_at.is_not(None), of_people_in_reach(who, customers.c.owner_id), _is_meant(who)
    return scoped(customers, who).select(customers.c.customer_id).where(*mine)


@prepared
def _locked_in_reach(who: Who) -> Select[Any]:
    return in_reach(who).where(_is_meant(who)).with_for_update()


@prepared
def _one_deleted(who: Who) -> Select[Any]:
    return in_bin(who).where(_is_meant(who))


@prepared
def _locked_deleted(who: Who) -> Select[Any]:
    return in_bin(who).where(_is_meant(who)).with_for_update()


@prepared
def _with_code(who: Who) -> Select[Any]:
    here = customers.c.branch_id == bindparam("branch"), customers.c.code == bindparam("code")
    return scoped(customers, who).select().where(*here).order_by(customers.c.active.desc(), customers.c.customer_id)


@prepared
def _files(who: Who) -> Select[Any]:
    return scoped(customers, who).select().where(customers.c.customer_id.in_(_WANTED))
