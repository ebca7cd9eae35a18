"""All phones by which the register recognises a customer: in the file, in answers, in the search, and announced."""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from chassis.database import Database
from chassis.identity import Who
from services.customers.app import SERVICE
from tests.services.asking import Ask
from tests.services.customers.erasing import BOSS, after_the_jobs, erase, file_of, sent
from tests.services.customers.house import LI, MANAGER, PHONE, ZHAO, announced, furnished, person, visit
from tests.services.customers.test_amendments import OTHER_PHONE, asked, decided, read, registered
from tests.services.customers.test_candidates import decided as judged
from tests.services.customers.test_families import asked as related
from tests.services.customers.test_families import decided as confirmed
from tests.services.customers.test_finding_api import counted
from tests.services.grep import where_they_stand
from tests.services.synthetic import EAST, deliver, named

BASE = "/api/v1/customers"
THIRD = "+8615912348000"
"""It ends as the first does: with the same full name it is the same person."""

ASSISTANT = person("assistant", "branch", EAST, "customers.see", "customers.reveal")
"""Sees the branch's customers, and no whole phone."""


def with_two(ask: Ask, **body: Any) -> str:
    """Li's 王小明, registered once more with another phone; answers the id."""
    customer_id = str(registered(ask, **body)["customer_id"])
    again = sent(ask, LI, "POST", f"/{customer_id}/register", 201, json={"name": "王小明", "phone": "13900139000"})
    assert again["phones"] == [PHONE, OTHER_PHONE]
    return customer_id


def found(ask: Ask, who: Who, **question: str) -> list[str]:
    items = ask(who, "POST", f"{BASE}/search", json=question).get_json()["items"]
    return [one["customer_id"] for one in items if one["exact"]]


def told(database: Database, customer_id: str) -> list[dict[str, str]]:
    """The further phones of which the last word of a customer tells."""
    facts = [*announced(database, "customer.registered.v1"), *announced(database, "customer.changed.v1")]
    of_them = [fact for fact in facts if fact.data["customer_id"] == customer_id]
    phones: list[dict[str, str]] = max(of_them, key=lambda fact: fact.sequence).data["personal"]["other_phones"]
    return phones


def test_a_second_phone_is_kept_answered_and_announced(ask: Ask, database: Database) -> None:
    """In the order of registration, the file's own first; with the word that changed it, once."""
    customer_id = with_two(ask)
    for path in ("", "/register"):
        assert OTHER_PHONE in str(read(ask, customer_id, path))
    file = read(ask, customer_id)
    assert (file["phone"], file["phones"]) == (PHONE, [PHONE, OTHER_PHONE])
    assert "other_phones" not in file
    (fact,) = announced(database, "customer.changed.v1")
    assert fact.data["personal"]["other_phones"] == [{"customer_id": customer_id, "phone": OTHER_PHONE}]
    registered(ask, phone="13900139000")
    assert len(announced(database, "customer.changed.v1")) == 1
    listed = sent(ask, LI, "GET", "")["items"]
    searched = ask(MANAGER, "POST", f"{BASE}/searches/run", json={"conditions": []}).get_json()["items"]
    assert [one["phones"] for one in (*listed, *searched)] == [[PHONE, OTHER_PHONE]] * 2


def test_who_has_one_phone_costs_what_they_cost(quick_ask: Ask, quick_database: Database) -> None:
    """Nothing is kept beside the phone, nothing told, and no statement is run for it; who has none has none."""
    with counted(quick_database) as statements:
        one = registered(quick_ask)
    assert [text for text, _ in statements if "other_phones" in text and not text.startswith("INSERT INTO cust")] == []
    nobody = registered(quick_ask, name="李四", phone=None)
    assert (one["phones"], nobody["phones"], nobody["phone"]) == ([PHONE], [], None)
    assert [file_of(quick_database, each["customer_id"]).other_phones for each in (one, nobody)] == [[], []]
    assert told(quick_database, one["customer_id"]) == []


@pytest.mark.parametrize("who", [LI, MANAGER], ids=["owner", "manager"])
def test_any_phone_finds(ask: Ask, who: Who) -> None:
    """Whole, in parts, by the last digits: as by the first one."""
    customer_id = with_two(ask)
    for question in ({"phone": "139 0013 9000"}, {"phone": "9000"}, {"text": "13900139000"}, {"text": "390013"}):
        assert found(ask, who, **question) == [customer_id], question
    assert found(ask, who, text="13800013900") == found(ask, who, text="80001390") == []


def test_the_others_are_masked_as_the_first_is(ask: Ask) -> None:
    """Who may not read phones sees four digits of each, finds them whole or by these, and reveals all by one reveal;
    who does not see the customer is told of none."""
    customer_id = with_two(ask)
    masked = ["138****8000", "139****9000"]
    assert read(ask, customer_id, who=ASSISTANT)["phones"] == masked
    assert "phones" not in registered(ask, ZHAO, phone="13900139000")
    for question in ({"phone": "13900139000"}, {"text": "13900139000"}, {"text": "9000"}):
        assert found(ask, ASSISTANT, **question) == [customer_id], question
    assert found(ask, ASSISTANT, text="390013") == []
    told = sent(ask, ASSISTANT, "POST", f"/{customer_id}/reveal", json={"reason": "回电"})
    assert (told["phone"], told["phones"]) == (PHONE, [PHONE, OTHER_PHONE])


def test_a_phone_whose_time_is_over_is_no_more_among_them(ask: Ask, database: Database) -> None:
    """A signed change ends the others; a phone proved wrong is nobody's: neither shown nor found nor told any more."""
    customer_id = with_two(ask)
    entry = read(ask, customer_id, "/register")["entries"][1]["entry_id"]
    sent(ask, MANAGER, "POST", f"/{customer_id}/wrong-phones", json={"entry_ids": [entry], "reason": "空号"})
    assert (read(ask, customer_id)["phones"], told(database, customer_id)) == ([PHONE], [])
    registered(ask, phone="15912348000")
    assert read(ask, customer_id)["phones"] == [PHONE, THIRD]
    wish = asked(ask, customer_id, phone="13900139000").get_json()["amendment_id"]
    decided(ask, wish)
    amended = [phone for phone in read(ask, customer_id)["phones"] if phone != THIRD]  # it was given under another id
    assert amended == [OTHER_PHONE]
    assert found(ask, MANAGER, phone="13800138000") == []


def test_namesakes_bring_their_phones_until_they_are_parted(ask: Ask, database: Database) -> None:
    """Same full name and tail: one customer with both phones, each told with the id that bears it, and found by both;
    parted by a person, each has their own."""
    first = str(registered(ask)["customer_id"])
    assert registered(ask, ZHAO, phone="15912348000")["customer_id"] == first
    (other,) = {one["customer_id"] for one in read(ask, first, "/register")["entries"]} - {first}
    assert read(ask, first)["phones"] == [PHONE, THIRD]
    assert told(database, first) == [{"customer_id": other, "phone": THIRD}]
    assert found(ask, MANAGER, phone="15912348000") == [first]
    assert judged(ask, first, other, same=False).status_code == 200
    assert [read(ask, one)["phones"] for one in (first, other)] == [[PHONE], [THIRD]]
    assert (found(ask, MANAGER, phone="15912348000"), told(database, first)) == ([other], [])


def family(ask: Ask) -> tuple[str, str, str]:
    """Li's 王小明 with two phones and Zhao's 李小红 with two: husband and wife; the ids, and that of the relation."""
    husband = with_two(ask)
    wife = str(registered(ask, ZHAO, name="李小红", phone="13700137001")["customer_id"])
    sent(ask, ZHAO, "POST", f"/{wife}/register", 201, json={"name": "李小红", "phone": "13700137002"})
    relation_id = str(related(ask, husband, wife).get_json()["relation_id"])
    assert confirmed(ask, relation_id).status_code == 200
    return husband, wife, relation_id


HERS = ["+8613700137001", "+8613700137002"]


def test_a_family_is_recognised_by_the_phones_of_all(ask: Ask, database: Database) -> None:
    """一.5: theirs after the person's own while they are one customer, and each their own once they are not."""
    husband, wife, relation_id = family(ask)
    assert read(ask, wife)["phones"] == [PHONE, OTHER_PHONE, *HERS]
    expected = [{"customer_id": husband, "phone": OTHER_PHONE}, *({"customer_id": wife, "phone": one} for one in HERS)]
    assert (told(database, husband), told(database, wife)) == (expected, [])
    assert [found(ask, MANAGER, phone=one) for one in ("7001", "13700137002")] == [[husband]] * 2
    confirmed(ask, relation_id, "end", reason="不是夫妻")
    assert [read(ask, one)["phones"] for one in (husband, wife)] == [[PHONE, OTHER_PHONE], HERS]
    assert [found(ask, MANAGER, phone=one) for one in ("7001", "13700137002", "9000")] == [[wife], [wife], [husband]]
    assert told(database, wife) == [{"customer_id": wife, "phone": HERS[1]}]
    assert told(database, husband) == expected[:1]


def test_erasing_forgets_every_phone(ask: Ask, database: Database) -> None:
    """No column of any table has one of them, nor is anybody found by it."""
    customer_id = with_two(ask)
    digits = ["13800138000", "13900139000"]
    assert where_they_stand(database, digits)
    assert erase(ask, customer_id, "A001").status_code == 201
    after_the_jobs(database)
    assert where_they_stand(database, digits) == []
    assert found(ask, MANAGER, phone="13900139000") == []


def test_who_was_family_is_forgotten_where_they_stood_for_one_customer(ask: Ask, database: Database) -> None:
    """Erased after the relation has ended, her phones go out of what was announced of him; his stay, and his name."""
    husband, wife, relation_id = family(ask)
    confirmed(ask, relation_id, "end", reason="不是夫妻")
    assert erase(ask, wife, "A002").status_code == 201
    after_the_jobs(database)
    assert where_they_stand(database, ["13700137001", "13700137002"]) == []
    last = announced(database, "customer.changed.v1")[-2].data
    assert (last["customer_id"], last["personal"]["name"], last["personal"]["phone"]) == (husband, "王小明", PHONE)


def test_out_of_the_recycle_bin_come_all_phones(quick_ask: Ask) -> None:
    """Deleted and restored a customer has the phones that they had."""
    customer_id = with_two(quick_ask)
    sent(quick_ask, BOSS, "POST", f"/{customer_id}/recycle-bin", json={"reason": "重复"})
    assert found(quick_ask, MANAGER, phone="13900139000") == []
    back = sent(quick_ask, BOSS, "POST", f"/recycle-bin/{customer_id}/restore")
    assert back["phones"] == [PHONE, OTHER_PHONE]
    assert found(quick_ask, MANAGER, phone="13900139000") == [customer_id]


def test_who_is_merged_out_of_the_recycle_bin_tells_no_further_phones(quick_ask: Ask, quick_database: Database) -> None:
    """A visit of before, heard of late, stands for who was deleted, and tells their phones; their own last word no
    more."""
    other = with_two(quick_ask)
    sent(quick_ask, BOSS, "POST", f"/{other}/recycle-bin", json={"reason": "重复"})
    deliver(quick_database, SERVICE.consumers, [visit("r1", "c1", minute=-10)])
    assert file_of(quick_database, other).merged_into == named("c1")
    assert told(quick_database, other) == []
    assert told(quick_database, named("c1")) == [{"customer_id": other, "phone": OTHER_PHONE}]


def test_the_order_of_the_news_makes_no_difference(tmp_path: Path) -> None:
    """Visits of one customer with three phones under three ids, heard in any order: the same phones under one id."""
    ends = set()
    for n, order in enumerate(permutations(range(4))):
        database = furnished(f"sqlite:///{tmp_path / f'{n}.db'}")
        visits = [
            visit("r0", "c0"),
            visit("r1", "c0", minute=1, phone=OTHER_PHONE),
            visit("r2", "c1", minute=2, phone=OTHER_PHONE),
            visit("r3", "c2", minute=3, phone=THIRD),
        ]
        deliver(database, SERVICE.consumers, [visits[one] for one in order])
        ends.add(_phones_of(database, [named(f"c{n}") for n in range(3)]))
        database.close()
    c0, c2 = named("c0"), named("c2")
    assert ends == {((PHONE, ((c0, OTHER_PHONE), (c2, THIRD))), (OTHER_PHONE, ()), (THIRD, ()))}


def _phones_of(database: Database, ids: Sequence[str]) -> tuple[Any, ...]:
    files = [file_of(database, one) for one in ids]
    others = [tuple((one["customer_id"], one["phone"]) for one in file.other_phones) for file in files]
    return tuple((file.phone, of_file) for file, of_file in zip(files, others, strict=True))
