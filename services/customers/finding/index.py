"""The index itself, of which each database has its own kind.

PostgreSQL: an array of numbers, one for each gram, under GIN, without the list of entries that wait (`fastupdate`):
every search would read it, and now and then a registration would have to empty it. A number may stand for two grams:
what is found is compared with the text. SQLite: FTS5 of grams, with no positions and no text of its own; its entries
are taken back by naming them again.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from zlib import crc32

from sqlalchemy import (
    DDL,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Table,
    column,
    event,
    literal,
    literal_column,
    or_,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from services.customers.finding.rules import grams_needed, grams_of

MAKE = {
    "postgresql": "CREATE INDEX finding_by_grams ON finding USING gin (grams) WITH (fastupdate = off)",
    "sqlite": (
        "CREATE VIRTUAL TABLE finding_grams USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii')"
    ),
}
"""What makes the index, for migrations; tables that are made from metadata get it by `declare`."""

_GRAMS_OF_ROW = "SELECT n, :grams FROM finding WHERE customer_id = :customer"
ENTER = text(f"INSERT INTO finding_grams (rowid, grams) {_GRAMS_OF_ROW}")
TAKE_BACK = text(
    f"INSERT INTO finding_grams (finding_grams, rowid, grams) SELECT 'delete', {_GRAMS_OF_ROW.removeprefix('SELECT ')}"
)


def declare(finding: Table) -> None:
    """Make the index with its table."""
    for dialect, statement in MAKE.items():
        made = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
        event.listen(finding, "after_create", made)


def numbers(grams: Iterable[str]) -> list[int]:
    """What stands for the grams on PostgreSQL: whole numbers of 32 bits."""
    return sorted({_number(gram) for gram in grams})


def words(grams: Iterable[str]) -> str:
    """What stands for them on SQLite."""
    return " ".join(sorted(grams))


def grams(branch_id: str, lines: Iterable[str]) -> set[str]:
    """Everything that a row of this branch with these texts is found by."""
    return grams_of(lines) | {_of_branch(branch_id)}


def needed(branch_id: str | None, pieces: Sequence[str]) -> set[str]:
    """What a row of the branch (None: of any) has that contains all these pieces."""
    found = {gram for piece in pieces for gram in grams_needed(piece)}
    return found | ({_of_branch(branch_id)} if branch_id else set())


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


def holds_nearly(dialect: str, column: ColumnElement[str], wanted: str) -> ColumnElement[bool]:
    """Whether a line of the text holds `wanted` (plain) with any one character in the place of one of its own."""
    around = [(wanted[:wrong], wanted[wrong + 1 :]) for wrong in range(len(wanted))]
    if dialect == "postgresql":
        return column.op("~", return_type=Boolean())("|".join(f"{before}[^\n]{after}" for before, after in around))
    glob = column.op("GLOB", return_type=Boolean())
    return or_(*(glob(f"*{before}[^\n]{after}*") for before, after in around))


def has(numbers: ColumnElement[Any]) -> ColumnElement[bool]:
    """On PostgreSQL: whether a row has all of these grams."""
    return literal_column("finding.grams").op("@>", return_type=Boolean())(numbers)


def matched(rows: Select[Any], words: ColumnElement[str]) -> Select[Any]:
    """On SQLite: those of the rows that FTS5 finds by these words."""
    among = table("finding_grams", column("rowid", Integer))
    joined = rows.join(among, among.c.rowid == literal_column("finding.n", Integer))
    return joined.where(literal_column("finding_grams").op("MATCH", return_type=Boolean())(words))


def match(alternatives: Sequence[set[str]]) -> str:
    """The words by which FTS5 finds what has all grams of one of the alternatives."""
    return " OR ".join("(" + " AND ".join(f'"{gram}"' for gram in sorted(one)) + ")" for one in alternatives)


def with_any_of(dialect: str, rows: Select[Any], alternatives: Sequence[set[str]]) -> Select[Any]:
    """Those of the rows that have all grams of one of the alternatives."""
    if dialect == "postgresql":
        return rows.where(or_(*(has(literal(numbers(one), ARRAY(Integer))) for one in alternatives)))
    return matched(rows, literal(match(alternatives)))


def _of_branch(branch_id: str) -> str:
    return f"b{crc32(branch_id.encode()):08x}"  # longer than any gram of a text


def _number(gram: str) -> int:
    return crc32(gram.encode()) - 2**31
