"""The index itself, of which each database has its own kind.

PostgreSQL: an array of numbers, one for each gram, under GIN, where what some thirty customers bring waits to be taken
in together (`WAITING`). A number may stand for two grams: what is found is compared with the text. SQLite: FTS5 of
grams, with no positions and no text of its own; its entries are taken back by naming them again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from sqlalchemy import (
    DDL,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Table,
    TableValuedAlias,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    event,
    func,
    literal_column,
    or_,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from chassis.database import Transaction
from services.customers.finding.rules import MOST_TOGETHER, Damage

MAKE_ON_SQLITE = "CREATE VIRTUAL TABLE finding_grams USING fts5(grams, content='', detail=none, tokenize='ascii')"
"""For migrations; tables that are made from metadata get it by `declare`."""

_GRAMS_OF_ROW = "SELECT n, :grams FROM finding WHERE customer_id = :customer"
PLAN_BY_WHAT_IS_SOUGHT = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true),"
    " set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),"
    " set_config('work_mem', '16MB', true),"
    " set_config('enable_sort', CASE WHEN :in_order THEN 'off' ELSE 'on' END, true),"
    " coalesce((SELECT most_common_freqs[array_position(most_common_vals::text::text[], :branch)] FROM pg_stats"
    " WHERE schemaname = current_schema() AND tablename = 'finding' AND attname = 'branch_id'), 0) AS part,"
    " (SELECT reltuples FROM pg_class WHERE oid = to_regclass('finding')) AS customers"
).bindparams(bindparam("in_order", type_=Boolean), bindparam("branch", type_=Text))
"""For PostgreSQL, until the transaction ends: a plan for whatever is sought reads everything, and comparing the grams
of one row after the other takes longer than it believes; so does starting others to help. The places of some hundred
thousand rows have room in memory. `in_order`: only what stands next in the list is asked for, which must not be found
by sorting all of it. Answers how great a part of all customers the branch has, and how many they are, as far as
PostgreSQL's estimates tell.
"""
VERY_MANY = 500_000
"""Among fewer customers the longest list of the index is read quickly."""
GREAT_PART = 0.2
"""Of a branch with more than this part of all customers the own list is not looked up: it is longer than what it saves,
which is the reading of other branches' rows.
"""
COMMON_GRAMS = text(
    "SELECT gram FROM pg_stats, unnest(most_common_elems::text::int[], most_common_elem_freqs) AS known(gram, part)"
    " WHERE schemaname = current_schema() AND tablename = 'finding' AND attname = 'grams' AND gram = ANY(:grams)"
    " AND part * (SELECT reltuples FROM pg_class WHERE oid = 'finding'::regclass) >= :many"
).bindparams(bindparam("grams", type_=ARRAY(Integer)))
"""For PostgreSQL: which of these numbers so many rows have, as far as its estimates tell."""
READS_TO_THE_END = "postgresql"
"""Its index makes a list of all rows that have a gram before the first of them is looked at; the other one's goes on
only as far as it is asked.
"""
ENTER = text(
    "INSERT INTO finding_grams (rowid, grams) VALUES ((SELECT n FROM finding WHERE customer_id = :customer), :grams)"
)
_MERGE = text("INSERT INTO finding_grams (finding_grams, rank) VALUES ('merge', :pages)")
_CHANGES = text("SELECT total_changes()")
TAKE_BACK = text(
    f"INSERT INTO finding_grams (finding_grams, rowid, grams) SELECT 'delete', {_GRAMS_OF_ROW.removeprefix('SELECT ')}"
)


WAITING = 64
"""Kilobytes of entries that wait in PostgreSQL's index, the fewest there can be: every search reads them, and who fills
them up takes them in. An import is a third quicker for it.
"""
_PAGES = 500  # that are merged in one go: some hundredths of a second, while nobody else writes


def merge_some(tx: Transaction, *, from_the_start: bool = False) -> bool:
    """Merge SQLite's index a little, and say whether there is more to merge; an entry that was taken back stands in it
    until it has been merged with what takes it back. `from_the_start`: all of it is to be merged from now on.
    """
    before = tx.execute(_CHANGES).scalar_one()
    tx.execute(_MERGE, {"pages": -_PAGES if from_the_start else _PAGES})
    return bool(tx.execute(_CHANGES).scalar_one() - before > 1)


def declare(finding: Table) -> None:
    """Make SQLite's index with its table."""
    made = DDL(MAKE_ON_SQLITE).execute_if(dialect="sqlite")  # type: ignore[no-untyped-call]
    event.listen(finding, "after_create", made)


def numbers(branch_id: str | None, grams: Iterable[str]) -> list[int]:
    """What stands for them on PostgreSQL: whole numbers of 32 bits. The branch (None: whichever) is one of them."""
    of_branch = [f"branch {branch_id}"] if branch_id else []
    return sorted({number - 2**31 for number in map(crc32, map(str.encode, (*grams, *of_branch)))})


def words(grams: Iterable[str]) -> str:
    """What stands for them on SQLite. Not the branch: an office of one machine has few, and its list is read whole."""
    return " ".join(grams)


class holds(FunctionElement[bool]):  # noqa: N801 - a function of SQL
    """Whether a text holds another one; nothing holds NULL. The planner knows no better than that one in three does."""

    type = Boolean()
    inherit_cache = True


@compiles(holds, "sqlite")
def _holds_on_sqlite(element: holds, compiler: Any, **options: Any) -> str:
    return f"(instr({compiler.process(element.clauses, **options)}) > 0)"


@compiles(holds, "postgresql")
def _holds_on_postgresql(element: holds, compiler: Any, **options: Any) -> str:
    return f"(strpos({compiler.process(element.clauses, **options)}) > 0)"


@dataclass(frozen=True)
class Way:
    """What rows are compared with that may differ in one character: parameters, or columns of `among`."""

    dialect: str
    among: TableValuedAlias | None
    needed: ColumnElement[Any]
    pieces: Sequence[ColumnElement[str]]
    patterns: Sequence[ColumnElement[str]]

    def is_like(self, text: ColumnElement[str]) -> ColumnElement[bool]:
        """The pieces are looked for first, which is quick: PostgreSQL takes a pattern for the quicker one."""
        like = text.op("~" if self.dialect == "postgresql" else "GLOB", return_type=Boolean())
        return case((and_(*(holds(text, piece) for piece in self.pieces)), or_(*map(like, self.patterns))), else_=False)


_OF_WAY = ("needed", "before", "after")


def way(dialect: str) -> Way:
    """On PostgreSQL a row for each way of one character, on SQLite a statement: so there is one form of each."""
    if dialect == "postgresql":
        lists = (bindparam(name, type_=ARRAY(Text)) for name in (*_OF_WAY, "pattern_0"))
        columns = (column(name, Text) for name in (*_OF_WAY, "pattern_0"))
        among = func.unnest(*lists).table_valued(*columns).render_derived(name="way")
        of = among.c
        return Way(dialect, among, cast(of.needed, ARRAY(Integer)), (of.before, of.after), (of.pattern_0,))
    needed, *pieces = (bindparam(name, type_=Text) for name in _OF_WAY)
    return Way(dialect, None, needed, pieces, [bindparam(f"pattern_{n}", type_=Text) for n in range(MOST_TOGETHER)])


def ways(dialect: str, branch_id: str | None, wanted: str, damages: Iterable[Damage]) -> list[dict[str, Any]]:
    """What the parameters of `way` stand for, each time that the statement is to be run."""
    if dialect == "postgresql":
        told = [_way_on_postgresql(branch_id, wanted, damage) for damage in damages]
        return [{name: [one[name] for one in told] for name in told[0]}]
    return [_way_on_sqlite(wanted, damage) for damage in damages]


def _way_on_postgresql(branch_id: str | None, wanted: str, damage: Damage) -> dict[str, str]:
    numbered = ",".join(map(str, numbers(branch_id, damage.grams)))
    pattern = "|".join(f"{before}[^\n]{after}" for before, after in _around(wanted, damage.wrong))
    return {"needed": f"{{{numbered}}}", **_pieces(damage), "pattern_0": pattern}


def _way_on_sqlite(wanted: str, damage: Damage) -> dict[str, str]:
    patterns = [f"*{before}[^\n]{after}*" for before, after in _around(wanted, damage.wrong)]
    patterns += patterns[:1] * (MOST_TOGETHER - len(patterns))
    named = {f"pattern_{n}": pattern for n, pattern in enumerate(patterns)}
    return {"needed": needed("sqlite", None, damage.grams), **_pieces(damage), **named}


def _pieces(damage: Damage) -> dict[str, str]:
    """Everything holds a piece of no length."""
    return dict(zip(("before", "after"), (*damage.intact, ""), strict=False))


def _around(wanted: str, wrong: Iterable[int]) -> Iterator[tuple[str, str]]:
    return ((wanted[:place], wanted[place + 1 :]) for place in wrong)


def having(dialect: str, rows: Select[Any], needed: ColumnElement[Any] | None = None) -> Select[Any]:
    """Those of the rows, all of `finding`, that have all of the grams in `needed`, of itself a parameter of this name.

    As a part of another question: OFFSET has PostgreSQL look them up before it asks anything else of them. It would
    rather read a branch's customers one after the other, since some of the first should do.
    """
    if dialect == "postgresql":
        grams: ColumnElement[Any] = literal_column("finding.grams")
        wanted = bindparam("needed", type_=ARRAY(Integer)) if needed is None else needed
        return rows.where(grams.op("@>", return_type=Boolean())(wanted)).offset(literal_column("0", Integer))
    among = table("finding_grams", column("rowid", Integer))
    joined = rows.join(among, among.c.rowid == literal_column("finding.n", Integer))
    matches = literal_column("finding_grams").op("MATCH", return_type=Boolean())
    return joined.where(matches(bindparam("needed", type_=Text)))


def needed(dialect: str, branch_id: str | None, grams: Iterable[str]) -> Any:
    """The value of `needed` for rows of a branch (None: whichever) that have these grams."""
    if dialect == "postgresql":
        return numbers(branch_id, grams)
    return " AND ".join(f'"{gram}"' for gram in sorted(grams))
