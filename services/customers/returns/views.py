"""Which customers are about to go back, and whom to look at."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CompoundSelect, RowMapping, Select, bindparam, false, union_all

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.files.tables import customers
from services.customers.files.views import meant_by, stands_for
from services.customers.ownership.views import owner_works_here
from services.customers.people.views import of_people_in_reach
from services.customers.returns.rules import State
from services.customers.returns.tables import contacts_ahead, last_contacts, warnings


@dataclass(frozen=True)
class Contact:
    """The last contact with a customer, and whether a deal was ever closed."""

    day: date | None
    closed_deal: bool


def going_back(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """The customers in reach whose owner was warned, the first to go first; one alone where `asked` names it."""
    same = warnings.c.customer_id == customers.c.customer_id, warnings.c.owner_id == customers.c.owner_id
    wanted = scoped(warnings, who).select(*warnings.c, customers.c.code, customers.c.name)
    wanted = wanted.where(_OPEN, *same, scoped(customers, who).visible, customers.c.active)
    wanted = wanted.where(of_people_in_reach(who, warnings.c.owner_id))
    if asked["customer_id"] is not None:
        wanted = wanted.where(warnings.c.customer_id == asked["customer_id"])
    return paginate(tx, wanted, (warnings.c.goes_back_on, warnings.c.warning_id), asked)


def to_look_at(tx: Transaction, who: Who, branch_id: str, idle_since: date, today: date) -> list[str]:
    """Who was warned, and who may have been idle since that day or longer: customer ids, in order."""
    warned = scoped(warnings, who).select(warnings.c.customer_id).where(_OPEN, warnings.c.branch_id == branch_id)
    last, ahead = last_contacts.c, contacts_ahead.c
    had = scoped(last_contacts, who).select(last.customer_id).where(last.customer_id == customers.c.customer_id)
    came = scoped(contacts_ahead, who).select(ahead.customer_id).where(ahead.customer_id == customers.c.customer_id)
    newer = (one.where(day > idle_since, day <= today) for one, day in ((had, last.day), (came, ahead.day)))
    mine = customers.c.branch_id == branch_id, customers.c.active, customers.c.owner_id.is_not(None)
    idle = scoped(customers, who).select(customers.c.customer_id)
    idle = idle.where(*mine, customers.c.local_day <= idle_since, *(~one.exists() for one in newer))
    return sorted({*tx.execute(warned).scalars(), *tx.execute(idle).scalars()})


def owned_files(tx: Transaction, who: Who, ids: Collection[str]) -> list[RowMapping]:
    """The active files with these ids that have an owner, locked, and whether the owner works there (works_here)."""
    wanted = customers.c.customer_id.in_(ids), customers.c.active, customers.c.owner_id.is_not(None)
    rows = scoped(customers, who).select(*customers.c, owner_works_here(who).label("works_here")).where(*wanted)
    return list(tx.execute(rows.order_by(customers.c.customer_id).with_for_update()).mappings())


def contacts_of(tx: Transaction, who: Who, ids: Collection[str], today: date) -> dict[str, Contact]:
    """The last contact with each customer until today, also under the ids merged into it."""
    meant = meant_by(tx, who, ids)
    found: dict[str, Contact] = {}
    for row in tx.execute(*_contacts(who, wanted=list(meant), today=today)):
        known = found.get(meant[row.customer_id], Contact(None, closed_deal=False))
        day = row.day if row.day is None or row.day <= today else None
        found[meant[row.customer_id]] = Contact(_later(known.day, day), known.closed_deal or row.closed_deal)
    return found


def open_warnings(tx: Transaction, who: Who, ids: Iterable[str]) -> dict[str, RowMapping]:
    """The open warnings of these customers, by the customer's id."""
    rows = tx.execute(*_open_of(who, wanted=list(ids))).mappings()
    return {row["customer_id"]: row for row in rows}


def open_warning(tx: Transaction, who: Who, customer_id: str) -> RowMapping | None:
    """The open warning of the customer that this id stands for."""
    return tx.execute(*_open_for(who, customer=customer_id)).mappings().one_or_none()


_OPEN = warnings.c.state == State.OPEN.value


def _later(one: date | None, other: date | None) -> date | None:
    return max((day for day in (one, other) if day is not None), default=None)


@prepared
def _contacts(who: Who) -> CompoundSelect[Any]:
    wanted: Any = bindparam("wanted", expanding=True)
    last, ahead = last_contacts.c, contacts_ahead.c
    had = scoped(last_contacts, who).select(last.customer_id, last.day, last.closed_deal)
    came = scoped(contacts_ahead, who).select(ahead.customer_id, ahead.day, false())
    came = came.where(ahead.customer_id.in_(wanted), ahead.day <= bindparam("today"))
    return union_all(had.where(last.customer_id.in_(wanted)), came)


@prepared
def _open_of(who: Who) -> Select[Any]:
    wanted: Any = bindparam("wanted", expanding=True)
    return scoped(warnings, who).select().where(_OPEN, warnings.c.customer_id.in_(wanted))


@prepared
def _open_for(who: Who) -> Select[Any]:
    meant = warnings.c.customer_id == stands_for(who, bindparam("customer"))
    return scoped(warnings, who).select().where(_OPEN, meant)
