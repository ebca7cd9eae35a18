"""Under whom a customer goes on standing when the file of one of their ids is taken over by another."""

from typing import Any

from sqlalchemy import Select, bindparam, select

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.files.rules import File
from services.customers.files.tables import customers


def parent_taken_over(tx: Transaction, who: Who, held: File, customer_id: str, own: File | None) -> str | None:
    """The parent of the file that was `held`, for the id that takes it over; `own`: the file that this id had.

    It keeps its own parent where the other stands under it: by the files themselves nobody goes round in a circle.
    """
    if held.parent_id is None or own is None:  # under an id without a file stands nobody
        return held.parent_id
    line = set(tx.execute(*_upwards(who, bottom=held.parent_id)).scalars())
    return own.parent_id if customer_id in line else held.parent_id


@prepared
def _upwards(who: Who) -> Select[Any]:
    """An id and all that it stands under by the files themselves, whoever was merged since."""
    parent = customers.c.customer_id, customers.c.parent_id
    files = scoped(customers, who)
    line = files.select(*parent).where(customers.c.customer_id == bindparam("bottom")).cte("line", recursive=True)
    further = files.select(*parent).subquery("further")
    line = line.union(select(*further.c).join(line, further.c.customer_id == line.c.parent_id))
    return select(line.c.customer_id)
