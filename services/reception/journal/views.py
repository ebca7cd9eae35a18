"""Reading what was handed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam

from chassis import ledger
from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.journal.rules import Outcome, UnknownArrival, UnknownConflict
from services.reception.journal.tables import journal_entries
from services.reception.rotation.views import chain_of, hall_of


def handed_in(tx: Transaction, who: Who, hall_id: str, entry_ids: Sequence[str]) -> dict[str, RowMapping]:
    """Those of these entries that have been handed in, by their client-made ids."""
    rows = tx.execute(*_entries(who, hall=hall_id, entries=list(entry_ids))).mappings()
    return {row["entry_id"]: row for row in rows}


def reception_of_arrival(tx: Transaction, who: Who, hall_id: str, entry_id: str) -> str:
    """The reception that an arrival, named by its client-made id, led to; raises UnknownArrival."""
    row = handed_in(tx, who, hall_id, [entry_id]).get(entry_id)
    if row is None or row["kind"] != "arrival" or row["reception_id"] is None:
        raise UnknownArrival
    return str(row["reception_id"])


def count_of(tx: Transaction, who: Who, hall_id: str) -> int:
    """How many entries the hall has handed in."""
    row = tx.execute(*_last(who, hall=hall_id)).first()
    return row.n if row else 0


def changed_by_others(tx: Transaction, who: Who, hall_id: str) -> datetime | None:
    """When the hall's register was last written by anything but its journals."""
    last = tx.execute(*_last(who, hall=hall_id)).first()
    n, at = ledger.head(tx, chain_of(hall_id))
    return last.floor if last and n == last.register_n else at


def conflicts_of(tx: Transaction, who: Who, hall_id: str, asked: dict[str, Any]) -> Page:
    """The hall's conflicts in the order in which they came: those to be settled, or all. Raises UnknownHall."""
    hall_of(tx, who, hall_id)
    here = journal_entries.c.hall_id == hall_id, journal_entries.c.outcome == Outcome.CONFLICT.value
    found = scoped(journal_entries, who).select().where(*here)
    if asked["which"] == "open":
        found = found.where(journal_entries.c.settled_at.is_(None))
    return paginate(tx, found, [journal_entries.c.n], asked)


def conflict_of(tx: Transaction, who: Who, hall_id: str, entry_id: str) -> RowMapping:
    """One conflict; raises UnknownConflict."""
    row = handed_in(tx, who, hall_id, [entry_id]).get(entry_id)
    if row is None or row["outcome"] != Outcome.CONFLICT:
        raise UnknownConflict
    return row


@prepared
def _entries(who: Who) -> Select[Any]:
    here = scoped(journal_entries, who).select().where(journal_entries.c.hall_id == bindparam("hall"))
    return here.where(journal_entries.c.entry_id.in_(bindparam("entries", expanding=True)))


@prepared
def _last(who: Who) -> Select[Any]:
    here = scoped(journal_entries, who).select(*(journal_entries.c[name] for name in ("n", "register_n", "floor")))
    here = here.where(journal_entries.c.hall_id == bindparam("hall"))
    return here.order_by(journal_entries.c.n.desc()).limit(1)
