"""Following the register's news: a reception whose customer turned out to be another says so."""

from chassis.database import Transaction
from chassis.identity import Who
from services.reception.people.views import local_time
from services.reception.receptions.telling import change
from services.reception.receptions.views import locked_hall_of, reception_of
from services.reception.reconciliation import views
from services.reception.reconciliation.rules import Reconciled


def reconcile(
    tx: Transaction, who: Who, branch_id: str, customer_id: str, phone: str | None = None
) -> list[Reconciled]:
    """The register told of this customer (with this phone): whichever receptions it concerns say whose they are now.

    Answers what changed. The state in the end is the same in whatever order the news came. Halls are locked only where
    something changes, one after the other by their ids.
    """
    found = []
    for row in views.concerned(tx, who, branch_id, customer_id, phone):
        wanted = views.stands_for(tx, who, branch_id, row["customer_id"])
        if wanted != row["reconciled_with"]:
            locked_hall_of(tx, who, row["id"])
            change(tx, who, reception_of(tx, who, row["id"]), {"reconciled_with": wanted})
            same_day = local_time(tx, who, branch_id).date() == row["local_day"]
            owner_id = views.owner_of(tx, who, branch_id, wanted)
            found.append(Reconciled(row["id"], wanted, owner_id, same_day))
    return found
