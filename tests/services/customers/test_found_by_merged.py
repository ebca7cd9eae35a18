"""Customers who became one are found by the contacts and tags of both at once, and each by their own once more."""

from typing import Any

import pytest

from chassis.database import Database
from services.customers.app import SERVICE
from tests.services.asking import Ask
from tests.services.customers.house import LI, MANAGER, ZHAO, visit
from tests.services.customers.test_amendments import registered
from tests.services.customers.test_contacts import add
from tests.services.customers.test_families import asked, decided
from tests.services.synthetic import deliver, named

BASE = "/api/v1/customers"


@pytest.fixture
def couple(ask: Ask) -> tuple[str, str]:
    """Li's 王小明 with the contact 欧阳雪, and Zhao's 李小红 with 司马光; by their readings, each found by one word."""
    husband = registered(ask)["customer_id"]
    wife = registered(ask, ZHAO, name="李小红", phone="13900139000")["customer_id"]
    for who, one, name, phone in ((LI, husband, "欧阳雪", "13700137001"), (ZHAO, wife, "司马光", "13700137002")):
        body = {"name": name, "phones": [phone]}
        assert ask(who, "POST", f"{BASE}/{one}/contacts", json=body).status_code == 201
    return husband, wife


def found(ask: Ask, text: str) -> list[str]:
    items = ask(MANAGER, "POST", f"{BASE}/search", json={"text": text}).get_json()["items"]
    return [one["customer_id"] for one in items if one["exact"]]


def one_family(ask: Ask, one: str, other: str) -> str:
    relation_id = str(asked(ask, one, other).get_json()["relation_id"])
    assert decided(ask, relation_id).status_code == 200
    return relation_id


def contacts(ask: Ask, customer_id: str) -> dict[str, Any]:
    items = ask(MANAGER, "GET", f"{BASE}/{customer_id}/contacts").get_json()["items"]
    return {one["name"]: one for one in items}


def test_contacts_come_along_and_go_back(ask: Ask, couple: tuple[str, str]) -> None:
    """Under the winner from the merge on, by name, reading and phone, and under each their own when it is undone."""
    husband, wife = couple
    relation_id = one_family(ask, husband, wife)
    words = ("欧阳雪", "司马光", "simaguang", "13700137002")
    assert [found(ask, word) for word in words] == [[husband]] * 4
    assert (found(ask, "王小明"), found(ask, "李小红")) == ([husband], [])
    decided(ask, relation_id, "end", reason="不是夫妻")
    assert [found(ask, word) for word in words] == [[husband], [wife], [wife], [wife]]
    one_family(ask, husband, wife)
    assert [found(ask, word) for word in words] == [[husband]] * 4


def test_what_changes_while_they_are_one_stays_with_whom_it_was_told_of(ask: Ask, couple: tuple[str, str]) -> None:
    """A contact of hers is changed, one is added and hers is deleted: found as they stand, before and after."""
    husband, wife = couple
    relation_id = one_family(ask, husband, wife)
    hers = contacts(ask, husband)["司马光"]
    path = f"{BASE}/{husband}/contacts"
    one = f"{path}/{hers['contact_id']}"
    assert ask(MANAGER, "PATCH", one, json={"name": "诸葛亮"}, headers={"If-Match": '"1"'}).status_code == 200
    add(ask, path, "慕容复")
    assert [found(ask, word) for word in ("司马光", "诸葛亮", "慕容复")] == [[], [husband], [husband]]
    decided(ask, relation_id, "end", reason="不是夫妻")
    assert [found(ask, word) for word in ("司马光", "诸葛亮", "慕容复")] == [[], [wife], [husband]]
    one_family(ask, husband, wife)
    assert ask(MANAGER, "DELETE", one).status_code == 204
    assert found(ask, "诸葛亮") == []


def test_they_come_along_to_whoever_registered_first(ask: Ask, database: Database, couple: tuple[str, str]) -> None:
    """A visit heard of late was his, and earlier: all stand for its id, which is found by the contacts of all."""
    one_family(ask, *couple)
    deliver(database, SERVICE.consumers, [visit("r0", "c0", "chen", minute=-60)])
    assert [found(ask, word) for word in ("欧阳雪", "司马光", "王小明")] == [[named("c0")]] * 3
