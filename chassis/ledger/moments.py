"""Reading a chain as it stood at a moment, without what identifies people.

The moment of an entry is the clock's; the order is the number's. What stood at a moment is everything up to the last
entry that is not later than it.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from chassis.database import Transaction
from chassis.ledger.chain import Entry, entry_of
from chassis.ledger.tables import ledger


def number_at(tx: Transaction, chain: str, moment: datetime) -> int:
    """The number of the last entry that is not later than `moment`; 0 where there is none."""
    found = select(ledger.c.n).where(ledger.c.chain == chain, ledger.c.at <= moment)
    return tx.execute(found.order_by(ledger.c.n.desc()).limit(1)).scalar() or 0


def entries_between(tx: Transaction, chain: str, after: int, up_to: int) -> Iterator[Entry]:
    """The entries of a chain that are numbered above `after` and not above `up_to`, in their order."""
    return _read(tx, chain, (ledger.c.n > after) & (ledger.c.n <= up_to))


def entries_after(tx: Transaction, chain: str, after: int, limit: int, subject: str | None = None) -> list[Entry]:
    """The next entries of a chain above a number, in their order: of one subject, or of all."""
    beyond = ledger.c.n > after
    found = _entries(chain, beyond if subject is None else beyond & (ledger.c.subject == subject))
    return [entry_of(row, None) for row in tx.execute(found.limit(limit))]


def latest(tx: Transaction, chain: str, up_to: int, every: Collection[str], last_of: Collection[str]) -> list[Entry]:
    """Of the entries up to a number: all of the kinds in `every`, and of each subject the last of those in `last_of`.

    These are patterns of LIKE. Where the last word about everything tells all, years of a chain are not read.
    """
    inside = (ledger.c.chain == chain) & (ledger.c.n <= up_to)
    spoken = or_(*(ledger.c.kind.like(kind) for kind in last_of))
    last = select(func.max(ledger.c.n)).where(inside, spoken).group_by(ledger.c.subject)
    return list(_read(tx, chain, (ledger.c.n <= up_to) & or_(ledger.c.kind.in_(every), ledger.c.n.in_(last))))


def _read(tx: Transaction, chain: str, wanted: ColumnElement[Any]) -> Iterator[Entry]:
    for row in tx.execute(_entries(chain, wanted)):
        yield entry_of(row, None)


def _entries(chain: str, wanted: ColumnElement[Any]) -> Select[Any]:
    return select(ledger).where(ledger.c.chain == chain, wanted).order_by(ledger.c.n)
