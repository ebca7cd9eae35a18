"""A customer whose data was erased: what follow-ups forget, what they keep, and that nobody comes back."""

from collections.abc import Iterator
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.events import Envelope
from chassis.events.dead_letters import park
from chassis.events.forgetting import FORGET_PERSONAL
from chassis.events.tables import outbox
from chassis.jobs import JobLoop
from chassis.ledger import verify
from services.followups.app import SERVICE
from services.followups.consumers import consumers
from services.followups.corrections.tables import deal_corrections
from services.followups.credit.tables import credit_lines
from services.followups.people.rules import without_person
from services.followups.people.tables import customers
from services.followups.plans.rules import Due, Reason, plan_of_one_gone
from services.followups.plans.tables import plans
from services.followups.records.rules import visit_of
from services.followups.records.tables import records
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.grep import places_of
from tests.services.synthetic import EAST, deliver, named, open_database, person, rows_of

RECORDS, PLANS, CREDIT, CORRECTIONS = (
    f"/api/v1/followups/{one}" for one in ("records", "plans", "credit", "corrections")
)
LI = person("li", "own", EAST, None, "followups.see", "followups.record")
BOSS = person("boss", "branch", EAST, None, "followups.see", "followups.record", "followups.sign")
WORDS = ["陈大文", "想给女儿", "换了单位", "陈太太说", "陈家合同", "不同意陈"]


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Database]:
    yield from opened(sqlite_url)


@pytest.fixture
def either_office(database_url: str) -> Iterator[Database]:
    """The same on SQLite and on PostgreSQL."""
    yield from opened(database_url)


def opened(url: str) -> Iterator[Database]:
    database = open_database(url, "followups", SERVICE.metadata)
    deliver(database, consumers, [say.branch(), say.staff("li"), say.customer("wang", code="A002")])
    yield database
    database.close()


@pytest.fixture
def ask(office: Database) -> Ask:
    return asking(SERVICE, office)


def done(ask: Ask, who: Any, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = ask(who, "POST", path, json=body, headers={"Idempotency-Key": uuid4().hex})
    assert answer.status_code < 300, answer.get_json()
    return dict(answer.get_json())


def chen(sequence: int = 1, **changes: Any) -> Envelope:
    personal = {"name": "陈大文", "phone": "+8613800138000", "salt": "0"}
    return say.customer("chen", sequence, owner_id=named("li"), personal=personal, **changes)


def visit(name: str, note: str, customer: str = "chen", along: str | None = None) -> Envelope:
    companions = [{"customer_id": named(along), "customer_is_new": True}] if along else []
    personal = {"name": "陈大文", "phone": "+8613800138000", "note": note, "salt": "0"}
    return say.reception(name, customer_id=named(customer), companions=companions, personal=personal)


def erase(database: Database) -> None:
    """The news of the erasure arrives, and the worker does what is left to do after it."""
    deliver(database, consumers, [say.erased("chen")])
    JobLoop(database, [FORGET_PERSONAL]).run_due()


def full(office: Database, ask: Ask) -> None:
    """Chen has visited, come along with Wang, been called and bought; two corrections were refused and asked for."""
    deliver(office, consumers, [chen(), visit("one", "想给女儿买"), visit("two", "陈太太说贵", "wang", along="chen")])
    with office.write() as tx:
        park(tx, chen(2).to_json(), "cannot be handled", 1)
    said = {"customer_id": named("chen"), "method": "电话", "said": "换了单位", "result": "成交", "amount": 100001}
    deal_id = done(ask, LI, RECORDS, said)["followup_id"]
    asked = {"deal_id": deal_id, "amount": 90000, "reason": "陈家合同上写的"}
    first = done(ask, LI, CORRECTIONS, asked)["correction_id"]
    done(ask, BOSS, f"{CORRECTIONS}/{first}/refuse", {"reason": "不同意陈先生"})
    done(ask, LI, CORRECTIONS, asked | {"amount": 80000})


def test_nothing_is_left_of_the_person(either_office: Database) -> None:
    """Every word of the erased customer is gone from every column of every table; the chains verify."""
    office = either_office
    full(office, asking(SERVICE, office))
    before = places_of(office, WORDS)
    assert {one.split(".")[0] for one in before} == (
        {"customers", "records", "deal_corrections", "ledger_personal", "outbox", "dead_letters", "kept_answers"}
    )
    erase(office)
    assert places_of(office, WORDS) == []
    with office.read() as tx:
        assert verify(tx) == []


def test_what_happened_stays(office: Database, ask: Ask) -> None:
    """Days, methods, deals, amounts and shares of credit are as before; a waiting correction is signed as ever."""
    full(office, ask)
    kept = (
        rows_of(office, records, "said"),
        rows_of(office, credit_lines),
        ask(LI, "GET", CREDIT).get_json()["total_cents"],
    )
    erase(office)
    after = (
        rows_of(office, records, "said"),
        rows_of(office, credit_lines),
        ask(LI, "GET", CREDIT).get_json()["total_cents"],
    )
    assert after == kept
    (waiting,) = ask(BOSS, "GET", f"{CORRECTIONS}?state=asked").get_json()["items"]
    assert (waiting["reason"], waiting["amount"]) == (None, 80000)
    done(ask, BOSS, f"{CORRECTIONS}/{waiting['correction_id']}/sign")
    assert ask(LI, "GET", CREDIT).get_json()["total_cents"] == 80000


def test_the_customer_is_shown_as_erased(office: Database, ask: Ask) -> None:
    """Records, plan and credit name the code and say in both languages that the customer was erased; nothing is due."""
    full(office, ask)
    erase(office)
    shown = [one for one in ask(BOSS, "GET", RECORDS).get_json()["items"] if one["customer_id"] == named("chen")]
    shown += ask(LI, "GET", CREDIT).get_json()["items"]
    assert {(one["customer_code"], one["customer_name"], one["customer_erased"]) for one in shown} == {
        ("A001", None, True)
    }
    for language, words in (("zh", "已删除的客户"), ("en", "Erased customer")):
        plan = ask(LI, "GET", f"{PLANS}/{named('chen')}", language=language).get_json()
        assert (plan["customer_erased"], plan["next_due"], plan["why"]["code"]) == (True, None, "erased")
        assert plan["why"]["text"].startswith(words)
    (wang,) = ask(BOSS, "GET", PLANS).get_json()["items"]
    assert (wang["customer_code"], wang["customer_name"], wang["customer_erased"]) == ("A002", "wang", False)


def test_nothing_is_recorded_of_an_erased_customer(office: Database, ask: Ask) -> None:
    """Who records a contact is told to register the person anew, in both languages."""
    full(office, ask)
    erase(office)
    for language in ("zh", "en"):
        body = {"customer_id": named("chen"), "method": "电话", "said": "陈大文来电"}
        answer = ask(LI, "POST", RECORDS, json=body, language=language)
        assert (answer.status_code, code_of(answer)) == (409, "customer_erased")


def test_the_database_lets_only_reasons_be_forgotten(either_office: Database) -> None:
    """Of a decided correction nothing else can be changed, and the reason to nothing but none."""
    office = either_office
    full(office, asking(SERVICE, office))
    for changes in (
        {"reason": None, "answer": None, "amount": 1},
        {"reason": "别的", "answer": None},
        {"answer": "别的"},
    ):
        with pytest.raises(DBAPIError, match="append-only"), office.write() as tx:
            tx.execute(update(deal_corrections).where(deal_corrections.c.state == "refused").values(**changes))


_NEWS = [
    chen(),
    chen(12, grade="A"),
    visit("one", "想给女儿买"),
    visit("two", "陈太太说贵", "wang", along="chen"),
    say.merged("chen2", "chen"),
    say.merged("chen2", "chen", 2, active=False),
    say.erased("chen"),
    say.erased("chen", 10),
]


@settings(max_examples=10, deadline=None)
@given(some.permutations(range(len(_NEWS))), some.randoms(use_true_random=False))
def test_no_order_brings_the_person_back(order: list[int], chance: Random) -> None:
    """Heard in any order, and some of it again, the news leave the same and no word of the person, told or kept."""
    again = chance.sample(order, 3)
    with TemporaryDirectory(dir="/dev/shm") as folder:
        database = open_database(f"sqlite:///{folder}/x.db", "followups", SERVICE.metadata)
        for one in (*order, *again):
            deliver(database, consumers, [_NEWS[one]])
        JobLoop(database, [FORGET_PERSONAL]).run_due()
        assert places_of(database, WORDS) == []
        assert [row[3:5] for row in rows_of(database, customers)] == [(None, "A")]
        stands = [(row[0], row[5], row[7]) for row in rows_of(database, plans) if row[0] == named("chen")]
        assert stands == [(named("chen"), None, "erased")]
        assert len(rows_of(database, records)) == 3
        database.close()


def test_what_is_told_after_the_erasure_names_nobody(office: Database) -> None:
    """A visit that is heard of late is recorded and announced without what was said."""
    deliver(office, consumers, [say.erased("chen"), visit("one", "想给女儿买")])
    with office.read() as tx:
        told = tx.execute(select(outbox.c.body).where(outbox.c.type == "followup.recorded.v1")).scalars().all()
    assert [Envelope.from_json(body).data["personal"] for body in told] == [None]
    assert [row[7] for row in rows_of(office, records)] == [None]


def test_rules_of_forgetting() -> None:
    """Of a copy the name goes; a record's visit is the key up to the companion; of one gone nothing is due."""
    assert without_person({"customer_id": "c", "name": "陈大文", "code": "A1"}) == (
        {"customer_id": "c", "name": None, "code": "A1"}
    )
    assert [visit_of(key) for key in ("r1", "r1/c2")] == ["r1", "r1"]
    assert plan_of_one_gone(Reason.ERASED) == Due(None, None, Reason.ERASED)


def test_what_does_not_name_the_customer_is_told_by_itself(office: Database, ask: Ask) -> None:
    """Whoever keeps what was said to Wang beside Chen, or why deals were corrected, hears of each; once."""
    full(office, ask)
    erase(office)
    deliver(office, consumers, [say.erased("chen", 10)])
    with office.read() as tx:
        told = tx.execute(select(outbox.c.body).where(outbox.c.type.endswith(".erased.v1"))).scalars().all()
        wangs = tx.execute(select(records.c.id).where(records.c.customer_id == named("wang"))).scalars().all()
        corrections = tx.execute(select(deal_corrections.c.id, deal_corrections.c.version)).all()
    announced = sorted((one.subject, one.sequence) for one in map(Envelope.from_json, told))
    assert announced == sorted(
        [(f"followup/{wangs[0]}", 1), *((f"deal_correction/{row.id}", row.version) for row in corrections)]
    )
