"""Reading halls and the order of their lines."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.ledger import entries
from chassis.web import Page, paginate
from services.reception.rotation.tables import halls, places


class UnknownHall(Exception):
    """There is no such hall within reach."""


def halls_of(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """The halls in reach, by name."""
    return paginate(tx, scoped(halls, who).select(), [halls.c.name, halls.c.id], page)


def hall_of(tx: Transaction, who: Who, hall_id: str, *, lock: bool = False) -> RowMapping:
    """One hall, locked if it is to be changed; raises UnknownHall."""
    row = tx.execute(*(_locked_hall if lock else _one_hall)(who, hall=hall_id)).mappings().first()
    if row is None:
        raise UnknownHall
    return row


def open_halls(tx: Transaction, who: Who) -> Sequence[RowMapping]:
    """All halls in reach that are in use."""
    return tx.execute(scoped(halls, who).select().where(halls.c.active).order_by(halls.c.id)).mappings().all()


def order_of(tx: Transaction, who: Who, hall_id: str) -> list[str]:
    """The hall's salespeople from the head of the line."""
    return list(tx.execute(*_staff_in_order(who, hall=hall_id)).scalars())


def line_entries(tx: Transaction, hall_id: str) -> list[tuple[int, dict[str, Any]]]:
    """What the register says of the line: numbered bodies, oldest first; what `rules.replayed` takes."""
    of_line = entries(tx, chain_of(hall_id), f"line/{hall_id}")
    return [(entry.n, dict(entry.body)) for entry in of_line if entry.kind == "line"]


def chain_of(hall_id: str) -> str:
    """The chain of the ledger in which everything of a hall stands."""
    return f"hall/{hall_id}"


@prepared
def _one_hall(who: Who) -> Select[Any]:
    return scoped(halls, who).select().where(halls.c.id == bindparam("hall"))


@prepared
def _locked_hall(who: Who) -> Select[Any]:
    return scoped(halls, who).select().where(halls.c.id == bindparam("hall")).with_for_update()


@prepared
def _staff_in_order(who: Who) -> Select[Any]:
    here = scoped(places, who).select(places.c.staff_id).where(places.c.hall_id == bindparam("hall"))
    return here.order_by(places.c.rank)
