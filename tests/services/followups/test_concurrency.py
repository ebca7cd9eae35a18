"""Two workers of one service, one customer."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.events import Envelope
from chassis.identity import Who, system
from services.followups.consumers import consumers
from services.followups.corrections import actions as corrections
from services.followups.corrections.rules import CorrectionDecided
from services.followups.credit.tables import credit_lines
from services.followups.people.tables import customers
from services.followups.plans.actions import lock_plans
from services.followups.plans.tables import plans
from services.followups.records.tables import records
from tests.services import synthetic as say
from tests.services.synthetic import EAST, deliver, named, person


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


@pytest.mark.parametrize("erased_first", [False, True])
def test_a_visit_and_an_erasure_at_the_same_moment(database: Database, erased_first: bool) -> None:
    """Whichever commits first: neither the name nor what was said is left, and nothing is due."""
    wang = say.customer("wang")
    news = [[say.erased("wang")], [wang, say.reception("one", note="陈太太想看")]]
    first, second = news if erased_first else reversed(news)
    other = Thread(target=deliver, args=(database, consumers, second))
    with database.write() as tx:
        for one in first:
            consumers.handle(tx, one)
        other.start()
        other.join(timeout=0.3)  # as far as it gets while this is not committed
    other.join()
    with database.read() as tx:
        assert tx.execute(select(records.c.said)).scalars().all() == [None]
        assert tx.execute(select(customers.c.name)).scalars().all() == [None]
        assert tx.execute(select(plans.c.reason)).scalars().all() == ["erased"]


_VISIT = say.reception("one", note="想看", credit_rule="half_each", server_id=named("zhao"), original_id=named("li"))
_RULED_AGAIN = say.event("reception", "reception.credit_corrected.v1", _VISIT.subject, _VISIT.sequence + 1, _VISIT.data)


@pytest.mark.parametrize("news", [say.customer("wang", 3, grade="A"), say.erased("wang"), _VISIT, _RULED_AGAIN])
def test_one_customer_under_two_ids_is_held_in_one_order(database: Database, news: Envelope) -> None:
    """Whoever hears of one id waits for whoever records under the other one, without holding what that one wants."""
    other = next(name for name in ("chen", "li", "zhao", "wu") if named(name) < named("wang"))
    deliver(database, consumers, [say.customer("wang"), say.customer(other), say.merged(other, "wang")])
    here, failed = system("followups", EAST), list[Exception]()

    def hear() -> None:
        try:
            deliver(database, consumers, [news])
        except DBAPIError as error:
            failed.append(error)

    hearing = Thread(target=hear)
    with database.write() as tx:
        lock_plans(tx, here, EAST, [named(other)])
        hearing.start()
        hearing.join(timeout=0.3)  # as far as it gets while the first id is held
        lock_plans(tx, here, EAST, [named("wang")])
    hearing.join()
    assert failed == []


def _asked(database: Database) -> str:
    """Wang, Li's, closed a deal that was entered as one of yesterday without an amount; its correction is asked for."""
    deliver(database, consumers, [say.branch(), say.customer("wang", owner_id=named("li"))])
    deliver(database, consumers, [say.sheet_row(1, customer_id=named("wang"), result="成交", deal_date="2026-03-01")])
    with database.write() as tx:
        (deal_id,) = tx.execute(select(credit_lines.c.deal_id)).scalars()
        says = {
            "deal_id": deal_id,
            "deal_date": date(2026, 3, 2),
            "signed_time": None,
            "amount": 101,
            "reason": "今天签的",
        }
        return corrections.ask(tx, person("li", "branch"), says)


def _sums(database: Database) -> dict[str, int]:
    with database.read() as tx:
        lines = tx.execute(select(credit_lines.c.staff_id, credit_lines.c.cents)).all()
    return {name: sum(line.cents or 0 for line in lines if line.staff_id == named(name)) for name in ("li", "zhao")}


def test_a_signature_and_the_days_reception_at_the_same_moment(database: Database) -> None:
    """The whole visit of the day that a signature moves the deal to, completed meanwhile, halves it to the cent."""
    correction_id = _asked(database)
    says = {"credit_rule": "half_each", "server_id": named("zhao"), "original_id": named("li")}
    visit = Thread(target=deliver, args=(database, consumers, [say.reception("one", **says)]))
    with database.write() as tx:
        corrections.sign(tx, person("boss", "branch"), correction_id)
        visit.start()
        visit.join(timeout=0.3)  # as far as it gets while the signature is not committed
    visit.join()
    assert _sums(database) == {"li": 51, "zhao": 50}


def test_two_signatures_at_the_same_moment(database: Database) -> None:
    """The second to come hears that it is decided; the deal is booked again once."""
    correction_id, heard = _asked(database), []

    def sign_too(who: Who) -> None:
        try:
            with database.write() as tx:
                corrections.sign(tx, who, correction_id)
        except CorrectionDecided as refusal:
            heard.append(refusal)

    second = Thread(target=sign_too, args=(person("deputy", "branch"),))
    with database.write() as tx:
        corrections.sign(tx, person("boss", "branch"), correction_id)
        second.start()
        second.join(timeout=0.3)  # as far as it gets while the first is not committed
    second.join()
    assert (len(heard), _sums(database)) == (1, {"li": 101, "zhao": 0})
