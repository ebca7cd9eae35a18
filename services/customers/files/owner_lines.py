"""Writing down whose a customer became, when and why."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.files.rules import Because, File, Why
from services.customers.files.tables import OWNERS_IN_ORDER, owners


def note_owner(tx: Transaction, who: Who, file: File, former_id: str | None, because: Because) -> None:
    """One line more of the history of a file's id, if its owner is another than before."""
    if file.owner_id != former_id:
        _write(tx, who, file, former_id, because)


def note_parted(tx: Transaction, who: Who, file: File, ids: Collection[str]) -> None:
    """Write down whose a customer is for whom fewer ids stand than before, unless the lines of those left say it.

    There is no former owner: who had them while they were one with another had them by that alone.
    """
    lines = tx.execute(*_last_first(who, wanted=list(ids))).all()
    last = lines[0].owner_id if lines else None
    is_told = any((line.customer_id, line.version) == (file.customer_id, file.version) for line in lines)
    if last != file.owner_id and not is_told:
        _write(tx, who, file, None, Because(Why.PARTED))


def _write(tx: Transaction, who: Who, file: File, former_id: str | None, because: Because) -> None:
    line = {
        "customer_id": file.customer_id,
        "version": file.version,
        "branch_id": file.branch_id,
        "owner_id": file.owner_id,
        "former_id": former_id,
        "since": tx.now(),
        "because": because.why.value,
        "by_id": because.by_id,
        "reason": because.reason,
        "change_id": tx.new_id(),
    }
    tx.execute_later(*scoped(owners, who).new(line))


@prepared
def _last_first(who: Who) -> Select[Any]:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    lines = scoped(owners, who).select(owners.c.customer_id, owners.c.version, owners.c.owner_id)
    return lines.where(owners.c.customer_id.in_(wanted)).order_by(*(one.desc() for one in OWNERS_IN_ORDER))
