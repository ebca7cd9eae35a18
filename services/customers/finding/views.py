"""Who is found: customers in reach that hold what is sought, then those that nearly do."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, cast

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Select,
    String,
    Subquery,
    Table,
    Text,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from chassis.database import Instant, Prepared, Ready, Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import cursor, opened
from services.customers.finding import index
from services.customers.finding.index import holds
from services.customers.finding.rules import (
    FEW,
    MOST_COMPARED,
    MOST_COUNTED,
    MOST_NEAR,
    Damage,
    Sought,
    damages,
    stands_thinly,
)
from services.customers.finding.tables import finding
from services.customers.people.views import of_people_in_reach

Hit = tuple[int, datetime, str]
"""1 for a customer who holds what is sought, 0 for one who nearly does; since when they are registered; the id."""

_HITS = Table(
    "hits", MetaData(), Column("exact", Integer), Column("registered_at", Instant), Column("customer_id", String)
)
_ORDER = tuple(_HITS.c)
Columns = ReadOnlyColumnCollection[str, Any]
Shape = Callable[[Select[Any], Columns], Select[Any]]
"""What is asked of the rows in reach that hold what is sought, given their columns."""
Among = Literal["all", "grams", "newest"]
"""Which rows in reach are compared: all, those that have the grams of a way, or the first of the list."""

_LOOKED_AT = 1_000
_ENTRIES = 3  # of the index, read in the time of a row of the list
_ENOUGH = MOST_COUNTED * _ENTRIES * _LOOKED_AT**2  # to count along the list
_GRAMS_OF_COMMON = 2  # what takes more to cover is rare
_COUNTED, _READ = 30_000, 20_000  # of the list, before the index is asked instead
_NEWEST = 5_000  # of the list, compared where grams tell too little
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
    sought = _planned(tx, who, sought, in_order=True)
    count, found = _exact(tx, who, sought, after, page["limit"] + 1)
    ordered = found + (_near(tx, who, sought, [hit[2] for hit in found]) if count < FEW else [])
    beyond = [hit for hit in ordered if hit < after]
    shown, rest = beyond[: page["limit"]], beyond[page["limit"] :]
    is_more = count > MOST_COUNTED
    return Hits(shown, cursor(shown[-1], _ORDER) if rest else None, min(count, MOST_COUNTED), is_more)


def ids_of_hits(tx: Transaction, who: Who, sought: Sought) -> Select[Any] | list[str]:
    """The ids of all whom `hits` shows, to be a part of another question; where they are few, themselves."""
    sought = _planned(tx, who, sought, in_order=False)
    if sought.nearly is not None:
        few: list[str] = list(tx.execute(*_asked(tx, who, sought, _some, {"limit": FEW})).scalars())
        if len(few) < FEW:
            return few + [customer_id for _, _, customer_id in _near(tx, who, sought, few)]
    statement, values = _asked(tx, who, sought, _ids, {})
    return cast(Select[Any], statement).params(**values)


def _exact(tx: Transaction, who: Who, sought: Sought, after: Hit, limit: int) -> tuple[int, list[Hit]]:
    """How many hold it, one more than are counted at most; and the first after a place, or all where they are few."""
    _, registered_at, customer_id = after if after[0] else (0, datetime(1, 1, 1, tzinfo=UTC), "")
    place = {"at": registered_at, "before": customer_id, "limit": max(limit, FEW)}
    if _is_common(tx, who, sought):
        return MOST_COUNTED + 1, _newest(tx, who, sought, place)
    rows = tx.execute(*_asked(tx, who, sought, _counted, place)).all()
    held: int = rows[0].held
    if held > MOST_COUNTED:
        is_thin = _by_index(who) and stands_thinly(limit, held, rows[0].middle, rows[0].last)
        return held, _all_newest(tx, who, sought, place) if is_thin else _newest(tx, who, sought, place)
    return held, sorted(_hits_of(1, [row for row in rows if row.customer_id]), reverse=True)


def _is_common(tx: Transaction, who: Who, sought: Sought) -> bool:
    """Whether the newest alone are more than are counted: for an index that would read on to the oldest.

    Where one in x holds what is sought, so many times x rows of the list are to be read; of the index, the x-th part of
    all rows.
    """
    is_long = len(sought.grams) > _GRAMS_OF_COMMON
    if is_long or tx.connection.dialect.name != index.READS_TO_THE_END or not _by_index(who):
        return False
    few = {"first": _LOOKED_AT, "enough": _ENOUGH, "newest": _COUNTED, "most": MOST_COUNTED + 1}
    return bool(tx.execute(*_common(who, **_values(sought), **few)).scalar_one() > MOST_COUNTED)


def _newest(tx: Transaction, who: Who, sought: Sought, place: Mapping[str, Any]) -> list[Hit]:
    """Of very many the first after a place: mostly they stand among the next in the list, which is read from there."""
    if _by_index(who):
        next_ones = _hits_of(1, tx.execute(*_next_in_list(who, **_values(sought), **place, newest=_READ)).all())
        if len(next_ones) == place["limit"]:
            return next_ones
    return _all_newest(tx, who, sought, place)


def _all_newest(tx: Transaction, who: Who, sought: Sought, place: Mapping[str, Any]) -> list[Hit]:
    """The same, of all of them."""
    return _hits_of(1, tx.execute(*_asked(tx, who, sought, _in_order, place)).all())


def _near(tx: Transaction, who: Who, sought: Sought, exact: Collection[str]) -> list[Hit]:
    """Those with one wrong character, but for the exact ones: the last registered first, as many as are shown."""
    if (text := sought.nearly) is None:
        return []
    dialect, found = tx.connection.dialect.name, set[Hit]()
    more = {"reads_phones": sought.reads_phones, "most": MOST_COMPARED, "newest": _NEWEST, "limit": FEW + MOST_NEAR}
    for among, damaged in _by_what_is_read(tx, who, sought, damages(text)).items():
        alike = _alike(dialect, text.isdigit(), among)
        for way in index.ways(dialect, sought.within, text, damaged) if damaged else ():
            found.update(_hits_of(0, tx.execute(*alike(who, **way, **more)).all()))
    return sorted((hit for hit in found if hit[2] not in exact), reverse=True)[:MOST_NEAR]


def _by_what_is_read(
    tx: Transaction, who: Who, sought: Sought, damaged: Sequence[Damage]
) -> Mapping[Among, Sequence[Damage]]:
    """What is compared for each way. What is left by some, so many have that an index which would read on to the oldest
    of them is not asked.
    """
    if not _by_index(who):
        return {"all": damaged}
    if sought.within is not None or not sought.among_many:
        return {"grams": damaged}
    known = {"grams": index.numbers(None, set().union(*(one.grams for one in damaged))), "many": _READ}
    common = set(tx.execute(index.COMMON_GRAMS, known).scalars())
    told = [one for one in damaged if not common.issuperset(index.numbers(None, one.grams))]
    return {"grams": told, "newest": [one for one in damaged if one not in told]}


@cache
def _alike(dialect: str, is_phone: bool, among: Among) -> Prepared:
    """Those alike in one way or in each; of a way not more are compared than can be quickly."""
    way = index.way(dialect)

    @prepared
    def alike(who: Who) -> Select[Any]:
        rows = _compared(who, dialect, way, is_phone, among)
        compared = rows.subquery() if way.among is None else rows.lateral()
        of = compared.c
        is_like = way.is_like(of.phones if is_phone else of.texts)
        found: Select[Any] = select(of.customer_id, of.registered_at).where(is_like).distinct()
        return _first(found if way.among is None else found.select_from(way.among.join(compared, true())), of)

    return alike


def _compared(who: Who, dialect: str, way: index.Way, is_phone: bool, among: Among) -> Select[Any]:
    if among == "all":
        return _told(who, finding, is_phone)
    if among == "newest":
        return _told(who, cast(Table, _top(who, bindparam("newest", type_=Integer))), is_phone)
    return _told(who, _looked_up(dialect, way), is_phone).limit(bindparam("most", type_=Integer))


def _told(who: Who, source: Table, is_phone: bool) -> Select[Any]:
    """What is compared: of a phone only those that are read, for masked ones would take the place of others."""
    rows = _in_reach(who, source).add_columns(source.c.texts, source.c.phones)
    return rows.where(_reads_phone(who, source.c)) if is_phone else rows


def _hits_of(exact: int, rows: Iterable[Any]) -> list[Hit]:
    return [(exact, row.registered_at, row.customer_id) for row in rows]


def _planned(tx: Transaction, who: Who, sought: Sought, *, in_order: bool) -> Sought:
    """From now on plans are made for what is sought: within the branch, where that narrows it."""
    if tx.connection.dialect.name != "postgresql":
        return sought
    told = tx.execute(index.PLAN_BY_WHAT_IS_SOUGHT, {"in_order": in_order, "branch": who.branch_id}).one()
    within = who.branch_id if told.part <= index.GREAT_PART else None
    return replace(sought, within=within, among_many=told.customers >= index.VERY_MANY)


def _by_index(who: Who) -> bool:
    """Who sees their own or their team's customers alone has so few that these are read without the index."""
    return who.reach in ("branch", "all")


def _asked(tx: Transaction, who: Who, sought: Sought, shape: Shape, place: Mapping[str, Any]) -> Ready:
    """The statement that asks in this shape for all who hold what is sought."""
    dialect, values = tx.connection.dialect.name, {**_values(sought), **place}
    if not _by_index(who):
        return _in_shape(shape, None)(who, **values)
    needed = index.needed(dialect, sought.within, sought.grams)
    return _in_shape(shape, dialect)(who, needed=needed, **values)


@cache
def _in_shape(shape: Shape, dialect: str | None) -> Prepared:
    @prepared
    def asking(who: Who) -> Select[Any]:
        return _shaped(shape, who, finding) if dialect is None else _shaped(shape, who, _looked_up(dialect))

    return asking


def _shaped(shape: Shape, who: Who, source: Table) -> Select[Any]:
    return shape(_in_reach(who, source).where(_held(who, source.c)), source.c)


def _looked_up(dialect: str, way: index.Way | None = None) -> Table:
    """In place of the table: its rows that have the grams `needed`, or those of a way."""
    rows = index.having(dialect, select(*finding.c), way.needed if way else None)
    if way is None or way.among is None:
        return cast(Table, rows.subquery())
    return cast(Table, rows.correlate(way.among).lateral())


def _ids(held: Select[Any], of: Columns) -> Select[Any]:
    return held.with_only_columns(of.customer_id)


def _some(held: Select[Any], of: Columns) -> Select[Any]:
    return _ids(held, of).limit(bindparam("limit", type_=Integer))


def _in_order(held: Select[Any], of: Columns) -> Select[Any]:
    return _first(held.where(_after_place(of)), of)


def _counted(held: Select[Any], of: Columns) -> Select[Any]:
    """How many, in each row; beside it the first after the place, or all where they are few, or nobody.

    And where they stand among all rows, by which `stands_thinly` judges.
    """
    found = held.add_columns(of.n).limit(MOST_COUNTED + 1).cte("found")
    middle = select(func.avg(found.c.n)).scalar_subquery().label("middle")
    last = select(func.max(finding.c.n)).scalar_subquery().label("last")
    count = select(func.count()).select_from(found).scalar_subquery()
    first = _first(select(found).where(or_(_after_place(found.c), count < FEW)), found.c).subquery("beyond")
    always = select(literal(1)).subquery("always")
    return select(count.label("held"), middle, last, first).select_from(always.outerjoin(first, true()))


def _first(rows: Select[Any], of: Columns) -> Select[Any]:
    in_order = rows.order_by(of.registered_at.desc(), of.customer_id.desc())
    return in_order.limit(bindparam("limit", type_=Integer))


def _after_place(of: Columns) -> ColumnElement[bool]:
    place = bindparam("at", type_=Instant), bindparam("before", type_=String)
    return tuple_(of.registered_at, of.customer_id) < tuple_(*place)


def _values(sought: Sought) -> dict[str, Any]:
    return {
        "text": sought.text,
        "phone": sought.phone,
        "ending": sought.ending,
        "reads_phones": sought.reads_phones,
    }


def _in_reach(who: Who, source: Table) -> Select[Any]:
    seen = source.c.active, of_people_in_reach(who, source.c.owner_id)
    return scoped(source, who).select(source.c.customer_id, source.c.registered_at).where(*seen)


def _held(who: Who, of: Columns) -> ColumnElement[bool]:
    whole, ending = (holds(of.phones, bindparam(name, type_=Text)) for name in ("phone", "ending"))
    return or_(holds(of.texts, bindparam("text", type_=Text)), case((_reads_phone(who, of), whole), else_=ending))


def _reads_phone(who: Who, of: Columns) -> ColumnElement[bool]:
    return or_(bindparam("reads_phones", type_=Boolean), of.owner_id == who.actor_id)


def _top(who: Who, so_many: ColumnElement[int], *where: ColumnElement[bool]) -> Subquery:
    """The first so many of the list of all in reach, whatever they hold."""
    order = finding.c.registered_at.desc(), finding.c.customer_id.desc()
    return scoped(finding, who).select().where(*where).order_by(*order).limit(so_many).subquery()


@prepared
def _next_in_list(who: Who) -> Select[Any]:
    """Those of the next so many in the list who hold what is sought, as far as a page needs them."""
    top = _top(who, bindparam("newest", type_=Integer), _after_place(finding.c)).c
    held = select(top.customer_id, top.registered_at).where(top.active, _held(who, top))
    # In the order of the list: asked for it, SQLite reads to its end.
    return held.limit(bindparam("limit", type_=Integer))


@prepared
def _common(who: Who) -> Select[Any]:
    """How many of the newest hold what is sought; none when it is too rare among the first of them."""
    first = _top(who, bindparam("first", type_=Integer)).c
    among_first = select(func.count().label("held")).select_from(first.n.table).where(first.active, _held(who, first))
    share, all_rows = among_first.cte("share").c.held, select(func.max(finding.c.n)).scalar_subquery()
    enough = select(share * share * all_rows >= bindparam("enough", type_=BigInteger)).scalar_subquery()
    newest = _top(who, case((enough, bindparam("newest", type_=Integer)), else_=0)).c
    held = select(literal(1)).where(newest.active, _held(who, newest)).limit(bindparam("most", type_=Integer))
    return select(func.count()).select_from(held.subquery())
