"""Finding the customers who may be one, among those whom the asker sees; headquarters sees them across branches."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, RowMapping, Select, bindparam, or_, union

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.candidates.rules import Known, alike, near_phones
from services.customers.files.tables import aliases, customers
from services.customers.files.views import customer_row, shown
from services.customers.people.views import of_people_in_reach
from services.customers.register.rules_of_persons import last_eight_of
from services.customers.register.tables import register
from services.customers.relations.rules import Pair, pair
from services.customers.relations.tables import verdicts

_NEWEST_FIRST = (customers.c.registered_at, customers.c.customer_id)


def candidates_page(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """The customers in reach who may be one with an earlier one, the last registered first, each with those.

    So many of the files as `limit` says are looked at for a page, and `next_after` is where looking goes on: a page may
    hold fewer, or none.
    """
    page = paginate(tx, _in_reach(who), _NEWEST_FIRST, asked, descending=True)
    others = _alike(tx, who, page.items)
    decided = {(row["first_id"], row["second_id"]) for row in _verdicts(tx, who, page.items) if row["active"]}
    items = [_item(who, row, [other for other in others if _when(other) < _when(row)], decided) for row in page.items]
    return Page([item for item in items if item["others"]], page.next_after)


def candidates_of(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """With whom a customer in reach may be one, and what was decided about them; raises UnknownCustomer."""
    row = customer_row(tx, who, customer_id)
    decided = _verdicts(tx, who, [row])
    open_pairs = {(one["first_id"], one["second_id"]) for one in decided if one["active"]}
    return {**_item(who, row, _alike(tx, who, [row]), open_pairs), "decided": decided}


def verdict_on(tx: Transaction, who: Who, two: Pair) -> RowMapping | None:
    """What was decided about a pair; None where nobody did."""
    mine = verdicts.c.first_id == two[0], verdicts.c.second_id == two[1]
    return tx.execute(scoped(verdicts, who).select().where(*mine)).mappings().one_or_none()


def _item(
    who: Who, row: Mapping[Any, Any], others: Sequence[Mapping[Any, Any]], decided: Collection[Pair]
) -> dict[str, Any]:
    mine = Known(row["name"], row["phone"])
    near = [
        (other, alike(mine, Known(other["name"], other["phone"]))) for other in others if _when(other) != _when(row)
    ]
    found = [
        {"customer": shown(who, other), "alike": in_what}
        for other, in_what in near
        if in_what and pair(row["customer_id"], other["customer_id"]) not in decided
    ]
    return {"customer": shown(who, row), "others": found}


def _when(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    return tuple(row[key.name] for key in _NEWEST_FIRST)


def _alike(tx: Transaction, who: Who, rows: Sequence[Mapping[Any, Any]]) -> Sequence[RowMapping]:
    """The files in reach that may be alike one of these, the last registered first."""
    known = [Known(row["name"], row["phone"]) for row in rows]
    phones = [one.phone for one in known if one.phone]
    asked = {
        "names": [one.full_name for one in known if one.full_name],
        "phones": [near for phone in phones for near in near_phones(phone)],
        "tails": [last_eight_of(phone) for phone in phones],
    }
    ids = list(tx.execute(*_registered_alike(who, **asked)).scalars())
    return tx.execute(*_files_of(who, wanted=ids)).mappings().all()


def _verdicts(tx: Transaction, who: Who, rows: Sequence[Mapping[Any, Any]]) -> Sequence[RowMapping]:
    ids = [row["customer_id"] for row in rows]
    about = or_(verdicts.c.first_id.in_(ids), verdicts.c.second_id.in_(ids))
    return tx.execute(scoped(verdicts, who).select().where(about).order_by(verdicts.c.decided_at)).mappings().all()


def _in_reach(who: Who) -> Select[Any]:
    return scoped(customers, who).select().where(customers.c.active, of_people_in_reach(who, customers.c.owner_id))


def _any_of(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


@prepared
def _registered_alike(who: Who) -> CompoundSelect[Any]:
    ids = scoped(register, who).select(register.c.customer_id)
    by_name, by_phone = (
        ids.where(register.c.full_name.in_(_any_of("names"))),
        ids.where(register.c.phone.in_(_any_of("phones"))),
    )
    return union(by_name, by_phone, ids.where(register.c.tail.in_(_any_of("tails"))))


@prepared
def _files_of(who: Who) -> Select[Any]:
    wanted = _any_of("wanted")
    stands_for = (
        scoped(aliases, who).select(aliases.c.winner_id).where(aliases.c.active, aliases.c.loser_id.in_(wanted))
    )
    either = or_(customers.c.customer_id.in_(wanted), customers.c.customer_id.in_(stands_for))
    return _in_reach(who).where(either).order_by(*(key.desc() for key in _NEWEST_FIRST))
