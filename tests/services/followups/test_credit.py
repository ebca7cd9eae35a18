"""The credit ledger: what is booked, reversed and shown, and to whom."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.events import Envelope
from chassis.events.tables import outbox
from services.followups.app import SERVICE
from services.followups.credit.tables import credit_lines
from services.followups.records.tables import records
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.followups.crediting import corrected, standing, told, whole_visit
from tests.services.synthetic import EAST, named, person

CREDIT, RECORDS = "/api/v1/followups/credit", "/api/v1/followups/records"
LI, ZHAO = person("li"), person("zhao")
BOSS = person("boss", "branch")


@pytest.fixture
def ask(database: Database) -> Ask:
    """Wang is Li's; Li and Zhao work here."""
    told(database, say.branch(), say.staff("li"), say.staff("zhao"), say.customer("wang", owner_id=named("li")))
    return asking(SERVICE, database)


def deal(ask: Ask, who: Any = LI, **changes: Any) -> dict[str, Any]:
    said = {"customer_id": named("wang"), "method": "现场跟进", "result": "成交", "amount": 100001} | changes
    answer = ask(who, "POST", RECORDS, json=said)
    assert answer.status_code == 201, answer.get_json()
    return dict(answer.get_json())


def ledger(ask: Ask, who: Any, query: str = "", language: str = "en") -> dict[str, Any]:
    answer = ask(who, "GET", f"{CREDIT}{query}", language=language)
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def test_a_deal_entered_before_completion_is_credited_at_completion(ask: Ask, database: Database) -> None:
    """一.6: booked to the owner, it is reversed and halved when the whole visit is completed, each cent told."""
    assert deal(ask)["amount"] == 100001
    assert ledger(ask, LI)["total_cents"] == 100001
    told(database, whole_visit())
    mine, theirs = ledger(ask, LI), ledger(ask, ZHAO)
    assert [line["cents"] for line in mine["items"]] == [100001, -100001, 50001]
    assert mine["items"][1]["reverses"] == mine["items"][0]["line_id"]
    assert (mine["total_cents"], theirs["total_cents"]) == (50001, 50000)
    assert (theirs["items"][0]["parts"], theirs["items"][0]["reception_id"]) == (5000, named("one"))


def test_a_correction_reverses_and_books_again(ask: Ask, database: Database) -> None:
    """After 撞单 the whole deal is the owner's, the lines that said otherwise stay, and what holds is announced."""
    told(database, whole_visit())
    followup_id = deal(ask)["followup_id"]
    told(database, corrected())
    assert [one[:3] for one in standing(database)[followup_id]] == [(named("li"), 10000, 100001)]
    assert ledger(ask, ZHAO)["total_cents"] == 0
    assert len(ledger(ask, ZHAO)["items"]) == 2
    with database.read() as tx:
        bodies = tx.execute(select(outbox.c.body).where(outbox.c.type == "credit.booked.v1").order_by(outbox.c.n))
        events = [Envelope.from_json(body) for body in bodies.scalars()]
    assert [(event.subject, event.sequence) for event in events] == [(f"credit/{followup_id}", n) for n in (1, 2)]
    assert events[-1].data["shares"] == [{"staff_id": named("li"), "parts": 10000, "cents": 100001}]


@pytest.mark.parametrize(("language", "words"), [("en", "odd cent"), ("zh", "业绩各半")])
def test_each_line_says_why(ask: Ask, database: Database, language: str, words: str) -> None:
    """A line has its rule, the rule's version, the reception it rests on, and words in the reader's language."""
    told(database, whole_visit())
    deal(ask)
    (line,) = ledger(ask, LI, language=language)["items"]
    assert words in line["why"]["text"]
    assert (line["why"]["code"], line["rule_version"], line["article"]) == ("half_each", "built-in-1", "一.6")


def test_the_ledger_is_by_the_month_of_signing(ask: Ask) -> None:
    """What was signed in February stands in February, though it is entered in March."""
    deal(ask, deal_date="2026-02-28")
    deal(ask, amount=None)
    assert ledger(ask, LI, "?month=2026-02")["total_cents"] == 100001
    march = ledger(ask, LI)
    assert (march["month"], [line["cents"] for line in march["items"]]) == ("2026-03", [None])
    assert ledger(ask, LI, "?month=2025-12")["items"] == []


def test_the_ledger_comes_in_pages_and_adds_up_by_months(ask: Ask) -> None:
    """Pages skip and repeat no line; the month's total is that of all pages; each month with lines has its total."""
    for amount in (1, 20, 300):
        deal(ask, amount=amount)
    deal(ask, deal_date="2026-02-28", amount=4000)
    first = ledger(ask, LI, "?limit=2")
    rest = ledger(ask, LI, f"?limit=2&after={first['next_after']}")
    assert (len(first["items"]), len(rest["items"]), rest["next_after"]) == (2, 1, None)
    assert sorted(line["cents"] for line in first["items"] + rest["items"]) == [1, 20, 300]
    assert first["total_cents"] == rest["total_cents"] == 321
    year = dict(ask(LI, "GET", f"{CREDIT}/months").get_json())
    assert year["months"] == [
        {"month": "2026-02", "total_cents": 4000, "deals": 1},
        {"month": "2026-03", "total_cents": 321, "deals": 3},
    ]
    assert (year["year"], year["total_cents"]) == (2026, 4321)


def test_a_deal_that_was_taken_back_is_none(ask: Ask, database: Database) -> None:
    """Zhao's half went back to Li: the month says nothing earned, of no deal; Zhao sees nothing of Li's months."""
    told(database, whole_visit())
    deal(ask)
    told(database, corrected())
    (month,) = ask(ZHAO, "GET", f"{CREDIT}/months?year=2026").get_json()["months"]
    assert month == {"month": "2026-03", "total_cents": 0, "deals": 0}
    assert ask(ZHAO, "GET", f"{CREDIT}/months?staff_id={named('li')}").get_json()["months"] == []


def test_ones_ledger_is_ones_own(ask: Ask) -> None:
    """A colleague's lines are as if they were not; who sees the branch sees them."""
    deal(ask)
    query = f"?staff_id={named('li')}"
    assert ledger(ask, ZHAO, query)["items"] == []
    assert ledger(ask, BOSS, query)["total_cents"] == 100001


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=march", "month=0000-01", "month=9999-12", "staff_id=", "year=2026"]
)
def test_a_question_that_cannot_be_answered(ask: Ask, query: str) -> None:
    """A month that is none is refused."""
    answer = ask(LI, "GET", f"{CREDIT}?{query}")
    assert (answer.status_code, code_of(answer)) == (422, "invalid")


def test_an_amount_is_a_deals(ask: Ask) -> None:
    """An amount without a deal, below nothing or in parts of a cent is refused."""
    said = {"customer_id": named("wang"), "method": "电话", "amount": 5}
    for language in ("en", "zh"):
        answer = ask(LI, "POST", RECORDS, json=said, language=language)
        assert (answer.status_code, code_of(answer)) == (422, "amount_without_deal")
    for amount in (-1, 1.5, "100", 10**15 + 1):
        answer = ask(LI, "POST", RECORDS, json=said | {"result": "成交", "amount": amount})
        assert (answer.status_code, code_of(answer)) == (422, "invalid")


def test_nobody_and_the_unpermitted_see_no_credit(ask: Ask) -> None:
    """Without an identity 401, without the permission 403."""
    stranger = person("x", "branch", EAST, None, "customers.see")
    for who, status in ((None, 401), (stranger, 403)):
        assert ask(who, "GET", CREDIT).status_code == status


def test_a_line_is_never_edited(ask: Ask, database: Database) -> None:
    """The database itself refuses to change or delete a line."""
    deal(ask)
    for change in (update(credit_lines).values(cents=1), delete(credit_lines)):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
            tx.execute(change)


def test_companions_are_followed_up_and_credited_too(ask: Ask, database: Database) -> None:
    """Who came along has a record without what the visitor said, and a deal of theirs is ruled on its own."""
    companions = [{"customer_id": named("chen"), "customer_is_new": True}]
    told(database, whole_visit(companions=companions, note="想看三居", progress=45))
    with database.read() as tx:
        kept = tx.execute(select(records.c.customer_id, records.c.said, records.c.progress)).all()
    assert set(map(tuple, kept)) == {(named("wang"), "想看三居", 45), (named("chen"), None, None)}
    deal(ask, ZHAO, customer_id=named("chen"))
    assert ledger(ask, ZHAO)["items"][0]["why"]["code"] == "server"
