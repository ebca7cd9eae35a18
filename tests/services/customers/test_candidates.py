"""Customers who may be one, over HTTP: listed, decided by a person, remembered, taken back (rule 4 of the register)."""

from typing import Any

import pytest

from chassis.database import Database
from chassis.identity import Who
from services.customers.app import SERVICE
from services.customers.relations.rules import pair
from tests.services.asking import Ask, code_of
from tests.services.customers.house import CHEN, HEADQUARTERS, LI, MANAGER, SUPERVISOR, ZHAO, announced, person, visit
from tests.services.customers.test_amendments import WEST_MANAGER, read, registered
from tests.services.customers.test_at_once import at_once
from tests.services.customers.test_families import asked as related
from tests.services.customers.test_families import codes
from tests.services.customers.test_families import decided as confirmed
from tests.services.synthetic import WEST, deliver, named

BASE = "/api/v1/customers"


def near(ask: Ask, who: Who = ZHAO, **body: Any) -> str:
    """Somebody whose phone is one digit off 王小明's."""
    return str(registered(ask, who, **{"name": "李四", "phone": "13800138001"} | body)["customer_id"])


def decided(ask: Ask, one: str, other: str, who: Who = MANAGER, verb: str = "decide", **body: Any) -> Any:
    path = f"{BASE}/{one}/candidates/{other}/{verb}"
    return ask(who, "POST", path, json={"reason": "问过本人"} | body)


def listed(ask: Ask, who: Who = MANAGER) -> list[tuple[str, list[str]]]:
    items = ask(who, "GET", f"{BASE}/candidates").get_json()["items"]
    return [
        (item["customer"]["customer_id"], [one["customer"]["customer_id"] for one in item["others"]]) for item in items
    ]


def test_who_may_be_one_is_listed_until_somebody_decides(quick_ask: Ask, quick_database: Database) -> None:
    """A near phone and a same name: told in what they are alike, masked; not the same is remembered with its reason."""
    first, near_one = registered(quick_ask)["customer_id"], near(quick_ask)
    namesake = registered(quick_ask, CHEN, phone="13700137111")["customer_id"]
    registered(quick_ask, CHEN, name="赵六", phone="13500135222")
    assert sorted(listed(quick_ask)) == sorted([(near_one, [first]), (namesake, [first])])
    told = read(quick_ask, first, "/candidates")["others"]
    assert {one["customer"]["customer_id"]: one["alike"] for one in told} == {
        near_one: ["near_phone"],
        namesake: ["same_name"],
    }
    verdict = decided(quick_ask, first, namesake, same=False).get_json()
    assert (verdict["same"], verdict["active"], verdict["reason"]) == (False, True, "问过本人")
    assert listed(quick_ask) == [(near_one, [first])]
    assert [one["same"] for one in read(quick_ask, namesake, "/candidates")["decided"]] == [False]
    assert len(codes(quick_ask)) == 4
    (fact,) = announced(quick_database, "candidate.decided.v1")
    assert (fact.sequence, fact.data["same"], fact.data["active"]) == (1, False, True)


def test_the_same_person_is_one_customer_and_two_when_it_is_taken_back(
    quick_ask: Ask, quick_database: Database
) -> None:
    """The first registered holds; taken back both stand again with their codes, and are candidates once more."""
    first, other = registered(quick_ask)["customer_id"], near(quick_ask)
    before = codes(quick_ask)
    assert decided(quick_ask, other, first, same=True).status_code == 200
    assert (codes(quick_ask), listed(quick_ask)) == ([("A001", named("li"))], [])
    assert read(quick_ask, other)["customer_id"] == first
    back = decided(quick_ask, first, other, verb="take-back").get_json()
    assert (back["active"], back["version"]) == (False, 2)
    assert (codes(quick_ask), listed(quick_ask)) == (before, [(other, [first])])
    assert [fact.data["active"] for fact in announced(quick_database, "customer.merged.v1")] == [True, False]
    assert code_of(decided(quick_ask, first, other, verb="take-back")) == "already_decided"


def test_one_full_name_with_one_tail_is_one_customer_until_somebody_says_no(quick_ask: Ask) -> None:
    """Rule 4: 王小明 …8000 twice is one customer without asking; a person may part them, and that stays."""
    first = registered(quick_ask)["customer_id"]
    told = registered(quick_ask, ZHAO, name="王 小明", phone="15912348000")
    assert (told["customer_id"], told["is_new"], told["code"]) == (first, False, "A001")
    other = read(quick_ask, first, "/register")["entries"][1]["customer_id"]
    assert decided(quick_ask, first, other, same=False).status_code == 200
    assert codes(quick_ask) == [("A001", named("li")), ("A002", named("zhao"))]
    registered(quick_ask, ZHAO, name="王小明", phone="15912348000")
    assert len(codes(quick_ask)) == 2


def test_what_was_decided_about_who_was_merged_is_found_and_taken_back(quick_ask: Ask) -> None:
    """Of two who are the same, one's relative holds: their customer lists what was decided about the two, under either
    id, and about one of them and a third; taken back it is listed as that."""
    head = registered(quick_ask, CHEN, name="陈大文", phone="13700137000")["customer_id"]
    first, other = registered(quick_ask)["customer_id"], near(quick_ask)
    third = registered(quick_ask, CHEN, phone="13600136111")["customer_id"]
    assert decided(quick_ask, other, third, same=False).status_code == 200
    assert decided(quick_ask, first, other, same=True).status_code == 200
    relation = related(quick_ask, head, first, who=CHEN).get_json()["relation_id"]
    assert confirmed(quick_ask, relation).status_code == 200
    for one in (head, first, other):
        told = read(quick_ask, one, "/candidates")
        assert told["customer"]["customer_id"] == head
        pairs = {(verdict["first_id"], verdict["second_id"]) for verdict in told["decided"]}
        assert pairs == {pair(other, third), pair(first, other)}
    assert decided(quick_ask, first, other, verb="take-back").status_code == 200
    assert read(quick_ask, other)["customer_id"] == other
    assert [one["active"] for one in read(quick_ask, head, "/candidates")["decided"]] == [False]


def test_one_phone_is_one_customer_whoever_says_what(quick_ask: Ask, quick_database: Database) -> None:
    """Nobody parts by a word whom a phone makes one; nobody is compared with oneself, or takes back what none said."""
    deliver(quick_database, SERVICE.consumers, [visit("r1", "c1"), visit("r2", "c2", "zhao", minute=1)])
    one, other = named("c1"), named("c2")
    assert code_of(decided(quick_ask, one, other, same=False)) == "same_phone"
    assert code_of(decided(quick_ask, one, one, same=False)) == "not_two"
    assert code_of(decided(quick_ask, one, other, verb="take-back")) == "unknown_candidate"
    assert codes(quick_ask) == [("A001", named("li"))]


def test_headquarters_sees_across_branches_and_a_branch_does_not(quick_ask: Ask) -> None:
    """A near phone in another branch: headquarters is told, neither branch learns of it, and nobody merges the two."""
    here = near(quick_ask)
    there = near(quick_ask, person("west", "branch", WEST), phone="13800138002")
    assert listed(quick_ask) == listed(quick_ask, WEST_MANAGER) == []
    (found,) = listed(quick_ask, HEADQUARTERS)
    assert {found[0], *found[1]} == {here, there}
    assert read(quick_ask, here, "/candidates")["others"] == []
    assert code_of(decided(quick_ask, here, there, HEADQUARTERS, same=True)) == "not_two"
    assert code_of(decided(quick_ask, here, there, same=True)) == "unknown_customer"
    assert quick_ask(WEST_MANAGER, "GET", f"{BASE}/{here}/candidates").status_code == 404


@pytest.mark.parametrize(("who", "code"), [(LI, "permission_missing"), (SUPERVISOR, "unknown_customer")])
def test_who_may_not_decide(quick_ask: Ask, who: Who, code: str) -> None:
    """A salesperson decides nothing; a supervisor nothing about a customer of another team, whom they do not see."""
    first, other = registered(quick_ask)["customer_id"], near(quick_ask, CHEN)
    assert code_of(decided(quick_ask, first, other, who, same=True)) == code
    assert code_of(decided(quick_ask, first, other, who, "take-back")) == code
    assert listed(quick_ask, who) == []


def test_eight_decide_about_the_same_two(ask: Ask) -> None:
    """Four say the same and four say not: one word holds, the others are told that it is decided."""
    first, other = registered(ask)["customer_id"], near(ask)
    deciders = [person(f"d{n}", "branch", MANAGER.branch_id, *MANAGER.permissions) for n in range(8)]
    answers = at_once(8, lambda n: decided(ask, first, other, deciders[n], same=n % 2 == 0).status_code)
    assert sorted(answers) == [200] + [409] * 7
    (verdict,) = read(ask, first, "/candidates")["decided"]
    assert len(codes(ask)) == (1 if verdict["same"] else 2)
