"""Families over HTTP (一.5): asked for by anybody, confirmed by a manager, one customer, and two again."""

from typing import Any

import pytest

from chassis.database import Database
from chassis.identity import Who
from chassis.ledger import verify
from services.customers.files.tables import aliases
from tests.services.asking import Ask, code_of
from tests.services.customers.house import HEADQUARTERS, LI, MANAGER, SUPERVISOR, ZHAO, announced, person
from tests.services.customers.test_amendments import WEST_MANAGER, read, registered
from tests.services.synthetic import named, rows_of

BASE = "/api/v1/customers"


@pytest.fixture
def couple(quick_ask: Ask) -> tuple[str, str]:
    """Li's 王小明, registered first, and Zhao's 李小红: husband and wife, as nobody knows yet."""
    husband = registered(quick_ask)["customer_id"]
    return husband, registered(quick_ask, ZHAO, name="李小红", phone="13900139000")["customer_id"]


def asked(ask: Ask, customer_id: str, relative_id: str, kind: str = "spouse", who: Who = LI) -> Any:
    body = {"relative_id": relative_id, "kind": kind}
    return ask(who, "POST", f"{BASE}/{customer_id}/relations", json=body)


def decided(ask: Ask, relation_id: str, verb: str = "confirm", who: Who = MANAGER, **body: Any) -> Any:
    return ask(who, "POST", f"{BASE}/relations/{relation_id}/{verb}", json=body or None)


def codes(ask: Ask) -> list[tuple[str, str]]:
    """(code, owner) of every customer of the branch that stands for itself."""
    return sorted((one["code"], one["owner_id"]) for one in ask(MANAGER, "GET", BASE).get_json()["items"])


def test_a_family_is_one_customer_once_a_manager_confirms_it(
    quick_ask: Ask, quick_database: Database, couple: tuple[str, str]
) -> None:
    """一.5: until then nothing happens; from then the first registered holds, and the other's is told why not."""
    husband, wife = couple
    before = codes(quick_ask)
    relation = asked(quick_ask, husband, wife).get_json()
    assert (relation["state"], codes(quick_ask)) == ("asked", before)
    confirmed = decided(quick_ask, relation["relation_id"]).get_json()
    assert (confirmed["state"], confirmed["decided_by"]) == ("confirmed", named("boss"))
    assert codes(quick_ask) == [("A001", named("li"))]
    assert read(quick_ask, wife)["customer_id"] == husband
    told = quick_ask(MANAGER, "GET", f"{BASE}/{wife}/register", language="zh").get_json()["ruling"]
    (loser,) = told["losers"]
    assert (told["article"], loser["kin"], loser["registered_by"]) == ("一.5", "spouse", named("zhao"))
    assert loser["text"] == "登记的是其配偶，亲属视为同一客户（制度 一.5）。 登记得更晚（制度 一.5）。"
    (merged,) = announced(quick_database, "customer.merged.v1")
    expected = {"loser_id": wife, "winner_id": husband, "active": True, "article": "一.5", "rule": "first_registered"}
    assert merged.data | expected == merged.data
    facts = announced(quick_database, "relation.changed.v1")
    assert [(fact.sequence, fact.data["state"]) for fact in facts] == [(1, "asked"), (2, "confirmed")]


def test_a_relation_that_ends_gives_both_files_back(
    quick_ask: Ask, quick_database: Database, couple: tuple[str, str]
) -> None:
    """Both stand again with their codes, owners, phones and what was set by hand; nothing of the history is gone."""
    husband, wife = couple
    graded = quick_ask(ZHAO, "PATCH", f"{BASE}/{wife}", json={"grade": "A"}, headers={"If-Match": '"1"'})
    assert graded.status_code == 200
    before, herself = codes(quick_ask), read(quick_ask, wife)
    relation_id = asked(quick_ask, wife, husband, who=ZHAO).get_json()["relation_id"]
    decided(quick_ask, relation_id)
    ended = decided(quick_ask, relation_id, "end", reason="不是夫妻").get_json()
    assert (ended["state"], ended["reason"]) == ("ended", "不是夫妻")
    assert codes(quick_ask) == before
    assert read(quick_ask, wife) | {"version": 0} == herself | {"version": 0}
    assert [row[3] for row in rows_of(quick_database, aliases)] == [False]
    assert [fact.data["active"] for fact in announced(quick_database, "customer.merged.v1")] == [True, False]
    assert [one["state"] for one in read(quick_ask, wife, "/relations")["items"]] == ["ended"]
    assert code_of(decided(quick_ask, relation_id, "end", reason="x")) == "already_decided"
    decided(quick_ask, asked(quick_ask, husband, wife).get_json()["relation_id"])
    assert len(codes(quick_ask)) == 1
    with quick_database.read() as tx:
        assert verify(tx) == []


def test_siblings_in_laws_and_friends_are_noted_only(quick_ask: Ask, couple: tuple[str, str]) -> None:
    """一.5 names husbands, wives, parents, children and fiancés; nobody else is the same customer."""
    relation = asked(quick_ask, *couple, kind="other").get_json()
    assert decided(quick_ask, relation["relation_id"]).get_json()["state"] == "confirmed"
    assert len(codes(quick_ask)) == 2


def test_a_parent_s_child_has_a_parent(quick_ask: Ask, couple: tuple[str, str]) -> None:
    """From either side the relation is read as what the other is to the one."""
    one, other = couple
    relation = asked(quick_ask, one, other, "parent").get_json()
    assert relation["relation_id"]
    assert [item["kind"] for item in read(quick_ask, one, "/relations")["items"]] == ["parent"]
    (item,) = read(quick_ask, other, "/relations")["items"]
    assert (item["kind"], item["kind_name"], item["relative_id"]) == ("child", "child", one)


def test_who_asks_does_not_confirm(quick_ask: Ask, couple: tuple[str, str]) -> None:
    """A manager confirms what somebody else asked for; a supervisor confirms nothing."""
    relation = asked(quick_ask, *couple, who=MANAGER).get_json()
    assert code_of(decided(quick_ask, relation["relation_id"])) == "own_request"
    assert code_of(decided(quick_ask, relation["relation_id"], who=SUPERVISOR)) == "permission_missing"
    assert decided(quick_ask, relation["relation_id"], "refuse", HEADQUARTERS, reason="没有结婚证").status_code == 200
    assert len(codes(quick_ask)) == 2
    again = asked(quick_ask, *couple).get_json()["relation_id"]
    assert code_of(asked(quick_ask, couple[1], couple[0], who=ZHAO)) == "relation_known"
    assert code_of(decided(quick_ask, again, "end", reason="x")) == "already_decided"
    assert decided(quick_ask, again).status_code == 200


def test_who_may_ask_whom(quick_ask: Ask, couple: tuple[str, str]) -> None:
    """About a customer in reach, with any other of the branch; not with oneself, nor with anybody of another branch."""
    husband, wife = couple
    there = registered(quick_ask, person("west", "branch", WEST_MANAGER.branch_id))["customer_id"]
    assert code_of(asked(quick_ask, husband, husband)) == "not_two"
    assert code_of(asked(quick_ask, husband, there)) == "unknown_customer"
    assert code_of(asked(quick_ask, wife, husband)) == "unknown_customer"
    assert code_of(asked(quick_ask, husband, there, who=HEADQUARTERS)) == "unknown_customer"
    relation = asked(quick_ask, husband, wife).get_json()["relation_id"]
    for verb, body in (("confirm", {}), ("refuse", {"reason": "x"}), ("end", {"reason": "x"})):
        assert code_of(decided(quick_ask, relation, verb, WEST_MANAGER, **body)) == "unknown_relation"
    assert quick_ask(WEST_MANAGER, "GET", f"{BASE}/{husband}/relations").status_code == 404
    seen = {who.actor_id: quick_ask(who, "GET", f"{BASE}/relations?state=asked") for who in (LI, ZHAO, WEST_MANAGER)}
    counts = [len(answer.get_json()["items"]) for answer in seen.values()]
    assert counts == [1, 1, 0]
