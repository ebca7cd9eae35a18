"""Points of customers: earned by facts, once, in any order; spent, never below zero; where they are off, nowhere."""

import json
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Table, delete, event, update
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.events import Envelope
from services.customers.app import SERVICE
from services.customers.points.tables import points_heard, points_notes, points_postings, points_rules
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.customers.house import HEADQUARTERS, LI, MANAGER, SUPERVISOR, announced, person, visit
from tests.services.customers.points_house import (
    BASE,
    KEEPING,
    WANG,
    by_hand,
    holding,
    lines,
    spending,
    spent,
    standing,
    told,
)
from tests.services.customers.test_at_once import at_once
from tests.services.customers.test_candidates import decided
from tests.services.synthetic import EAST, WEST, named, open_database, rows_of


def test_each_line_says_why(keeping: Ask, quick_database: Database) -> None:
    """Deal, visit, referral, by hand, spent and taken back: rule, evidence and day, in Chinese and in English."""
    friend = {"kind": "referral", "known_customer_id": named("wang"), "relation": "other"}
    told(quick_database, say.deal("d1", amount=123_456_78), visit("r2", "friend", phone="+8613900139000", **friend))
    assert by_hand(keeping, -7).status_code == 201
    assert spent(keeping, 20, note="一把雨伞").get_json()["note"] == "一把雨伞"
    told(quick_database, say.deal("d1", 2, amount=0))
    zh, en = lines(keeping), lines(keeping, language="en")
    assert sum(one["points"] for one in zh) == 5 + 12 + 50 - 7 - 20 - 12
    by_points = {one["points"]: (one["text"], two["text"]) for one, two in zip(zh, en, strict=True)}
    assert set(by_points) == {5, 12, 50, -7, -20, -12}
    assert "123,456.78" in by_points[12][0] and "10,000.00 yuan (rules company-1" in by_points[12][1]
    assert "带来一位新客户" in by_points[50][0] and "Visit on 2026-03-02: 5 points" in by_points[5][1]
    assert "更正差错" in by_points[-7][0] and "20 points spent on 2026-03-02: a gift" in by_points[-20][1]
    assert "收回 12 分：2026-03-02 的成交" in by_points[-12][0] and "taken back" in by_points[-12][1]
    brought = next(one for one in zh if one["kind"] == "referral")
    assert brought["facts"] == {"brought_id": named("friend")}
    facts = announced(quick_database, "points.posted.v1")
    of_wang = [fact.data["points"] for fact in facts if fact.data["customer_id"] == named("wang")]
    assert sum(of_wang) == standing(keeping)[0]
    assert "一把雨伞" not in json.dumps([fact.data for fact in facts], ensure_ascii=False)


def test_what_was_spent_before_it_was_taken_back_is_owed(keeping: Ask, quick_database: Database) -> None:
    """The deal is booked with less: the rest is owed, nothing can be spent, and the next points settle it first."""
    told(quick_database, say.deal("d1"))
    assert standing(keeping) == (105, 0)
    assert spent(keeping, 105).status_code == 201
    told(quick_database, say.deal("d1", 2, amount=400_000_00))
    assert standing(keeping) == (0, 60)
    assert code_of(spent(keeping, 1)) == "not_enough_points"
    told(quick_database, say.deal("d2", amount=700_000_00))
    assert standing(keeping) == (10, 0)
    assert code_of(spent(keeping, 11)) == "not_enough_points"
    assert spent(keeping, 10).status_code == 201


_NO_POSTING = (
    ("spendings", {"points": 6, "reason": "gift"}, 409, "not_enough_points"),
    ("spendings", {"points": 0, "reason": "gift"}, 422, None),
    ("spendings", {"points": 1, "reason": "because"}, 422, None),
    ("spendings", {"points": 1}, 422, None),
    ("by-hand", {"points": 1001, "reason": "goodwill"}, 422, "too_many_by_hand"),
    ("by-hand", {"points": -6, "reason": "mistake"}, 409, "not_enough_points"),
    ("by-hand", {"points": 0, "reason": "mistake"}, 422, None),
)


def test_what_cannot_be_posted_is_refused(keeping: Ask) -> None:
    """More than is there, more than the rules let anybody, nothing at all, without a reason of the list."""
    for way, body, status, code in _NO_POSTING:
        answer = keeping(MANAGER, "POST", f"{WANG}/points/{way}", json=body)
        assert (answer.status_code, code_of(answer)) == (status, code or code_of(answer))
    assert standing(keeping) == (5, 0)


def test_a_repeated_request_spends_once(keeping: Ask) -> None:
    """With one Idempotency-Key points are spent once."""
    key = {"headers": {"Idempotency-Key": "umbrella"}}
    first, again = (keeping(SUPERVISOR, "POST", f"{WANG}/points/spendings", json=spending(3), **key) for _ in range(2))
    assert first.get_json() == again.get_json()
    assert standing(keeping) == (2, 0)


def test_out_of_reach_there_is_no_such_customer(keeping: Ask, quick_database: Database) -> None:
    """Each route, asked by another branch and a colleague who may do everything: not found, and nothing is posted."""
    everything = ("customers.see", "customers.edit", "customers.sign", "customers.manage")
    bodies = {"": None, "/postings": None, "/spendings": spending(1), "/by-hand": {"points": 1, "reason": "other"}}
    for who in (person("west", "branch", WEST, *everything), person("chen", "own", EAST, *everything)):
        for way, body in bodies.items():
            answer = keeping(who, "POST" if body else "GET", f"{WANG}/points{way}", json=body)
            assert (answer.status_code, code_of(answer)) == (404, "unknown_customer")
    holding(quick_database, {"visit_points": 9}, WEST)
    assert [one["policy_id"] for one in keeping(LI, "GET", f"{BASE}/points-rules").get_json()["items"]] == ["company"]
    assert code_of(keeping(LI, "GET", f"{BASE}/points-rules/current?branch_id={WEST}")) == "unknown_branch"
    assert len(rows_of(quick_database, points_postings)) == 1


def test_without_the_permission_nothing_is_posted(keeping: Ask) -> None:
    """Salespeople read; who signs lets spend; a manager gives by hand."""
    assert keeping(LI, "GET", f"{WANG}/points").status_code == 200
    assert spent(keeping, 1, who=LI).status_code == 403
    assert by_hand(keeping, 1, who=SUPERVISOR).status_code == 403
    assert keeping(None, "GET", f"{WANG}/points").status_code == 401


def test_merged_customers_have_theirs_together_and_get_them_back(keeping: Ask, quick_database: Database) -> None:
    """One customer: the sum, under either id; two again: each their own, and what was spent stays with who stood."""
    other = f"{BASE}/{named('other')}"
    told(quick_database, visit("r2", "other", name="李四", phone="+8613800138001", minute=1), say.deal("d1"))
    assert (standing(keeping), standing(keeping, other)) == ((105, 0), (5, 0))
    assert decided(keeping, named("wang"), named("other"), same=True).status_code == 200
    assert standing(keeping) == standing(keeping, other) == (110, 0)
    assert [one["customer_id"] for one in lines(keeping, other)].count(named("other")) == 1
    assert spent(keeping, 110, path=other).get_json()["customer_id"] == named("wang")
    assert decided(keeping, named("wang"), named("other"), verb="take-back").status_code == 200
    assert (standing(keeping), standing(keeping, other)) == ((0, 5), (5, 0))


def test_headquarters_reads_one_customers_postings(keeping: Ask, quick_database: Database) -> None:
    """Who may see every branch goes straight to the customer's lines, as everybody does, and not through all lines."""
    asked: list[Any] = []
    event.listen(quick_database.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    assert keeping(HEADQUARTERS, "GET", f"{WANG}/points").status_code == 200
    reads = [one for one in asked if "FROM points_postings" in one[0]]
    with quick_database.read() as tx:
        plans = [str(tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", of).all()) for one, of in reads]
    assert len(plans) == 2
    assert all("points_postings_of (branch_id=? AND customer_id=?" in plan for plan in plans), plans


def test_in_the_bin_nothing_is_spent_and_purged_no_words_stay(keeping: Ask, quick_database: Database) -> None:
    """Restored, the points are as they were; purged, the postings stay as facts without what was said beside them."""
    assert by_hand(keeping, 20).status_code == spent(keeping, 3, note="一把雨伞").status_code == 201
    before = standing(keeping)
    the_bin, bin_of_wang = f"{BASE}/recycle-bin/{named('wang')}", f"{WANG}/recycle-bin"
    assert keeping(MANAGER, "POST", bin_of_wang, json={"reason": "重复"}).status_code == 200
    assert (spent(keeping, 1).status_code, code_of(by_hand(keeping, 1))) == (404, "in_recycle_bin")
    keeping(MANAGER, "POST", f"{the_bin}/restore")
    assert standing(keeping) == before
    keeping(MANAGER, "POST", bin_of_wang, json={"reason": "重复"})
    kept = rows_of(quick_database, points_postings)
    assert keeping(MANAGER, "POST", f"{the_bin}/purge", json={"code": "A001"}).status_code == 204
    assert (rows_of(quick_database, points_postings), rows_of(quick_database, points_notes)) == (kept, [])


def test_forty_spend_at_once(database: Database) -> None:
    """Of forty who spend ten of a hundred, under two ids of one customer, ten do, and nothing is left."""
    holding(database)
    told(database, visit("r1", "wang"), say.deal("d1", amount=900_000_00), visit("r2", "same", minute=1))
    ask = asking(KEEPING, database)
    paths = (WANG, f"{BASE}/{named('same')}")
    answers = at_once(40, lambda n: spent(ask, 10, path=paths[n % 2]).status_code)
    assert sorted(answers) == [201] * 10 + [409] * 30
    assert standing(ask) == (0, 0)
    assert len(announced(database, "points.posted.v1")) == 13


def test_forty_words_about_one_deal_at_once(database: Database) -> None:
    """However they come in, the last word holds: its points stand, and all others are taken back once."""
    holding(database)
    told(database, visit("r1", "wang"))
    events = [say.deal("d1", n, amount=n * 10_000_00) for n in range(1, 41)]
    at_once(40, lambda n: told(database, events[n]))
    assert standing(asking(KEEPING, database)) == (45, 0)
    assert len(rows_of(database, points_postings)) == 1 + 40 + 39


def test_a_posting_is_never_changed(database: Database) -> None:
    """The database itself refuses to change or delete a line of the ledger, or a version of the rules."""
    holding(database)
    told(database, visit("r1", "wang"))
    for table, change in ((points_postings, {"points": 500}), (points_rules, {"n": 7})):
        for statement in (update(table).values(change), delete(table)):
            with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
                tx.execute(statement)


_DEALS = some.tuples(
    some.sampled_from("ab"), some.sampled_from(["wang", "li", None]), some.sampled_from([None, 0, 9, 40])
)
_KINDS = some.sampled_from(["first_visit", "referral"])
_VISITS = some.tuples(_KINDS, some.sampled_from(["wang", "li"]), some.booleans())


def test_who_was_registered_before_brings_nobody_points() -> None:
    """A friend whom reception took for new and the register had: whatever is heard first, the same lines come to 0."""
    friend = {"kind": "referral", "known_customer_id": named("wang"), "customer_is_new": True}
    brought = visit("r2", "friend", minute=5, phone="+8613900139000", **friend)
    says = {**brought.data, "owner_id": None, "companions": []}
    ruled_again = say.event("reception", "reception.credit_corrected.v1", brought.subject, 9, says)
    events = [visit("r1", "older", phone="+8613900139000"), brought, ruled_again]
    ledgers = [_ledger(order)[0] for order in permutations(events)]
    assert all(ledger == ledgers[0] for ledger in ledgers)
    assert [row[3] for row in ledgers[0] if row[2] == named("wang")].count(50) == 2
    assert sum(row[3] for row in ledgers[0] if row[2] == named("wang")) == 0


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(some.lists(_DEALS, max_size=5), some.lists(_VISITS, max_size=3), some.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(deals: Sequence[Any], visits: Sequence[Any], random: Random) -> None:
    """Shuffled, and each told twice, the facts leave the same ledger; and it adds up to what holds in the end."""
    events = _story(deals, visits)
    shuffled = random.sample([*events, *events], 2 * len(events))
    assert _ledger(shuffled) == (ledger := _ledger(events))
    last = {name: (whose, amount) for name, whose, amount in deals}
    for customer in ("wang", "li"):
        by_deals = sum(amount or 0 for whose, amount in last.values() if whose == customer)
        assert sum(row[3] for row in ledger[0] if row[2] == named(customer) and row[4] == "deal") == by_deals


def _story(deals: Sequence[Any], visits: Sequence[Any]) -> list[Envelope]:
    """Words about two deals, and receptions, each ruled again."""
    words = {"a": 0, "b": 0}
    events = []
    for name, whose, amount in deals:
        words[name] += 1
        cents = None if amount is None else amount * 10_000_00
        events.append(say.deal(name, words[name], customer_id=whose and named(whose), amount=cents))
    for n, (kind, by, is_new) in enumerate(visits):
        says = {"kind": kind, "known_customer_id": named(by), "customer_is_new": is_new}
        came = visit(f"r{n}", f"guest {n}", phone=f"+861380013800{n}", **says)
        came.data["companions"] = [{"customer_id": named(f"friend {n}"), "customer_is_new": True}]
        events.append(came)
        again = {**came.data, "kind": "first_visit", "known_customer_id": None, "owner_id": None}
        events.append(say.event("reception", "reception.credit_corrected.v1", came.subject, came.sequence + 1, again))
    return events


def _ledger(events: Sequence[Envelope]) -> list[list[tuple[Any, ...]]]:
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'x.db'}", "customers", SERVICE.metadata)
        holding(database)
        for event in events:
            told(database, event)
        tables: tuple[Table, ...] = (points_postings, points_heard)
        end = [rows_of(database, table) for table in tables]
        database.close()
    return end
