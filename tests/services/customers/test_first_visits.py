"""Whose a customer is after a visit (一.6): by the policy of the day, and as it is ruled whose the visit was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from chassis.database import Database
from chassis.events import Envelope
from services.customers.app import SERVICE
from services.customers.files.rules import file_by_ruling, merged_file
from services.customers.ownership.rules import Change, owner_by_visit
from services.customers.policy.rules import BUILT_IN
from services.customers.register.rules import Entry, Kind, Origin
from services.customers.register.rules_of_persons import standings
from services.customers.relations.rules import Ties
from tests.services import synthetic as say
from tests.services.asking import Ask
from tests.services.customers.house import announced, visit
from tests.services.customers.test_ownership import BOSS, LI, decided, given, history, registered
from tests.services.synthetic import NOW, deliver, named

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
POOLED = Change("c1", None, AT - timedelta(days=1), "taken_back")


def entry(key: str, who: str | None, hours: int = 0, origin: Origin = Origin.RECEPTION, **more: Any) -> Entry:
    """A registration of one customer: of 王小明, if nothing else is said."""
    fixed = ("east", "c1", Kind.REGISTERED, AT + timedelta(hours=hours), date(2026, 3, 2), "王小明", "+8613800138000")
    return replace(Entry(key, *fixed, True, who, origin, key), **more)


def owner_of(*entries: Entry) -> str | None:
    (standing,) = standings(entries, Ties())
    return file_by_ruling(standing, None, "A001").owner_id


def test_a_first_visit_makes_its_server_the_owner_unless_policy_says_otherwise() -> None:
    """The usual way is on from the beginning; where it is off the customer is nobody's, and the register's is said."""
    assert BUILT_IN.first_visit_owns
    left = entry("r1", "li", leaves_in_pool=True)
    assert (owner_of(entry("r1", "li")), owner_of(left), left.registered_by) == ("li", None, "li")
    assert owner_of(replace(left, ruled_to="zhao")) is None


def test_each_visit_goes_by_the_policy_of_its_day() -> None:
    """The first visit that makes an owner does; who registers by hand owns whatever is decided about visits."""
    left = entry("r1", "li", leaves_in_pool=True)
    assert owner_of(left, entry("r2", "zhao", 24), entry("r3", "chen", 48)) == "zhao"
    assert owner_of(left, entry("r2", "zhao", 24, leaves_in_pool=True)) is None
    assert owner_of(entry("p0", "chen", -1, Origin.PERSON), left) == "chen"
    assert owner_of(left, entry("p1", "chen", 1, Origin.PERSON)) is None


def test_who_was_left_in_the_pool_is_nobodys_when_merged() -> None:
    """The file of an id that belongs to another customer is nobody's as well, should it stand again."""
    left = entry("r2", "zhao", 1, customer_id="c2", leaves_in_pool=True)
    (standing,) = standings([entry("r1", "li"), left], Ties())
    winner = file_by_ruling(standing, None, "A001")
    assert merged_file(standing, "c2", winner, None).owner_id is None


def test_whose_the_visit_was_owns_a_customer_of_the_pool() -> None:
    """As it is ruled now; not before the customer was there, not where the policy of the day leaves them there."""
    came = entry("r1", "zhao")
    assert owner_by_visit(came, [came], None, [POOLED]) == "zhao"
    ruled = replace(came, ruled_to="li")
    taken = Change("c1", "zhao", AT, "visited")
    assert owner_by_visit(ruled, [ruled], "zhao", [taken, POOLED]) == "li"
    assert owner_by_visit(ruled, [ruled], "chen", [Change("c1", "chen", AT, "assigned"), taken, POOLED]) is None
    left = replace(came, leaves_in_pool=True)
    assert owner_by_visit(left, [left], None, [POOLED]) is None
    assert owner_by_visit(came, [came], None, [replace(POOLED, since=AT + timedelta(seconds=1))]) is None


def test_of_two_who_came_together_the_visitor_counts() -> None:
    """Husband and wife of one file came in one reception: whose the visitor was, in whatever order it is told."""
    visitor, companion = entry("r1", "li"), entry("r1/1", "zhao", customer_id="c2")
    for owner, changes in ((None, [POOLED]), ("li", [Change("c1", "li", AT, "visited"), POOLED])):
        assert owner_by_visit(visitor, [companion, visitor], owner, changes) == "li"
        assert owner_by_visit(companion, [companion, visitor], owner, changes) is None


def nobody_by_visit(ask: Ask) -> None:
    decided(ask, first_visit_owns=False)  # from 3 March


def tomorrow(reception: str, customer: str, server: str = "li", **changes: Any) -> Envelope:
    return visit(reception, customer, server, minute=24 * 60, local_day="2026-03-03", **changes)


def test_a_first_visit_leaves_the_customer_in_the_pool(quick_ask: Ask, quick_database: Database) -> None:
    """Where it was decided so, from that day on: registered by who served, owned by nobody; told twice, the same."""
    nobody_by_visit(quick_ask)
    other = {"name": "陈大文", "phone": "+8613900139000"}
    came = [{"customer_id": named("c3"), "name": "李小红", "phone": "+8613900139001"}]
    heard = [tomorrow("r2", "c2", **other, companions=came), visit("r1", "c1", minute=-1)]
    deliver(quick_database, SERVICE.consumers, heard * 2)
    pool = quick_ask(LI, "GET", "/api/v1/customers/pool").get_json()["items"]
    assert {one["customer_id"] for one in pool} == {named("c2"), named("c3")}
    assert history(quick_ask, named("c1")) == [(named("li"), "registered")]
    read = quick_ask(BOSS, "GET", f"/api/v1/customers/{named('c2')}/register").get_json()
    assert (read["ruling"]["registered_by"], history(quick_ask, named("c2"))) == (named("li"), [])
    owners = {fact.data["customer_id"]: fact.data["owner_id"] for fact in announced(quick_database, _NEW)}
    assert owners == {named("c1"): named("li"), named("c2"): None, named("c3"): None}


_NEW = "customer.registered.v1"


def test_nor_does_a_visit_take_anybody_out_of_the_pool(quick_ask: Ask, quick_database: Database) -> None:
    """It would count as a first one (一.6): whom a manager put there stays there as well, on such a day."""
    nobody_by_visit(quick_ask)
    (one,) = registered(quick_ask, 1)
    given(quick_ask, one, None)
    again = tomorrow("r1", "c1", name="客户0", phone="+8613900000000")
    again.data["customer_id"] = one
    deliver(quick_database, SERVICE.consumers, [again])
    assert history(quick_ask, one)[-1] == (None, "taken_back")


def ruled(reception: str, owner: str, sequence: int = 5) -> Envelope:
    """It was ruled again whose visitor it was who was served by zhao."""
    again = visit(reception, "c1", "zhao", minute=3, owner_id=named(owner), credit_rule="owner", companions=[])
    data = again.data | {"companions": []}
    return say.event("reception", "reception.credit_corrected.v1", again.subject, sequence, data)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_ruling_moves_whom_the_visit_took_out_of_the_pool(
    quick_ask: Ask, quick_database: Database, order: Sequence[int]
) -> None:
    """撞单: heard in any order, whom the visit took out of the pool is the one's whom the latest ruling says."""
    deliver(quick_database, SERVICE.consumers, [visit("r1", "c1", "chen", minute=-5)])
    given(quick_ask, named("c1"), None)
    events = [visit("r2", "c1", "zhao", minute=3), ruled("r2", "chen"), ruled("r2", "li", 6)]
    deliver(quick_database, SERVICE.consumers, [events[one] for one in order])
    assert history(quick_ask, named("c1"))[-1] == (named("li"), "visited")
    line = quick_ask(BOSS, "GET", f"/api/v1/customers/{named('c1')}/owners").get_json()["owners"][-1]
    assert datetime.fromisoformat(line["since"]) == NOW + timedelta(minutes=3)


def test_a_ruling_moves_nobody_else(quick_ask: Ask, quick_database: Database) -> None:
    """Not whom a manager has given to somebody since, not to one who has left, not by a visit that took nobody out."""
    one = named("c1")
    heard = [visit("r1", "c1", "chen", minute=-5)]
    deliver(quick_database, SERVICE.consumers, heard)
    given(quick_ask, one, None)
    deliver(quick_database, SERVICE.consumers, [visit("r2", "c1", "zhao", minute=3), say.staff("li", 2, active=False)])
    deliver(quick_database, SERVICE.consumers, [ruled("r2", "li")])
    assert history(quick_ask, one)[-1] == (named("zhao"), "visited")
    deliver(quick_database, SERVICE.consumers, [visit("r3", "c1", "zhao", minute=4), ruled("r3", "chen", 6)])
    assert history(quick_ask, one)[-1] == (named("zhao"), "visited")
    given(quick_ask, one, "boss")
    deliver(quick_database, SERVICE.consumers, [ruled("r2", "chen", 7)])
    assert history(quick_ask, one)[-1] == (named("boss"), "assigned")
