"""The history of owners when several ids stand for one customer: of all of them, whichever id wins."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chassis.clock import StandingClock
from chassis.database import Database, scoped
from chassis.events import Envelope
from chassis.identity import system
from services.customers.app import SERVICE
from services.customers.files.owner_lines import note_parted
from services.customers.files.tables import owners
from services.customers.files.views import files_of
from tests.services import synthetic as say
from tests.services.asking import Ask
from tests.services.customers.house import imported, visit
from tests.services.customers.test_families import asked as related
from tests.services.customers.test_families import decided as confirmed
from tests.services.customers.test_ownership import BASE, BOSS, CHEN, LI, ZHAO, draw, given, history, later
from tests.services.synthetic import EAST, NOW, deliver, named

FULL, PHONE = "王小明", "+8613800138000"


def by_hand(ask: Ask, who: Any = LI, name: str = "王先生", phone: str = PHONE) -> str:
    answer = ask(who, "POST", BASE, json={"name": name, "phone": phone})
    return str(answer.get_json()["customer_id"])


def owner_of(ask: Ask, customer_id: str) -> str | None:
    owner: str | None = ask(BOSS, "GET", f"{BASE}/{customer_id}/owners").get_json()["owner_id"]
    return owner


def waits_until(ask: Ask, who: Any) -> str | None:
    """Until when somebody waits for the one customer of the pool."""
    (listed,) = ask(who, "GET", f"{BASE}/pool").get_json()["items"]
    until: str | None = listed["cooling_off_until"]
    return until


def visited(customer: str, reception: str, server: str, minute: int, **changes: Any) -> Envelope:
    """王小明 was received, under an id of the caller's."""
    came = visit(reception, reception, server, FULL, minute=minute, **changes)
    came.data["customer_id"] = customer
    return came


def ruled(customer: str, reception: str, owner: str, minute: int) -> Envelope:
    """It was ruled again whose visit this was."""
    came = visited(customer, reception, "boss", minute, owner_id=named(owner), credit_rule="owner")
    data = came.data | {"companions": []}
    return say.event("reception", "reception.credit_corrected.v1", came.subject, 5, data)


def test_a_first_visit_under_another_id_takes_a_customer_out_of_the_pool(ask: Ask, database: Database) -> None:
    """Reception had not heard of 王先生: the id with the full name wins, its server owns, and the history is whole."""
    known = by_hand(ask)
    given(ask, known, None)
    deliver(database, SERVICE.consumers, [visited(named("c2"), "r1", "zhao", 5)])
    lines = [(named("li"), "registered"), (None, "taken_back"), (named("zhao"), "visited")]
    for one in (known, named("c2")):
        assert history(ask, one) == lines
    deliver(database, SERVICE.consumers, [visited(named("c2"), "r2", "chen", 9)])
    assert history(ask, known) == lines
    assert owner_of(ask, known) == named("zhao")


@pytest.mark.parametrize("order", list(permutations(range(4))))
@pytest.mark.parametrize("ids", [("c1", "c2", "c3"), ("hand", "c2", "hand")])
def test_whose_it_is_depends_on_the_time_of_the_visits_alone(
    quick_ask: Ask, quick_database: Database, ids: Sequence[str], order: Sequence[int]
) -> None:
    """Whatever ids the visits came under and in whatever order they are heard: the first since the pool, as ruled."""
    known = by_hand(quick_ask)
    given(quick_ask, known, None)
    before, first, second = (known if one == "hand" else named(one) for one in ids)
    events = [
        visited(before, "r0", "boss", -30),
        visited(first, "r1", "chen", 5),
        visited(second, "r2", "boss", 9),
        ruled(first, "r1", "zhao", 5),
    ]
    deliver(quick_database, SERVICE.consumers, [events[one] for one in order])
    assert owner_of(quick_ask, known) == named("zhao")
    assert history(quick_ask, known)[-1] == (named("zhao"), "visited")
    given(quick_ask, known, None)
    assert [waits_until(quick_ask, who) for who in (ZHAO, CHEN)] == ["2026-04-01", None]


def test_whom_nobody_ever_owned_is_the_first_servers(quick_ask: Ask, quick_database: Database) -> None:
    """A sheet brought them without a salesperson, and a manager put them into the pool where they were: a visit
    takes them out of it.
    """
    imported(quick_ask, quick_database, "姓名,电话\n王先生,13800138000\n".encode())
    (listed,) = quick_ask(LI, "GET", f"{BASE}/pool").get_json()["items"]
    given(quick_ask, listed["customer_id"], None)
    deliver(quick_database, SERVICE.consumers, [visited(named("c2"), "r1", "zhao", 5)])
    assert history(quick_ask, named("c2")) == [(named("zhao"), "visited")]


def test_a_new_id_takes_nothing_from_the_owner_s_time(quick_ask: Ask, quick_database: Database) -> None:
    """Chen has the customer since the fiftieth day; an earlier registration heard late wins, and the days count on."""
    deliver(quick_database, SERVICE.consumers, [visited(named("c2"), "r2", "zhao", 0)])
    later(quick_database, 50)
    given(quick_ask, named("c2"), "chen")
    later(quick_database, 52)
    deliver(quick_database, SERVICE.consumers, [visited(named("c1"), "r1", "li", -60)])
    assert history(quick_ask, named("c1")) == [(named("zhao"), "registered"), (named("chen"), "assigned")]
    later(quick_database, 103)
    assert quick_ask(CHEN, "GET", f"{BASE}/going-back").get_json()["items"] == []
    later(quick_database, 104)
    (warned,) = quick_ask(CHEN, "GET", f"{BASE}/going-back").get_json()["items"]
    assert (warned["customer_id"], warned["idle_since"]) == (named("c1"), "2026-04-21")


def couple(ask: Ask) -> tuple[str, str, str]:
    """Li's husband A001 and Zhao's wife A002, one customer since a manager confirmed it, and the relation."""
    husband, wife = by_hand(ask, name=FULL), by_hand(ask, ZHAO, "李小红", "13900139000")
    relation = related(ask, husband, wife).get_json()["relation_id"]
    assert confirmed(ask, relation).status_code == 200
    return husband, wife, relation


def test_who_loses_a_customer_by_a_merge_is_told_so(quick_ask: Ask, quick_database: Database) -> None:
    """A line says it in words; and Zhao waits like any former owner, from the day of the merge on."""
    husband, wife, _relation = couple(quick_ask)
    told = quick_ask(BOSS, "GET", f"{BASE}/{wife}/owners", language="zh").get_json()
    lines = [(line["customer_id"], line["former_id"], line["owner_id"], line["because"]) for line in told["owners"]]
    assert lines == [
        (husband, None, named("li"), "registered"),
        (wife, None, named("zhao"), "registered"),
        (wife, named("zhao"), named("li"), "merged"),
    ]
    assert told["owners"][-1]["because_text"] == "并入另一位客户，随那位客户归属。"
    quick_database.clock = StandingClock(NOW + timedelta(days=10))
    given(quick_ask, husband, None)
    assert [waits_until(quick_ask, who) for who in (ZHAO, LI, CHEN)] == ["2026-04-01", "2026-04-11", None]


def test_a_merge_that_is_undone_gives_each_their_history_back(quick_ask: Ask, quick_database: Database) -> None:
    """The customer was Zhao's, joined Li's and is Zhao's again; Li, who had her by the merge alone, lost nothing."""
    husband, wife, relation = couple(quick_ask)
    later(quick_database, 10)
    confirmed(quick_ask, relation, "end", reason="不是夫妻")
    assert history(quick_ask, husband) == [(named("li"), "registered")]
    lines = [(named("zhao"), "registered"), (named("li"), "merged"), (named("zhao"), "parted")]
    assert history(quick_ask, wife) == lines
    given(quick_ask, wife, None)
    assert [waits_until(quick_ask, who) for who in (ZHAO, LI)] == ["2026-04-11", None]
    again = related(quick_ask, husband, wife).get_json()["relation_id"]
    confirmed(quick_ask, again)
    assert history(quick_ask, wife)[-1] == (named("li"), "merged")
    assert owner_of(quick_ask, wife) == named("li")


def hours(database: Database, many: int) -> None:
    database.clock = StandingClock(NOW + timedelta(hours=many))


def test_whoever_comes_back_alone_stands_in_the_pool_as_before(quick_ask: Ask, quick_database: Database) -> None:
    """She was in the pool, joined Li's and does so no more: a visit of before, told only now, was a first one."""
    husband, wife = by_hand(quick_ask, name=FULL), by_hand(quick_ask, ZHAO, "李小红", "13900139000")
    given(quick_ask, wife, None)
    hours(quick_database, 5)
    relation = related(quick_ask, husband, wife).get_json()["relation_id"]
    confirmed(quick_ask, relation)
    hours(quick_database, 9)
    confirmed(quick_ask, relation, "end", reason="不是夫妻")
    assert history(quick_ask, wife)[1:] == [(None, "taken_back"), (named("li"), "merged"), (None, "parted")]
    hers = visit("r1", "r1", "chen", "李小红", phone="+8613900139000", minute=120)
    hers.data["customer_id"] = wife
    deliver(quick_database, SERVICE.consumers, [hers])
    assert history(quick_ask, wife)[-1] == (named("chen"), "visited")


def test_lines_that_are_older_than_their_order_hinder_nothing(quick_ask: Ask, quick_database: Database) -> None:
    """Older lines have no place among each other, and may name last who never was the owner: nothing is added."""
    one, who = by_hand(quick_ask, name=FULL), system("customers", EAST)
    older = {"branch_id": EAST, "since": NOW - timedelta(hours=1), "because": "ruled", "owner_id": named("chen")}
    with quick_database.write() as tx:
        tx.execute(*scoped(owners, who).new(older | {"customer_id": named("c2"), "version": 1, "change_id": "z"}))
        note_parted(tx, who, files_of(tx, who, {one})[one], [one, named("c2")])
    assert history(quick_ask, one) == [(named("li"), "registered")]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_was_never_the_owner_by_right_waits_for_nothing(
    quick_ask: Ask, quick_database: Database, order: Sequence[int]
) -> None:
    """Li had registered earlier, whenever that is heard: Zhao is no former owner, and draws at once."""
    events = [visited(named("c1"), "r1", "li", 0), visited(named("c2"), "r2", "zhao", 5)]
    deliver(quick_database, SERVICE.consumers, [events[one] for one in order])
    assert owner_of(quick_ask, named("c2")) == named("li")
    assert history(quick_ask, named("c2"))[-1][0] == named("li")
    given(quick_ask, named("c1"), None)
    assert [waits_until(quick_ask, who) for who in (LI, ZHAO)] == ["2026-04-01", None]
    assert draw(quick_ask, ZHAO, 1).get_json()["given"] == [named("c1")]
