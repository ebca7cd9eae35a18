"""What is in the recycle bin, until when, and how it came there."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, bindparam, func

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.files.rules import File, Move, UnknownCustomer
from services.customers.files.tables import aliases, bin_moves, customers
from services.customers.files.views import file_behind, files_of, in_bin, keeps_bin, shown
from services.customers.people.views import branch_of, local_day, works_in_reach
from services.customers.policy.views import policy_of
from services.customers.recycle_bin.rules import Notice, notices, purged_on

_LAST_FIRST = (customers.c.deleted_at, customers.c.customer_id)


def bin_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """The customers in the recycle bin of the asker's branch or branches, the last deleted first."""
    rows = paginate(tx, in_bin(who), _LAST_FIRST, page, descending=True)
    return Page(_told(tx, who, rows.items), rows.next_after)


def bin_item(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """One customer in the recycle bin, as the page shows it."""
    row = tx.execute(in_bin(who).where(customers.c.customer_id == customer_id)).mappings().one()
    return _told(tx, who, [row])[0]


def known_file(tx: Transaction, who: Who, customer_id: str) -> File:
    """The file under this id, wherever it is, or the one that it was merged into; raises UnknownCustomer.

    Only those who keep the recycle bin of its branch are answered.
    """
    file = file_behind(tx, who, customer_id) if keeps_bin(who) else None
    if file is None:
        raise UnknownCustomer
    return file


def moves_of(tx: Transaction, who: Who, customer_id: str) -> Sequence[Mapping[str, Any]]:
    """When a customer was moved into the recycle bin and out of it, the first first; raises UnknownCustomer."""
    known = known_file(tx, who, customer_id).customer_id
    return _moves(tx, who, [known])[known]


def restored(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """A file that came back, and what a manager is told of it."""
    file = files_of(tx, who, {customer_id})[customer_id]
    works_here = file.owner_id is not None and works_in_reach(tx, who, file.branch_id, file.owner_id)
    parent = file_behind(tx, who, file.parent_id) if file.parent_id else None
    told: list[Notice] = list(notices(file, parent, owner_works_here=works_here))
    return {**shown(who, vars(file)), "notices": told}


def due_to_be_purged(tx: Transaction, who: Who, branch_id: str) -> list[str]:
    """Who has been in the recycle bin for as long as the branch's policy keeps them, the first deleted first."""
    here = in_bin(who).where(customers.c.branch_id == branch_id).order_by(*_LAST_FIRST)
    rows = tx.execute(here).mappings().all()
    today, until = local_day(tx, who, branch_id), _until(tx, who, rows)
    return [row["customer_id"] for row in rows if until[row["customer_id"]] <= today]


def is_due_to_be_purged(tx: Transaction, who: Who, row: Mapping[Any, Any]) -> bool:
    """Whether that holds of the customer with this row."""
    return _until(tx, who, [row])[row["customer_id"]] <= local_day(tx, who, row["branch_id"])


def branches_with_a_bin(tx: Transaction, who: Who) -> Sequence[str]:
    """The branches that have somebody in the recycle bin, open or not, in order."""
    found = in_bin(who).with_only_columns(customers.c.branch_id).distinct().order_by(customers.c.branch_id)
    return tx.execute(found).scalars().all()


def _told(tx: Transaction, who: Who, rows: Sequence[Mapping[Any, Any]]) -> list[Mapping[str, Any]]:
    moves = _moves(tx, who, [row["customer_id"] for row in rows])
    until = _until(tx, who, rows)
    return [{**row, **_deletion(moves[row["customer_id"]]), "purged_on": until[row["customer_id"]]} for row in rows]


def _deletion(moves: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """By whom a customer was last deleted, and why."""
    last = [move for move in moves if move["move"] == Move.DELETED][-1:]
    return {"deleted_by": last[0]["by_id"], "reason": last[0]["reason"]} if last else {}


def _until(tx: Transaction, who: Who, rows: Sequence[Mapping[Any, Any]]) -> dict[str, date]:
    """The day on which each customer is purged, as the policy of the branch is today."""
    here = {branch_id: branch_of(tx, who, branch_id) for branch_id in {row["branch_id"] for row in rows}}
    policies = {branch_id: policy_of(tx, branch) for branch_id, branch in here.items()}
    return {
        row["customer_id"]: purged_on(here[row["branch_id"]].day(row["deleted_at"]), policies[row["branch_id"]])
        for row in rows
    }


def _moves(tx: Transaction, who: Who, ids: Collection[str]) -> Mapping[str, list[Mapping[str, Any]]]:
    """All moves of these customers, also under the ids merged into them."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in tx.execute(*_moves_of(who, wanted=list(ids))).mappings():
        found[row["meant"]].append({**row})
    return found


@prepared
def _moves_of(who: Who) -> Select[Any]:
    merged = scoped(aliases, who).table
    meant = func.coalesce(aliases.c.winner_id, bin_moves.c.customer_id)
    moves = scoped(bin_moves, who).select(*bin_moves.c, meant.label("meant"))
    moves = moves.outerjoin(merged, and_(aliases.c.loser_id == bin_moves.c.customer_id, aliases.c.active))
    return moves.where(meant.in_(bindparam("wanted", expanding=True))).order_by(bin_moves.c.move_id)
