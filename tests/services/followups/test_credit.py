"""The credit ledger: what is booked, reversed and shown, whatever order things are heard in."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.events import Envelope
from chassis.events.tables import outbox
from services.followups.app import SERVICE
from services.followups.consumers import consumers
from services.followups.credit.tables import credit_lines
from services.followups.records.tables import records
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.synthetic import EAST, deliver, named, open_database, person, rows_of

CREDIT, RECORDS = "/api/v1/followups/credit", "/api/v1/followups/records"
LI, ZHAO = person("li"), person("zhao")
BOSS = person("boss", "branch")


def whole_visit(name: str = "one", sequence: int = 4, **changes: Any) -> Envelope:
    """Wang, Li's old customer, was served the whole visit by Zhao."""
    says = {"kind": "returning", "role": "whole_visit", "credit_rule": "half_each", "server_id": named("zhao")}
    return say.reception(
        name, **says | {"original_id": named("li"), "owner_id": named("li")} | changes, sequence=sequence
    )


def corrected(sequence: int = 5, **changes: Any) -> Envelope:
    """It was ruled again: the original was on duty."""
    says = {"reception_id": named("one"), "credit_rule": "owner", "owner_id": named("li")} | changes
    again = whole_visit(**says)
    return say.event("reception", "reception.credit_corrected.v1", again.subject, sequence, again.data)


def told(database: Database, *events: Envelope) -> None:
    deliver(database, consumers, events)


def standing(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """The lines of each deal that are not reversed: (who, parts, cents, reason)."""
    with database.read() as tx:
        lines = tx.execute(select(credit_lines)).mappings().all()
    gone = {line["reverses"] for line in lines} | {line["id"] for line in lines if line["reverses"]}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for line in sorted(lines, key=lambda line: (line["deal_id"], line["n"])):
        if line["id"] not in gone:
            says = (line["staff_id"], line["parts"], line["cents"], line["reason"], line["evidence"])
            found.setdefault(line["deal_id"], []).append(says)
    return found


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
    assert (line["why"]["code"], line["rule_version"]) == ("half_each", "built-in-1")


def test_the_ledger_is_by_the_month_of_signing(ask: Ask) -> None:
    """What was signed in February stands in February, though it is entered in March."""
    deal(ask, deal_date="2026-02-28")
    deal(ask, amount=None)
    assert ledger(ask, LI, "?month=2026-02")["total_cents"] == 100001
    march = ledger(ask, LI)
    assert (march["month"], [line["cents"] for line in march["items"]]) == ("2026-03", [None])
    assert ledger(ask, LI, "?month=2025-12")["items"] == []


def test_ones_ledger_is_ones_own(ask: Ask) -> None:
    """A colleague's lines are as if they were not; who sees the branch sees them."""
    deal(ask)
    query = f"?staff_id={named('li')}"
    assert ledger(ask, ZHAO, query)["items"] == []
    assert ledger(ask, BOSS, query)["total_cents"] == 100001


@pytest.mark.parametrize("query", ["month=2026-13", "month=march", "month=0000-01", "staff_id=", "year=2026"])
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


def story() -> list[Envelope]:
    """Around Wang: receptions, corrections, owners, merges and deals, in the order they happened."""
    of = (("wang", "2026-03-02"), ("wang2", "2026-03-02"), ("wang", "2026-03-03"), ("chen", "2026-03-02"))
    deals = [
        say.sheet_row(n, customer_id=named(who), result="成交", deal_date=day, salesperson_id=named("mo"))
        for n, (who, day) in enumerate(of)
    ]
    companions = [{"customer_id": named("chen"), "customer_is_new": False}]
    return [
        say.branch(),
        say.branch(sequence=2, time_zone="Asia/Urumqi"),
        say.customer("wang", 1, owner_id=named("li")),
        whole_visit(companions=companions),
        deals[0],
        say.customer("wang", 2, owner_id=None),
        whole_visit("two", credit_rule="server", completed_at="2026-03-02T18:00:00+00:00"),
        deals[1],
        corrected(companions=companions),
        say.merged("wang2", "wang"),
        say.customer("chen", 1, owner_id=named("sun")),
        deals[2],
        deals[3],
        say.merged("wang2", "wang", 2, active=False),
        say.customer("wang", 3, owner_id=named("sun")),
        say.customer("wang2", 1, owner_id=named("zhao")),
    ]


def ends_with(events: list[Envelope], chance: Random | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """What stands after these events, the ledger having added up to the whole after each batch."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'x.db'}", "followups", SERVICE.metadata)
        batch: list[Envelope] = []
        for event in events:
            batch.append(event)
            if chance is not None and chance.random() < 0.4:
                told(database, *batch)
                batch = []
                assert all(sum(line[1] for line in lines) == 10000 for lines in standing(database).values())
        told(database, *batch)
        stands = standing(database)
        database.close()
    return stands


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(some.randoms(use_true_random=False))
def test_order_and_repetition_move_no_credit(chance: Random) -> None:
    """Shuffled, repeated and cut into batches anyhow, the same events leave every deal with the same people."""
    events = story()
    mixed = events + chance.sample(events, chance.randrange(len(events)))
    chance.shuffle(mixed)
    expected = ends_with(events)
    assert len(expected) == 4
    assert ends_with(mixed, chance) == expected


_HEARD = some.lists(
    some.sampled_from(
        [whole_visit(), corrected(), whole_visit("two", credit_rule="server"), say.customer("wang", 2, owner_id=None)]
    ),
    max_size=6,
)


@settings(max_examples=12, deadline=None)
@given(some.none() | some.integers(0, 10**15), _HEARD)
def test_the_ledger_adds_up_to_every_amount(amount: int | None, heard: list[Envelope]) -> None:
    """Whatever is heard after a deal of any amount, all lines of it add up to the whole, to the cent."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'x.db'}", "followups", SERVICE.metadata)
        told(database, say.branch(), say.staff("li"), say.customer("wang", owner_id=named("li")))
        deal(asking(SERVICE, database), amount=amount)
        for event in heard:
            told(database, event)
            lines = rows_of(database, credit_lines)
            names = [column.name for column in credit_lines.c]
            parts, cents = names.index("parts"), names.index("cents")
            assert sum(line[parts] for line in lines) == 10000
            assert sum(line[cents] or 0 for line in lines) == (amount or 0)
        database.close()
