"""What holds between customers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Column, CompoundSelect, Select, Table, bindparam, case, union_all

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.relations.rules import Kin, Pair, Ties
from services.customers.relations.tables import relations, verdicts

_APART, _SAME = "apart", "same"


def ties_of(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> Ties:
    """All that holds between these ids and others."""
    rows = tx.execute(*_ties(who, branch=branch_id, wanted=list(ids))).all()
    said: dict[Pair, str] = {(row.first_id, row.second_id): row.kind for row in rows if row.kind not in (_APART, _SAME)}
    return Ties(
        kin={two: Kin(kind) for two, kind in said.items()},
        same=frozenset((row.first_id, row.second_id) for row in rows if row.kind == _SAME),
        apart=frozenset((row.first_id, row.second_id) for row in rows if row.kind == _APART),
    )


_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


@prepared
def _ties(who: Who) -> CompoundSelect[Any]:
    """In parts, each by an index: with `or` SQLite would read all relations of a branch."""
    confirmed = relations.c.state == "confirmed", relations.c.kind != Kin.OTHER.value
    ends = relations.c.first_id, relations.c.second_id
    kin = (_of(who, relations, relations.c.kind, end).where(*confirmed) for end in ends)
    kind = case((verdicts.c.same, _SAME), else_=_APART).label("kind")
    said = (_of(who, verdicts, kind, end) for end in (verdicts.c.first_id, verdicts.c.second_id))
    return union_all(*kin, *(one.where(verdicts.c.active) for one in said))


def _of(who: Who, table: Table, kind: Any, end: Column[Any]) -> Select[Any]:
    chosen = scoped(table, who).select(table.c.first_id, table.c.second_id, kind)
    return chosen.where(table.c.branch_id == bindparam("branch"), end.in_(_WANTED))
