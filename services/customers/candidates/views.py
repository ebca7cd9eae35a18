"""Finding the customers who may be one, among those whom the asker sees; headquarters sees them across branches."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, RowMapping, Select, and_, bindparam, func, or_, select, union

from chassis.database import Transaction, prepared, scoped
from chassis.database.estimates import look_up
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.candidates.rules import Alike, Known, alike, near_phones
from services.customers.files.tables import aliases, customers
from services.customers.files.views import customer_row, ids_of, shown
from services.customers.people.views import of_people_in_reach
from services.customers.register.rules_of_persons import last_eight_of
from services.customers.register.tables import register
from services.customers.relations.rules import Pair, pair
from services.customers.relations.tables import verdicts

_NEWEST_FIRST = (customers.c.registered_at, customers.c.customer_id)
_SHOWN = (*_NEWEST_FIRST, *(customers.c[one] for one in ("branch_id", "code", "name", "phone", "owner_id")))


def candidates_page(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """The customers in reach who may be one with an earlier one, the last registered first, each with those.

    So many of the files as `limit` says are looked at for a page, and `next_after` is where looking goes on: a page may
    hold fewer, or none.
    """
    page = paginate(tx, _in_reach(who), _NEWEST_FIRST, asked, descending=True)
    others = _alike(tx, who, page.items)
    said = _verdicts(tx, who, [row["customer_id"] for row in page.items])
    decided = {(row["first_id"], row["second_id"]) for row in said if row["active"]}
    earlier = (
        (row, ((other, in_what) for other, in_what in others.like(row) if _when(other) < _when(row)))
        for row in page.items
    )
    items = [_item(who, row, found, decided) for row, found in earlier]
    return Page([item for item in items if item["others"]], page.next_after)


def candidates_of(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """With whom a customer in reach may be one, and what was decided about them under any of their ids; raises
    UnknownCustomer.
    """
    row = customer_row(tx, who, customer_id)
    decided = _verdicts(tx, who, ids_of(tx, who, row["customer_id"]))
    open_pairs = {(one["first_id"], one["second_id"]) for one in decided if one["active"]}
    return {**_item(who, row, _alike(tx, who, [row]).like(row), open_pairs), "decided": decided}


def verdict_on(tx: Transaction, who: Who, two: Pair) -> RowMapping | None:
    """What was decided about a pair; None where nobody did."""
    mine = verdicts.c.first_id == two[0], verdicts.c.second_id == two[1]
    return tx.execute(scoped(verdicts, who).select().where(*mine)).mappings().one_or_none()


def _item(
    who: Who, row: Mapping[Any, Any], others: Iterable[tuple[RowMapping, tuple[Alike, ...]]], decided: Collection[Pair]
) -> dict[str, Any]:
    found = [
        {"customer": shown(who, other), "alike": in_what}
        for other, in_what in others
        if pair(row["customer_id"], other["customer_id"]) not in decided
    ]
    return {"customer": shown(who, row), "others": found}


def _when(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    return tuple(row[key.name] for key in _NEWEST_FIRST)


class _Others:
    """Files in reach, found by what one is alike in: with every file of a page there are too many to compare all."""

    def __init__(self, rows: Iterable[RowMapping]) -> None:
        self._by_mark: dict[str | None, list[RowMapping]] = defaultdict(list)
        for row in rows:
            for mark in _marks_of(Known(row["name"], row["phone"])):
                self._by_mark[mark].append(row)

    def like(self, row: Mapping[Any, Any]) -> Iterator[tuple[RowMapping, tuple[Alike, ...]]]:
        """Those who are alike the customer of this file, and in what, the last registered first."""
        mine = Known(row["name"], row["phone"])
        marks = [*_marks_of(mine), *(near_phones(mine.phone) if mine.phone else ())]
        near = {other["customer_id"]: other for mark in marks for other in self._by_mark.get(mark, ())}
        near.pop(row["customer_id"], None)
        for other in sorted(near.values(), key=_when, reverse=True):
            if in_what := alike(mine, Known(other["name"], other["phone"])):
                yield other, in_what


def _marks_of(known: Known) -> list[str | None]:
    ending = last_eight_of(known.phone) if known.phone else None
    return [mark for mark in (known.full_name, known.phone, ending) if mark]


def _alike(tx: Transaction, who: Who, rows: Sequence[Mapping[Any, Any]]) -> _Others:
    """The files in reach that may be alike one of these."""
    known = [Known(row["name"], row["phone"]) for row in rows]
    phones = [one.phone for one in known if one.phone]
    asked = {
        "names": [one.full_name for one in known if one.full_name],
        "phones": [near for phone in phones for near in near_phones(phone)],
        "tails": [last_eight_of(phone) for phone in phones],
    }
    look_up(tx)
    found = tx.execute(*_files_alike(who, **asked)).mappings()
    return _Others({row["customer_id"]: row for row in found if row["customer_id"] is not None}.values())


def _verdicts(tx: Transaction, who: Who, ids: Sequence[str]) -> Sequence[RowMapping]:
    about = or_(verdicts.c.first_id.in_(ids), verdicts.c.second_id.in_(ids))
    return tx.execute(scoped(verdicts, who).select().where(about).order_by(verdicts.c.decided_at)).mappings().all()


def _in_reach(who: Who) -> Select[Any]:
    return scoped(customers, who).select().where(customers.c.active, of_people_in_reach(who, customers.c.owner_id))


def _any_of(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


@prepared
def _files_alike(who: Who) -> Select[Any]:
    """The files in reach of those registered with one of these names, phones and endings; rows without a file besides.

    The files are joined with their conditions: SQLite, which does not know how many there are of a branch, would
    otherwise begin with all of them.
    """
    ids = scoped(register, who).select(register.c.customer_id)
    by_name, by_phone = register.c.full_name.in_(_any_of("names")), register.c.phone.in_(_any_of("phones"))
    near = union(*(ids.where(by) for by in (by_name, by_phone, register.c.tail.in_(_any_of("tails"))))).subquery("near")
    files, merged = scoped(customers, who), scoped(aliases, who)
    stands_for = func.coalesce(aliases.c.winner_id, near.c.customer_id)
    in_reach = customers.c.active, files.visible, of_people_in_reach(who, customers.c.owner_id)
    joined = near.outerjoin(merged.table, and_(aliases.c.loser_id == near.c.customer_id, aliases.c.active))
    joined = joined.outerjoin(files.table, and_(customers.c.customer_id == stands_for, *in_reach))
    return select(*_SHOWN).select_from(joined)
