"""What holds between customers."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Select, Table, bindparam, literal, or_, union_all

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
    confirmed = relations.c.state == "confirmed", relations.c.kind != Kin.OTHER.value
    kin = _touching(who, relations, relations.c.kind).where(*confirmed)
    same = _touching(who, verdicts, literal(_SAME).label("kind")).where(verdicts.c.active, verdicts.c.same)
    apart = _touching(who, verdicts, literal(_APART).label("kind")).where(verdicts.c.active, ~verdicts.c.same)
    return union_all(kin, same, apart)


def _touching(who: Who, table: Table, kind: Any) -> Select[Any]:
    either = or_(table.c.first_id.in_(_WANTED), table.c.second_id.in_(_WANTED))
    chosen = scoped(table, who).select(table.c.first_id, table.c.second_id, kind)
    return chosen.where(table.c.branch_id == bindparam("branch"), either)
