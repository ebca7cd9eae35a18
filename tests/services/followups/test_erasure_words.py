"""Words for method, intent, result and salesperson that are nobody's usual ones are forgotten with the customer."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.events import Envelope
from chassis.events.forgetting import FORGET_PERSONAL
from chassis.events.tables import outbox
from chassis.jobs import JobLoop
from services.followups.app import SERVICE
from services.followups.consumers import consumers
from services.followups.credit.tables import credit_lines
from services.followups.records.rules import USUAL, Origin, Record, without_words, words_in
from services.followups.records.tables import records
from tests.services import synthetic as say
from tests.services.asking import asking
from tests.services.grep import places_of
from tests.services.synthetic import EAST, deliver, named, open_database, person, rows_of

FREE = ("method", "intent", "result", "salesperson_name")
WORDS = ["托她表姐带话", "嫌婆婆管得多", "她说再也不来", "她表姐的同学"]
OF_SHEET = dict(zip(FREE, WORDS, strict=True))
LI = person("li", "own", EAST, None, "followups.see", "followups.record")


@pytest.fixture
def office(database_url: str) -> Iterator[Database]:
    yield from opened(database_url)


@pytest.fixture
def quick_office(sqlite_url: str) -> Iterator[Database]:
    yield from opened(sqlite_url)


def opened(url: str) -> Iterator[Database]:
    database = open_database(url, "followups", SERVICE.metadata)
    deliver(database, consumers, [say.branch(), say.staff("li"), say.customer("chen", owner_id=named("li"))])
    yield database
    database.close()


def row(number: int, words: dict[str, str], **changes: Any) -> Envelope:
    """A row as customers announces it: words of somebody's own in `personal`."""
    personal = dict.fromkeys(FREE) | words | {"salt": "0"}
    return say.sheet_row(number, customer_id=named("chen"), personal=personal if words else None, **changes)


def row_of_before(number: int) -> Envelope:
    """A row as an older version announced it: without `personal`, every word in its place."""
    return say.sheet_row(number, customer_id=named("chen"), **OF_SHEET)


def erase(database: Database) -> None:
    deliver(database, consumers, [say.erased("chen")])
    JobLoop(database, [FORGET_PERSONAL]).run_due()


def told(database: Database, kind: str = "followup.recorded.v1") -> list[dict[str, Any]]:
    with database.read() as tx:
        bodies = tx.execute(select(outbox.c.body).where(outbox.c.type == kind).order_by(outbox.c.n)).scalars()
        return [Envelope.from_json(body).data for body in bodies]


def written(database: Database) -> list[list[str | None]]:
    with database.read() as tx:
        found = tx.execute(select(*(records.c[name] for name in FREE)).order_by(records.c.id))
        return [list(one) for one in found]


def test_rows_are_kept_as_they_are_written(quick_office: Database) -> None:
    """Whether a word stands in its place or in `personal`, the record has it, and shows it; it is told in personal."""
    deliver(quick_office, consumers, [row(1, OF_SHEET), row_of_before(2)])
    assert written(quick_office) == [WORDS, WORDS]
    shown = asking(SERVICE, quick_office)(LI, "GET", "/api/v1/followups/records").get_json()["items"]
    assert [[one[name] for name in (*FREE[:3], "salesperson")] for one in shown] == [WORDS, WORDS]
    for one in told(quick_office):
        assert [one[name] for name in FREE] == [None] * 4
        assert [one["personal"][name] for name in (*FREE, "said")] == [*WORDS, None]


def test_words_are_forgotten_and_facts_stay(office: Database) -> None:
    """Erased, no word stands in any table; days, usual words, deals and credit are as before."""
    usual = {"method": "微信", "intent": "确定购买意向", "result": "成交", "followup_date": "2026-03-01"}
    deliver(office, consumers, [row(1, OF_SHEET), row(2, {"salesperson_name": WORDS[3]}, **usual), row_of_before(3)])
    deliver(office, consumers, [row(4, {}, **usual, deal_date="2026-03-01", salesperson_id=named("li"))])
    said = {"customer_id": named("chen"), "method": WORDS[0], "intent": WORDS[1]}
    answer = asking(SERVICE, office)(LI, "POST", "/api/v1/followups/records", json=said)
    assert answer.status_code == 201
    kept = rows_of(office, records, *FREE), rows_of(office, credit_lines)
    assert {one.split(".")[0] for one in places_of(office, WORDS)} == {"records", "outbox"}
    erase(office)
    assert places_of(office, WORDS) == []
    assert (rows_of(office, records, *FREE), rows_of(office, credit_lines)) == kept
    facts = ["微信", "确定购买意向", "成交", None]
    assert sorted(written(office), key=str) == sorted([[None] * 4] * 3 + [facts] * 2, key=str)


def test_no_order_brings_a_word_back(quick_office: Database) -> None:
    """Rows of this version and of an older one, heard before the erasure or after it: no word is kept or told."""
    news = [lambda n: row(n, OF_SHEET), row_of_before, lambda n: say.erased("chen", 9 + n)]
    for n, order in enumerate(permutations(news)):
        deliver(quick_office, consumers, [one(10 * n + place) for place, one in enumerate(order)])
    JobLoop(quick_office, [FORGET_PERSONAL]).run_due()
    assert places_of(quick_office, WORDS) == []
    assert len(written(quick_office)) == 12


def test_a_visitors_intent_is_read_where_it_stands(quick_office: Database) -> None:
    """In its place, or where reception tells it in words of somebody's own in the personal part."""
    personal = {"name": "陈大文", "phone": "+8613800138000", "note": None, "intent": "和女儿一起看", "salt": "0"}
    visits = [say.reception("one", intent="确定购买意向"), say.reception("two", personal=personal)]
    deliver(quick_office, consumers, visits)
    assert {row[1] for row in written(quick_office)} == {"确定购买意向", "和女儿一起看"}


def test_a_visitors_intent_is_forgotten_with_who_came_along(quick_office: Database) -> None:
    """What is put for the visitor's intent may speak of a companion: erased with them, before or after it is heard."""
    for when in (0, 1):
        visit = say.reception(
            f"visit {when}",
            customer_id=named("wang"),
            companions=[{"customer_id": named("chen"), "customer_is_new": True}],
            intent="和女儿一起看",
        )
        deliver(quick_office, consumers, [visit, say.erased("chen")][:: 1 if when == 0 else -1])
    JobLoop(quick_office, [FORGET_PERSONAL]).run_due()
    assert places_of(quick_office, ["和女儿一起看"]) == []
    assert [one["followup_id"] for one in told(quick_office, "followup.erased.v1")] == (
        [one["followup_id"] for one in told(quick_office)[:1]]
    )


def test_the_database_lets_words_be_forgotten_alone(office: Database) -> None:
    """No word is put in another's place, nothing else changed with it, and that a deal was closed stays."""
    deliver(office, consumers, [row(1, OF_SHEET), row(2, {}, result="成交", deal_date="2026-03-01")])
    for which, changes in (
        (WORDS[2], {"method": "电话"}),
        (WORDS[2], {"method": None, "progress": 5}),
        ("成交", {"result": None}),
    ):
        with pytest.raises(DBAPIError, match="append-only"), office.write() as tx:
            tx.execute(update(records).where(records.c.result == which).values(**changes))


def test_rules_of_words() -> None:
    """The sheet's own words for method, intent and result are nobody's; said is always somebody's."""
    usual = Record(EAST, None, None, Origin.PERSON, method="视频", intent="有意向徘徊犹豫", result="未成交")
    assert (words_in(vars(usual)), without_words(usual)) == ({}, usual)
    own = replace(usual, method="短信", said="贵", salesperson_name="业务员1")
    assert words_in(vars(own)) == {"method": "短信", "said": "贵", "salesperson_name": "业务员1"}
    assert without_words(own) == replace(usual, method=None)
    assert set(USUAL) == {*FREE, "said"}
