"""What is asked under the id of a relative (一.5) concerns the relative: their own name, phone and registrations."""

from typing import Any

import pytest

from chassis.database import Database
from services.customers.app import SERVICE
from tests.services.asking import Ask, code_of
from tests.services.customers.house import CHEN, LI, MANAGER, PHONE, SUPERVISOR, ZHAO, imported, visit
from tests.services.customers.test_amendments import OTHER_PHONE, asked, decided, read, registered
from tests.services.customers.test_candidates import decided as judged
from tests.services.customers.test_candidates import near
from tests.services.customers.test_families import asked as related
from tests.services.customers.test_families import decided as confirmed
from tests.services.customers.test_import_customers import workbook
from tests.services.customers.test_registering_again import again, says
from tests.services.synthetic import deliver, named

THIRD_PHONE = "+8613700137000"


@pytest.fixture
def couple(quick_ask: Ask) -> tuple[str, str]:
    """王先生 and 李小红, whose registration counts and so is the one that holds: one customer of li's."""
    husband = registered(quick_ask, name="王先生")["customer_id"]
    wife = registered(quick_ask, name="李小红", phone=OTHER_PHONE)["customer_id"]
    relation = related(quick_ask, husband, wife).get_json()["relation_id"]
    assert confirmed(quick_ask, relation).status_code == 200
    assert read(quick_ask, husband)["customer_id"] == wife
    return husband, wife


def parted(ask: Ask, customer_id: str) -> None:
    relation = read(ask, customer_id, "/relations")["items"][0]["relation_id"]
    assert confirmed(ask, relation, "end", reason="不是夫妻").status_code == 200


def entries(ask: Ask, customer_id: str) -> list[tuple[str, str, str]]:
    told = read(ask, customer_id, "/register")["entries"]
    return [(one["customer_id"], one["name"], one["phone"]) for one in told]


def assert_each_has_their_own_phone(ask: Ask, husband: str, wife: str) -> None:
    told = entries(ask, wife)
    assert {(customer_id, phone) for customer_id, _name, phone in told} == {(husband, PHONE), (wife, OTHER_PHONE)}
    assert len(told) == 2 + 3


def test_a_relative_is_registered_again_as_themselves(quick_ask: Ask, couple: tuple[str, str]) -> None:
    """The full name comes with the relative's own phone, under their id; apart again each has their own."""
    husband, wife = couple
    assert again(quick_ask, husband, name="王小明").status_code == 201
    assert entries(quick_ask, wife)[-1] == (husband, "王小明", PHONE)
    parted(quick_ask, wife)
    assert says(quick_ask, husband) == ("王小明", PHONE)
    assert says(quick_ask, wife) == ("李小红", OTHER_PHONE)


def test_a_relative_s_name_and_phone_are_not_replaced_either(quick_ask: Ask, couple: tuple[str, str]) -> None:
    """What is registered of the relative decides, not of the one whose registration holds; nor does one get the other's
    phone, which would make one person of two."""
    husband, wife = couple
    assert code_of(again(quick_ask, husband, name="王小明", phone=THIRD_PHONE)) == "registered_otherwise"
    assert code_of(again(quick_ask, wife, name="王小明")) == "registered_otherwise"
    assert code_of(again(quick_ask, wife, name="李小红", phone=PHONE)) == "phone_held"
    assert len(entries(quick_ask, wife)) == 2


def test_a_signed_change_of_a_relative_changes_the_relative(quick_ask: Ask, couple: tuple[str, str]) -> None:
    """Asked for under the husband's id it is compared with what is registered of him, and counts for him."""
    husband, wife = couple
    wish = asked(quick_ask, husband, phone=THIRD_PHONE).get_json()
    assert wish["customer_id"] == husband
    assert code_of(asked(quick_ask, husband, phone=PHONE)) == "nothing_to_amend"
    assert code_of(asked(quick_ask, husband, phone=OTHER_PHONE)) == "phone_held"
    assert decided(quick_ask, wish["amendment_id"]).status_code == 200
    assert entries(quick_ask, wife)[-1] == (husband, "王先生", THIRD_PHONE)
    assert says(quick_ask, wife) == ("李小红", OTHER_PHONE)
    parted(quick_ask, wife)
    assert says(quick_ask, husband) == ("王先生", THIRD_PHONE)
    assert says(quick_ask, wife) == ("李小红", OTHER_PHONE)


def test_a_change_asked_for_before_they_were_one_customer_stays_their_own(quick_ask: Ask) -> None:
    """The relation is confirmed between request and signature: the change is the husband's all the same."""
    husband = registered(quick_ask, name="王先生")["customer_id"]
    wife = registered(quick_ask, name="李小红", phone=OTHER_PHONE)["customer_id"]
    wish = asked(quick_ask, husband, phone=THIRD_PHONE).get_json()["amendment_id"]
    confirmed(quick_ask, related(quick_ask, husband, wife).get_json()["relation_id"])
    assert decided(quick_ask, wish).status_code == 200
    parted(quick_ask, wife)
    assert (says(quick_ask, husband)[1], says(quick_ask, wife)[1]) == (THIRD_PHONE, OTHER_PHONE)


def test_whose_relative_it_is_sees_and_acts(ask: Ask) -> None:
    """Who sees the customer that the relative stands for reads, signs and asks; whose the relative was does not."""
    wife = registered(ask, name="李小红", phone=OTHER_PHONE)["customer_id"]
    husband = registered(ask, CHEN, name="王先生")["customer_id"]
    confirmed(ask, related(ask, wife, husband).get_json()["relation_id"])
    wish = asked(ask, husband, MANAGER, phone=THIRD_PHONE).get_json()["amendment_id"]
    for who, seen in ((LI, [wish]), (SUPERVISOR, [wish]), (CHEN, []), (ZHAO, [])):
        waiting = ask(who, "GET", "/api/v1/customers/amendments").get_json()["items"]
        assert [one["amendment_id"] for one in waiting] == seen, who
    assert ask(CHEN, "POST", f"/api/v1/customers/{husband}/register", json={"name": "王小明"}).status_code == 404
    assert decided(ask, wish, SUPERVISOR).status_code == 200


def test_one_and_the_same_person_is_who_stands_for_them(quick_ask: Ask, quick_database: Database) -> None:
    """Decided to be the same, or by one phone: name and phone are those of the registration that holds, and what is
    said comes under its id; of a relative with two ids, under the one whose registration holds of theirs."""
    first, other = registered(quick_ask, phone=None)["customer_id"], near(quick_ask, LI)
    judged(quick_ask, first, other, same=True)
    assert read(quick_ask, first)["customer_id"] == other
    assert again(quick_ask, first, name="李四").status_code == 201
    assert entries(quick_ask, first)[-1] == (other, "李四", "+8613800138001")
    wish: Any = asked(quick_ask, first, name="李思").get_json()
    assert (wish["customer_id"], wish["phone"]) == (other, None)
    earlier = visit("r1", "early", name="陈大文", phone=THIRD_PHONE, minute=-60)
    deliver(quick_database, SERVICE.consumers, [earlier])
    confirmed(quick_ask, related(quick_ask, first, named("early")).get_json()["relation_id"])
    assert read(quick_ask, first)["customer_id"] == named("early")
    assert again(quick_ask, first, name="李四").status_code == 201
    assert entries(quick_ask, first)[-1] == (other, "李四", "+8613800138001")


def test_who_comes_is_registered_as_themselves_though_family(
    quick_ask: Ask, quick_database: Database, couple: tuple[str, str]
) -> None:
    """Reception tells of the customer, who are both; by whose phone they came, alone or along, decides who it was."""
    husband, wife = couple
    came = visit("r1", "", customer_id=wife, name="王小明", minute=60)
    along = {"customer_id": wife, "name": "王小明", "phone": PHONE}
    both = visit("r2", "", customer_id=wife, name="李小红", phone=OTHER_PHONE, minute=90, companions=[along])
    deliver(quick_database, SERVICE.consumers, [came, both])
    assert_each_has_their_own_phone(quick_ask, husband, wife)
    parted(quick_ask, wife)
    assert says(quick_ask, husband)[1] == PHONE
    assert says(quick_ask, wife) == ("李小红", OTHER_PHONE)


def test_a_row_of_a_sheet_is_registered_as_the_relative_whose_phone_it_says(
    quick_ask: Ask, quick_database: Database, couple: tuple[str, str]
) -> None:
    """The report names the customer; what the register gets is the relative's, so that the two can be parted again."""
    husband, wife = couple
    rows = [["王小明", PHONE, "li"], ["李小红", OTHER_PHONE, "zhao"], ["王小明", PHONE, "zhao"]]
    report = imported(quick_ask, quick_database, workbook(rows, ["客户姓名", "联系电话", "业务员"]))
    assert report["counts"]["known_customer"] == 3
    assert {row["customer_id"] for row in report["rows"]} == {read(quick_ask, wife)["customer_id"]}
    assert_each_has_their_own_phone(quick_ask, husband, wife)
    parted(quick_ask, wife)
    assert says(quick_ask, husband)[1] == PHONE
    assert says(quick_ask, wife) == ("李小红", OTHER_PHONE)
