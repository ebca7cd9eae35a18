"""Two workers of one service, one customer."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import select

from chassis.database import Database
from services.followups.consumers import consumers
from services.followups.plans.tables import plans
from tests.services import synthetic as say
from tests.services.synthetic import deliver, named


@pytest.mark.parametrize("planned_before", [False, True])
def test_news_at_the_same_moment_are_both_heeded(database: Database, planned_before: bool) -> None:
    """A contact and a new grade handled at once by two workers end in the plan that follows from both."""
    if planned_before:
        deliver(database, consumers, [say.reception("earlier", local_day="2026-02-01")])
    graded = Thread(target=deliver, args=(database, consumers, [say.customer("wang", 2, grade="A")]))
    with database.write() as tx:
        consumers.handle(tx, say.reception("one"))
        graded.start()
        graded.join(timeout=0.3)  # as far as it gets while this contact is not committed
    graded.join()
    with database.read() as tx:
        row = tx.execute(select(plans).where(plans.c.customer_id == named("wang"))).one()
    assert (row.grade, row.last_contact, row.next_due) == ("A", date(2026, 3, 2), date(2026, 3, 9))
