"""Who a visitor is: by reception's own copy of the register, and until that has told, as registered here."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, CompoundSelect, Select, bindparam, or_, union

from chassis.database import Transaction, prepared, scoped
from chassis.events.forgetting import forgotten_among
from chassis.identity import Who
from services.reception.visitors.rules import FOREVER
from services.reception.visitors.tables import aliases, customer_phones, other_phones, own_phones

MOST_FOUND = 20
"""So many customers are answered to four digits; who needs more is asked for the whole phone."""


class UnknownCustomer(Exception):
    """No such customer of the branch has been heard of."""


@dataclass(frozen=True)
class Known:
    """A customer that is known here, and whose it is; nobody's when it lies in the pool.

    `code` is None, and `registered_at` the completion's, while the register has not told of the customer.
    """

    customer_id: str
    owner_id: str | None
    code: str | None = None
    name: str | None = None
    phone: str | None = None
    registered_at: datetime | None = None


def known_by_phone(tx: Transaction, who: Who, branch_id: str, phone: str) -> Known | None:
    """The customer of the branch with this phone (E.164), if the register told of one or one was registered here."""
    return registered_by_phone(tx, who, branch_id, phone) or _made_here(tx, who, branch_id, phone)


def registered_by_phone(tx: Transaction, who: Who, branch_id: str, phone: str) -> Known | None:
    """The customer of the branch with this phone (E.164), if the register has told of one who stands there still."""
    first = first_with_phone(tx, who, branch_id, phone)
    if first is None:
        return None
    winner_id = winner_of(tx, who, first.customer_id)
    if _is_deleted(tx, who, winner_id):
        return None
    return _known(tx, who, branch_id, winner_id) or Known(winner_id, None)


def known_by_id(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> Known:
    """The customer of the branch with this id, under whichever id it lives now; raises UnknownCustomer."""
    known = _known(tx, who, branch_id, winner_of(tx, who, customer_id))
    if known is None:
        raise UnknownCustomer
    return known


def known_by_last_four(tx: Transaction, who: Who, branch_id: str, last_four: str) -> list[Known]:
    """The customers of the branch whose phone ends so, each once, at most MOST_FOUND and one more."""
    asked = {"branch": branch_id, "ending": f"%{last_four}", "most": MOST_FOUND + 1}
    told = list(tx.execute(*_told_ending(who, **asked)).scalars())
    made = [row.customer_id for row in tx.execute(*_made_ending(who, **asked)) if not gave_up(tx, who, *row)]
    winners = dict.fromkeys(winner_of(tx, who, one) for one in (*told, *made))
    standing = [one for one in winners if not _is_deleted(tx, who, one)]
    found = [_known(tx, who, branch_id, one) for one in standing[: MOST_FOUND + 1]]
    return [one for one in found if one is not None]


def first_with_phone(tx: Transaction, who: Who, branch_id: str, phone: str) -> Known | None:
    """The customer first registered with this phone, as far as the register has told, under the id of then."""
    row = tx.execute(*_first_registered(who, branch=branch_id, number=phone, most=1)).first()
    return Known(**row._mapping) if row else None


def made_with_phones(tx: Transaction, who: Who, branch_id: str, phones: Collection[str]) -> Sequence[str]:
    """The ids that were made here for these phones."""
    return tx.execute(*_own_by_phone(who, branch=branch_id, numbers=list(phones))).scalars().all() if phones else ()


def made_of(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> Known | None:
    """The customer as made here, while the phone for which they were made is theirs still."""
    row = tx.execute(*_made(who, branch=branch_id, customer=customer_id)).first()
    return None if row is None or gave_up(tx, who, customer_id, row.phone) else Known(**row._mapping)


def winner_of(tx: Transaction, who: Who, customer_id: str) -> str:
    """Follow the merges to the customer that stays."""
    seen = {customer_id}
    while True:
        winner = tx.execute(*_merged_into(who, customer=customer_id)).scalar()
        if winner is None or winner in seen:
            return customer_id
        seen.add(winner)
        customer_id = winner


def ids_of(tx: Transaction, who: Who, customer_id: str) -> Sequence[str]:
    """This id and all that have been merged into it, at first or second hand."""
    found, beyond = [customer_id], [customer_id]
    while beyond:
        merged = tx.execute(*_merged_from(who, winners=beyond)).scalars()
        beyond = [one for one in merged if one not in found]
        found += beyond
    return found


def is_erased(tx: Transaction, customer_id: str) -> bool:
    """Whether this customer was erased: nobody who comes is them again."""
    return bool(forgotten_among(tx, [customer_id]))


def gave_up(tx: Transaction, who: Who, customer_id: str, phone: str) -> bool:
    """Whether the register says that this customer, once entered with this phone, has it no more."""
    if winner_of(tx, who, customer_id) != customer_id:
        return False
    return tx.execute(*_without_phone(who, customer=customer_id, number=phone)).first() is not None


def _made_here(tx: Transaction, who: Who, branch_id: str, phone: str) -> Known | None:
    made = made_with_phones(tx, who, branch_id, [phone])
    if not made or gave_up(tx, who, made[0], phone):
        return None
    winner_id = winner_of(tx, who, made[0])
    return None if _is_deleted(tx, who, winner_id) else _known(tx, who, branch_id, winner_id)


def _is_deleted(tx: Transaction, who: Who, winner_id: str) -> bool:
    """Whether the register has told that this customer, whom nobody else stands for, is not active any more."""
    return tx.execute(*_told_inactive(who, customer=winner_id)).first() is not None


def _known(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> Known | None:
    """As the register told, else as it was registered here."""
    asked = {"branch": branch_id, "customer": customer_id}
    row = tx.execute(*_told(who, **asked)).first() or tx.execute(*_made(who, **asked)).first()
    return Known(**row._mapping) if row else None


_TOLD = [customer_phones.c[one] for one in ("customer_id", "owner_id", "code", "name", "phone", "registered_at")]
_MADE = [own_phones.c[one] for one in ("customer_id", "owner_id", "name", "phone", "registered_at")]


def _is_somebody_s(who: Who) -> ColumnElement[bool]:
    """The condition that a phone leads to a customer who stays: its own, or whom that was merged into (family)."""
    merged = aliases.c.loser_id == customer_phones.c.customer_id, aliases.c.active
    into = scoped(aliases, who).select(aliases.c.winner_id).where(*merged).correlate(scoped(customer_phones, who).table)
    return or_(customer_phones.c.active, into.exists())


def _having(who: Who, is_meant: Callable[[Column[Any]], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """The customers of the branch, as told, of whom a phone is meant, the first one or another; first registered first.

    In parts, each by an index: with `or`, or a list of ids, SQLite would read all customers of the branch.
    """
    told, others = scoped(customer_phones, who), scoped(other_phones, who)
    branch: BindParameter[str] = bindparam("branch")
    stays = _is_somebody_s(who)
    meant = customer_phones.c.branch_id == branch, is_meant(customer_phones.c.phone), stays
    beside = other_phones.c.branch_id == branch, is_meant(other_phones.c.phone), stays
    theirs = customer_phones.c.customer_id == other_phones.c.customer_id
    found = union(
        told.select(*_TOLD).where(*meant),
        others.select(*_TOLD).join(told.table, theirs).where(*beside),
    )
    return found.order_by("registered_at", "customer_id").limit(bindparam("most"))


@prepared
def _first_registered(who: Who) -> CompoundSelect[Any]:
    return _having(who, lambda phone: phone == bindparam("number"))


@prepared
def _told(who: Who) -> Select[Any]:
    wanted = customer_phones.c.customer_id == bindparam("customer"), customer_phones.c.branch_id == bindparam("branch")
    return scoped(customer_phones, who).select(*_TOLD).where(*wanted, customer_phones.c.sequence < FOREVER)


@prepared
def _made(who: Who) -> Select[Any]:
    wanted = own_phones.c.customer_id == bindparam("customer"), own_phones.c.branch_id == bindparam("branch")
    return scoped(own_phones, who).select(*_MADE).where(*wanted)


@prepared
def _own_by_phone(who: Who) -> Select[Any]:
    numbers: BindParameter[str] = bindparam("numbers", expanding=True)
    here = own_phones.c.branch_id == bindparam("branch"), own_phones.c.phone.in_(numbers)
    return scoped(own_phones, who).select(own_phones.c.customer_id).where(*here)


@prepared
def _told_ending(who: Who) -> CompoundSelect[Any]:
    return _having(who, lambda phone: phone.like(bindparam("ending")))


@prepared
def _made_ending(who: Who) -> Select[Any]:
    ending = own_phones.c.branch_id == bindparam("branch"), own_phones.c.phone.like(bindparam("ending"))
    here = scoped(own_phones, who).select(own_phones.c.customer_id, own_phones.c.phone).where(*ending)
    return here.order_by(own_phones.c.registered_at, own_phones.c.customer_id).limit(bindparam("most"))


@prepared
def _without_phone(who: Who) -> Select[Any]:
    known = (customer_phones.c.customer_id == bindparam("customer")) & customer_phones.c.active
    beside = other_phones.c.customer_id == bindparam("customer"), other_phones.c.phone == bindparam("number")
    other = scoped(other_phones, who).select(other_phones.c.phone).where(*beside).exists()
    changed = customer_phones.c.phone.is_distinct_from(bindparam("number")), ~other
    return scoped(customer_phones, who).select(customer_phones.c.customer_id).where(known, *changed)


@prepared
def _told_inactive(who: Who) -> Select[Any]:
    inactive = (customer_phones.c.customer_id == bindparam("customer")) & ~customer_phones.c.active
    return scoped(customer_phones, who).select(customer_phones.c.customer_id).where(inactive)


@prepared
def _merged_into(who: Who) -> Select[Any]:
    merged = (aliases.c.loser_id == bindparam("customer")) & aliases.c.active
    return scoped(aliases, who).select(aliases.c.winner_id).where(merged)


@prepared
def _merged_from(who: Who) -> Select[Any]:
    merged = aliases.c.winner_id.in_(bindparam("winners", expanding=True)) & aliases.c.active
    return scoped(aliases, who).select(aliases.c.loser_id).where(merged)
