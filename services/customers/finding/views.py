"""Who is found: customers in reach that hold what is sought, then those that nearly do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, cast

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    or_,
    tuple_,
)

from chassis.database import Instant, Prepared, Ready, Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import cursor, opened
from services.customers.finding import index
from services.customers.finding.index import holds
from services.customers.finding.rules import (
    FEW,
    MOST_COUNTED,
    MOST_NEAR,
    Damage,
    Sought,
    damages,
    grams_needed,
    has_near,
)
from services.customers.finding.tables import finding
from services.customers.people.views import of_people_in_reach

Hit = tuple[int, datetime, str]
"""1 for a customer who holds what is sought, 0 for one who nearly does; since when they are registered; the id."""

_HITS = Table(
    "hits", MetaData(), Column("exact", Integer), Column("registered_at", Instant), Column("customer_id", String)
)
_ORDER = tuple(_HITS.c)
_FROM_THE_TOP: Hit = (1, datetime(9999, 1, 1, tzinfo=UTC), "")


@dataclass(frozen=True)
class Hits:
    """A page of hits, the cursor after it, and how many hold what is sought: `count`, or more than that."""

    page: Sequence[Hit]
    next_after: str | None
    count: int
    is_more: bool


def hits(tx: Transaction, who: Who, sought: Sought, page: Mapping[str, Any]) -> Hits:
    """Active customers in reach, the last registered first; where they are few, the near ones after them.

    `page` holds what PageArguments loads. Raises BadCursor.
    """
    after: Hit = tuple(opened(page["after"], _ORDER)) if page["after"] else _FROM_THE_TOP
    _plan_by_what_is_sought(tx)
    found = _exact(tx, who, sought)
    is_more = len(found) > MOST_COUNTED
    ordered = _newest(tx, who, sought, after, page["limit"] + 1) if is_more else _few(tx, who, sought, found)
    beyond = [hit for hit in ordered if hit < after]
    shown, rest = beyond[: page["limit"]], beyond[page["limit"] :]
    return Hits(shown, cursor(shown[-1], _ORDER) if rest else None, min(len(found), MOST_COUNTED), is_more)


def holding(tx: Transaction, who: Who, sought: Sought) -> Select[Any]:
    """The ids of all in reach who hold what is sought, as a part of another question."""
    _plan_by_what_is_sought(tx)
    statement, values = _holding(tx, who, sought)
    return cast(Select[Any], statement).with_only_columns(finding.c.customer_id).params(**values)


def _few(tx: Transaction, who: Who, sought: Sought, found: list[Hit]) -> list[Hit]:
    if len(found) >= FEW or sought.text is None or not has_near(sought.text):
        return sorted(found, reverse=True)
    known = {customer_id for _, _, customer_id in found}
    near = [hit for hit in _near(tx, who, sought, sought.text) if hit[2] not in known]
    return sorted(found, reverse=True) + sorted(near, reverse=True)[:MOST_NEAR]


def _exact(tx: Transaction, who: Who, sought: Sought) -> list[Hit]:
    """One more than are counted, at most; in no order."""
    statement, values = _holding(tx, who, sought)
    return _hits_of(tx, 1, _to_be_counted(cast(Select[Any], statement)), values)


def _newest(tx: Transaction, who: Who, sought: Sought, after: Hit, limit: int) -> list[Hit]:
    """Of very many the first after a place: the list is read from its top, for many of those who stand there fit."""
    _, registered_at, customer_id = after if after[0] else (0, datetime(1, 1, 1, tzinfo=UTC), "")
    place = {"at": registered_at, "before": customer_id, "limit": limit}
    statement, values = _next_in_order(who, **_values(sought), **place)
    return _hits_of(tx, 1, statement, values)


def _near(tx: Transaction, who: Who, sought: Sought, wanted: str) -> set[Hit]:
    return {hit for damage in damages(wanted) for hit in _damaged(tx, who, sought, wanted, damage)}


def _damaged(tx: Transaction, who: Who, sought: Sought, wanted: str, damage: Damage) -> list[Hit]:
    dialect = tx.connection.dialect.name
    patterns = index.patterns(dialect, wanted, damage.wrong)
    values: dict[str, Any] = {f"piece_{number}": piece for number, piece in enumerate(damage.intact)}
    values |= {f"pattern_{number}": pattern for number, pattern in enumerate(patterns)}
    values |= {"reads_phones": sought.reads_phones, "most": MOST_COUNTED}
    if by_index := who.reach in ("branch", "all"):
        values["needed"] = index.needed(dialect, who.branch_id, damage.grams)
    likeness = index.Likeness(dialect, len(damage.intact), len(patterns))
    return _hits_of(tx, 0, *_like(likeness, wanted.isdigit(), by_index)(who, **values))


@cache
def _like(likeness: index.Likeness, is_phone: bool, by_index: bool) -> Prepared:
    """The statement for so many pieces and patterns."""

    @prepared
    def like(who: Who) -> Select[Any]:
        in_phones = and_(_reads_phone(who), likeness.of(finding.c.phones))
        rows = _in_reach(who).where(in_phones if is_phone else likeness.of(finding.c.texts))
        rows = rows.limit(bindparam("most", type_=Integer))
        return index.having(likeness.dialect, rows) if by_index else rows

    return like


def _hits_of(tx: Transaction, exact: int, statement: Any, values: Mapping[str, Any]) -> list[Hit]:
    return [(exact, row.registered_at, row.customer_id) for row in tx.execute(statement, values)]


def _plan_by_what_is_sought(tx: Transaction) -> None:
    if tx.connection.dialect.name == "postgresql":
        tx.execute(index.PLAN_BY_WHAT_IS_SOUGHT)


def _holding(tx: Transaction, who: Who, sought: Sought) -> Ready:
    """Who sees their own or their team's customers alone has so few that these are read without the index."""
    values, dialect = _values(sought), tx.connection.dialect.name
    if who.reach not in ("branch", "all"):
        return _of_people(who, **values)
    needed = index.needed(dialect, who.branch_id, grams_needed(sought.plain))
    return (_on_postgresql if dialect == "postgresql" else _on_sqlite)(who, needed=needed, **values)


def _values(sought: Sought) -> dict[str, Any]:
    return {
        "text": sought.text,
        "phone": sought.phone,
        "ending": sought.ending,
        "reads_phones": sought.reads_phones,
    }


def _in_reach(who: Who) -> Select[Any]:
    seen = finding.c.active, of_people_in_reach(who, finding.c.owner_id)
    return scoped(finding, who).select(finding.c.customer_id, finding.c.registered_at).where(*seen)


def _held(who: Who) -> Select[Any]:
    of_phone = and_(_reads_phone(who), holds(finding.c.phones, bindparam("phone", type_=Text)))
    ending = holds(finding.c.phones, bindparam("ending", type_=Text))
    return _in_reach(who).where(or_(holds(finding.c.texts, bindparam("text", type_=Text)), of_phone, ending))


def _reads_phone(who: Who) -> ColumnElement[bool]:
    return or_(bindparam("reads_phones", type_=Boolean), finding.c.owner_id == who.actor_id)


@prepared
def _of_people(who: Who) -> Select[Any]:
    return _held(who)


@prepared
def _on_postgresql(who: Who) -> Select[Any]:
    return index.having("postgresql", _held(who))


@prepared
def _on_sqlite(who: Who) -> Select[Any]:
    return index.having("sqlite", _held(who))


@prepared
def _next_in_order(who: Who) -> Select[Any]:
    order = finding.c.registered_at, finding.c.customer_id
    place = bindparam("at", type_=Instant), bindparam("before", type_=String)
    following = _held(who).where(tuple_(*order) < tuple_(*place))
    return following.order_by(*(one.desc() for one in order)).limit(bindparam("limit", type_=Integer))


@lru_cache(maxsize=64)
def _to_be_counted(statement: Select[Any]) -> Select[Any]:
    return statement.limit(MOST_COUNTED + 1)
