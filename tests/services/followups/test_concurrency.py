"""Two workers of one service, one customer."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import select

from chassis.database import Database
from services.followups.consumers import consumers
from services.followups.credit.tables import credit_lines
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


def test_a_deal_and_its_reception_at_the_same_moment(database: Database) -> None:
    """A deal recorded while its whole visit is completed is credited by it, whichever commits first."""
    deliver(database, consumers, [say.branch(), say.customer("wang", owner_id=named("li"))])
    says = {"credit_rule": "half_each", "server_id": named("zhao"), "original_id": named("li")}
    visit = Thread(target=deliver, args=(database, consumers, [say.reception("one", **says)]))
    with database.write() as tx:
        consumers.handle(tx, say.sheet_row(1, customer_id=named("wang"), result="成交", deal_date="2026-03-02"))
        visit.start()
        visit.join(timeout=0.3)  # as far as it gets while this deal is not committed
    visit.join()
    with database.read() as tx:
        lines = tx.execute(select(credit_lines.c.staff_id, credit_lines.c.parts)).all()
    shares = {
        person: sum(line.parts for line in lines if line.staff_id == person) for person in map(named, ("li", "zhao"))
    }
    assert shares == {named("li"): 5000, named("zhao"): 5000}
