"""Erasing a customer on request (个人信息保护法 第四十七条): nothing says who it was, and nothing brings them back."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select, text

from chassis.audit import audit_trail
from chassis.database import Database
from chassis.ledger import verify
from services.customers.app import SERVICE
from tests.services.asking import Ask, code_of
from tests.services.customers.erasing import (
    BASE,
    BOSS,
    WEST_BOSS,
    after_the_jobs,
    erase,
    file_of,
    sent,
)
from tests.services.customers.house import LI, PHONE, SUPERVISOR, ZHAO, announced, imported, person, visit
from tests.services.grep import where_they_stand
from tests.services.synthetic import EAST, deliver, named

WORDS = {
    "name": "欧阳兰",
    "other_name": "欧阳楠",
    "phone": "13900139000",
    "company": "云锦绸缎庄",
    "remarks": "腿脚不便要电梯",
    "budget": "卖掉老宅再买",
    "district": "钱塘区",
    "contact": "司马风",
    "contact_phone": "13700137000",
    "wechat": "changfeng_wx",
    "tag": "丝绸世家",
    "why_other_name": "身份证上是楠",
    "apply": "我表姐的同学",
    "reveal": "约她周六看房",
    "take_back": "她说不要再打",
    "family": "户口本看过了",
    "verdict": "两人是姐妹",
    "other_phone": "13600136000",
}


@pytest.fixture
def known(ask: Ask, database: Database) -> Mapping[str, str]:
    """A customer of whom everything is known that can be."""
    return told_all(ask, database)


@pytest.fixture
def quickly_known(quick_ask: Ask, quick_database: Database) -> Mapping[str, str]:
    return told_all(quick_ask, quick_database)


def told_all(ask: Ask, database: Database) -> Mapping[str, str]:
    """Her ids and her code: merged with another registration of hers, with a contact, a relative and many words."""
    words = WORDS
    file = {
        "company": words["company"],
        "remarks": words["remarks"],
        "district": words["district"],
        "demand": {"budget": words["budget"]},
    }
    key = {"Idempotency-Key": "first"}
    made = sent(ask, LI, "POST", "", 201, json={"name": words["name"], "phone": words["phone"], **file}, headers=key)
    mine = made["customer_id"]
    deliver(
        database,
        SERVICE.consumers,
        [visit("r1", "twin", "zhao", words["name"], phone=f"+86{words['phone']}", minute=5)],
    )
    contact = {"name": words["contact"], "phones": [words["contact_phone"]], "wechat": words["wechat"]}
    sent(ask, LI, "POST", f"/{mine}/contacts", 201, json=contact)
    sent(ask, LI, "PATCH", f"/{mine}/tags", json={"add": [words["tag"]], "remove": []})
    wish = {"name": words["other_name"], "because": words["why_other_name"]}
    amendment = sent(ask, LI, "POST", f"/{mine}/amendments", 201, json=wish)["amendment_id"]
    sent(ask, SUPERVISOR, "POST", f"/amendments/{amendment}/sign")
    sent(ask, LI, "POST", f"/{mine}/amendments", 201, json={"name": words["name"], "because": words["why_other_name"]})
    sent(ask, BOSS, "POST", f"/{mine}/reveal", json={"reason": words["reveal"]})
    sent(ask, BOSS, "POST", f"/{mine}/owner", json={"owner_id": None, "reason": words["take_back"]})
    apply = person("zhao", "own", EAST, "customers.claim", "customers.see")
    sent(ask, apply, "POST", "/applications", 201, json={"customer_id": mine, "reason": words["apply"]})
    kin = sent(ask, ZHAO, "POST", "", 201, json={"name": "欧阳克", "phone": words["other_phone"]})["customer_id"]
    relation = sent(ask, ZHAO, "POST", f"/{kin}/relations", 201, json={"relative_id": mine, "kind": "other"})
    sent(ask, BOSS, "POST", f"/relations/{relation['relation_id']}/confirm")
    sent(ask, BOSS, "POST", f"/relations/{relation['relation_id']}/end", json={"reason": words["family"]})
    sent(ask, BOSS, "POST", f"/{mine}/candidates/{kin}/decide", json={"same": False, "reason": words["verdict"]})
    imported(ask, database, f"姓名,电话,业务员\n{words['name']},1.39E+10,li\n".encode())
    return {"id": mine, "twin": named("twin"), "kin": kin, "code": made["code"]}


HERS = [word for key, word in WORDS.items() if key not in ("other_phone", "district")]


def test_nothing_says_who_it_was(ask: Ask, database: Database, known: Mapping[str, str]) -> None:
    """Every word of her stood somewhere and stands nowhere: no column of any table has it; the chains still verify."""
    assert {one.split(": ")[1] for one in where_they_stand(database, HERS)} == set(HERS)
    answer = erase(ask, known["id"], known["code"])
    assert answer.status_code == 201, answer.get_json()
    assert (answer.get_json()["ids"], answer.get_json()["because"]) == (2, "asked")
    after_the_jobs(database)
    assert where_they_stand(database, HERS) == []
    with database.read() as tx:
        assert verify(tx) == []
    assert where_they_stand(database, [WORDS["other_phone"]])  # her relative is still there


def test_not_a_byte_is_left_in_the_file(
    quick_ask: Ask, quick_database: Database, quickly_known: Mapping[str, str]
) -> None:
    """SQLite: neither the file nor its log of writes holds a word of her once the jobs are done, free pages or not."""
    file = Path(str(quick_database.engine.url.database))
    files = [file, file.with_name(f"{file.name}-wal")]
    assert erase(quick_ask, quickly_known["id"], quickly_known["code"]).status_code == 201
    after_the_jobs(quick_database)
    with quick_database.read() as tx:
        found = text("SELECT count(*) FROM finding_grams WHERE finding_grams MATCH :gram")
        assert tx.execute(found, {"gram": '"阳兰"'}).scalar() == 0
    kept = b"".join(one.read_bytes() for one in files)
    assert [word for word in HERS if word.encode() in kept] == []


def test_it_is_the_managers_and_asks_for_the_code(quick_ask: Ask, quick_database: Database) -> None:
    """Another code, somebody of another branch or without the right, no known reason: nothing is erased."""
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": "王小明", "phone": PHONE})
    mine, code = made["customer_id"], made["code"]
    assert code_of(erase(quick_ask, mine, "A999")) == "code_not_repeated"
    assert code_of(erase(quick_ask, mine, code, WEST_BOSS)) == "unknown_customer"
    assert code_of(erase(quick_ask, mine, code, LI)) == "permission_missing"
    said = {"code": code, "requested_by": "王小明本人"}
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/{mine}/erasure", json=said)) == "invalid"
    assert announced(quick_database, "customer.erased.v1") == []
    assert sent(quick_ask, LI, "GET", f"/{mine}")["name"] == "王小明"


def test_the_fact_stays_and_says_nothing(
    quick_ask: Ask, quick_database: Database, quickly_known: Mapping[str, str]
) -> None:
    """Each id is announced with its version; who erased, when, and who asked is on record once; the file is bare."""
    before = {one: file_of(quick_database, one) for one in (quickly_known["id"], quickly_known["twin"])}
    key = {"Idempotency-Key": "again"}
    first = erase(quick_ask, quickly_known["id"], f" {quickly_known['code'].lower()}", headers=key)
    again = erase(quick_ask, quickly_known["id"], f" {quickly_known['code'].lower()}", headers=key)
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    told = {fact.subject: fact for fact in announced(quick_database, "customer.erased.v1")}
    assert set(told) == {f"customer/{one}" for one in before}
    for one, file in before.items():
        fact = told[f"customer/{one}"]
        assert fact.data == {"customer_id": one, "branch_id": EAST, "because": "asked"}
        now = file_of(quick_database, one)
        assert fact.sequence == now.version == file.version + 1
        assert (now.code, now.registered_at, now.active) == (file.code, file.registered_at, False)
        assert (now.name, now.phone, now.company, now.district, now.demand) == (None, None, None, None, {})
    (line,) = sent(quick_ask, BOSS, "GET", "/erasures")["items"]
    assert line == first.get_json()
    assert (line["by_id"], line["requested_by"], line["ids"]) == (named("boss"), "person", 2)
    assert sent(quick_ask, WEST_BOSS, "GET", "/erasures")["items"] == []
    with quick_database.read() as tx:
        notes = tx.execute(select(audit_trail.c.action, audit_trail.c.details)).all()
    assert [one.details["requested_by"] for one in notes if one.action == "customer.erased"] == ["person"]


def test_who_was_erased_is_nowhere_and_cannot_be_acted_on(
    quick_ask: Ask, quick_database: Database, quickly_known: Mapping[str, str]
) -> None:
    """In no list, search, pool or sheet; the page says erased, under either id; every act on it is refused."""
    mine, kin = quickly_known["id"], quickly_known["kin"]
    erase(quick_ask, mine, quickly_known["code"])
    for path in ("", "/pool", "/going-back"):
        assert mine not in str(sent(quick_ask, BOSS, "GET", path))
    for asked in ({"text": "欧阳兰"}, {"text": "oyl"}, {"phone": WORDS["phone"]}, {"code": quickly_known["code"]}):
        assert mine not in str(sent(quick_ask, BOSS, "POST", "/search", json=asked))
    assert {one["state"] for one in sent(quick_ask, BOSS, "GET", "/applications")["items"]} == {"refused"}
    assert {one["state"] for one in sent(quick_ask, BOSS, "GET", "/amendments")["items"]} == {"signed", "refused"}
    for one in (mine, quickly_known["twin"]):
        answer = quick_ask(BOSS, "GET", f"{BASE}/{one}")
        assert (answer.status_code, code_of(answer)) == (410, "customer_erased")
    assert code_of(erase(quick_ask, mine, quickly_known["code"])) == "customer_erased"
    assert code_of(quick_ask(BOSS, "PATCH", f"{BASE}/{mine}", json={"grade": "A"})) == "customer_erased"
    same = {"same": True, "reason": "看错了"}
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/{kin}/candidates/{mine}/decide", json=same)) == "customer_erased"
    relative = {"relative_id": mine, "kind": "spouse"}
    assert code_of(quick_ask(ZHAO, "POST", f"{BASE}/{kin}/relations", json=relative)) == "customer_erased"
    assert code_of(quick_ask(ZHAO, "GET", f"{BASE}/{mine}")) == "unknown_customer"  # it was Li's


def test_a_repeated_request_is_not_done_again(quick_ask: Ask, quickly_known: Mapping[str, str]) -> None:
    """The registration, sent once more under its key, is refused: it neither tells who it was nor registers anew."""
    erase(quick_ask, quickly_known["id"], quickly_known["code"])
    file = {"company": WORDS["company"], "remarks": WORDS["remarks"], "district": WORDS["district"]}
    body = {"name": WORDS["name"], "phone": WORDS["phone"], **file, "demand": {"budget": WORDS["budget"]}}
    answer = quick_ask(LI, "POST", BASE, json=body, headers={"Idempotency-Key": "first"})
    assert code_of(answer) == "answer_forgotten"


def test_who_comes_again_is_somebody_new(
    quick_ask: Ask, quick_database: Database, quickly_known: Mapping[str, str]
) -> None:
    """The same name and phone registered later make a new customer, with the next code, and leave the fact alone."""
    erase(quick_ask, quickly_known["id"], quickly_known["code"])
    before = [file_of(quick_database, quickly_known[one]) for one in ("id", "twin")]
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": WORDS["name"], "phone": WORDS["phone"]})
    assert made["is_new"] and made["code"] not in {file.code for file in before}
    assert len(sent(quick_ask, LI, "GET", f"/{made['customer_id']}/register")["entries"]) == 1
    assert [file_of(quick_database, quickly_known[one]) for one in ("id", "twin")] == before
