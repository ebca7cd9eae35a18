"""Following the register's news: a reception whose customers turned out to be others says so."""

from collections.abc import Collection

from sqlalchemy import Update, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.receptions.tables import party
from services.reception.receptions.telling import change
from services.reception.receptions.views import locked_hall_of, reception_of
from services.reception.reconciliation import views


def reconcile(tx: Transaction, who: Who, branch_id: str, customer_id: str, phones: Collection[str] = ()) -> None:
    """The register told of this customer (of these phones): whichever receptions it concerns say whose they are now.

    So of the visitor and of each who came along. The state in the end is the same in whatever order the news came.
    Halls are locked only where something changes, one after the other by their ids.
    """
    for row in views.concerned(tx, who, branch_id, customer_id, phones):
        wanted = views.stands_for(tx, who, branch_id, row["customer_id"])
        along = views.companions_to_change(tx, who, branch_id, row["id"])
        if wanted != row["reconciled_with"] or along:
            locked_hall_of(tx, who, row["id"])
            for n, stands_for in along.items():
                tx.execute(*_companion(who, reception=row["id"], nth=n, reconciled_with=stands_for))
            change(tx, who, reception_of(tx, who, row["id"]), {"reconciled_with": wanted})


@prepared
def _companion(who: Who) -> Update:
    one = party.c.reception_id == bindparam("reception"), party.c.n == bindparam("nth")
    return scoped(party, who).update().where(*one)
