"""Erasing a customer on request (个人信息保护法 第四十七条): nothing says who it was, and nothing brings them back."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from chassis.audit import audit_trail
from chassis.database import Database
from chassis.events.forgetting import FORGET_PERSONAL
from chassis.identity import system
from chassis.jobs import JobLoop
from chassis.ledger import verify
from services.customers.app import SERVICE
from services.customers.erasure.actions import forget
from services.customers.erasure.rules import Because
from services.customers.exports import actions as exports
from services.customers.exports.rules import ExportOutdated
from services.customers.exports.views import export_row
from services.customers.files.registering import rule_again
from services.customers.files.views import files_of
from services.customers.register.tables import register
from tests.services import synthetic as say
from tests.services.asking import Ask, code_of
from tests.services.customers.house import LI, PHONE, SUPERVISOR, ZHAO, announced, imported, person, upload, visit
from tests.services.grep import where_they_stand
from tests.services.synthetic import EAST, WEST, deliver, named

BASE = "/api/v1/customers"
BOSS = person(
    "boss",
    "branch",
    EAST,
    "customers.see",
    "customers.edit",
    "customers.register",
    "customers.manage",
    "customers.sign",
    "customers.claim",
    "customers.reveal",
    "customers.export",
)
WEST_BOSS = person("west", "branch", WEST, "customers.see", "customers.manage")
_RUNS = count(10)
KEEPER = replace(BOSS, permissions=BOSS.permissions | {"customers.import"})
EXPORTER = replace(BOSS, role="manager")
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


def sent(ask: Ask, who: Any, method: str, path: str, expected: int = 200, **options: Any) -> Any:
    answer = ask(who, method, f"{BASE}{path}", **options)
    assert answer.status_code == expected, answer.get_json()
    return answer.get_json()


def erase(ask: Ask, customer_id: str, code: str, who: Any = BOSS, **options: Any) -> Any:
    said = {"code": code, "requested_by": "person"}
    return ask(who, "POST", f"{BASE}/{customer_id}/erasure", json=said, **options)


def after_the_jobs(database: Database) -> None:
    JobLoop(database, [*SERVICE.jobs, FORGET_PERSONAL]).run_due()


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
    before = {one: _file(quick_database, one) for one in (quickly_known["id"], quickly_known["twin"])}
    key = {"Idempotency-Key": "again"}
    first = erase(quick_ask, quickly_known["id"], f" {quickly_known['code'].lower()}", headers=key)
    again = erase(quick_ask, quickly_known["id"], f" {quickly_known['code'].lower()}", headers=key)
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    told = {fact.subject: fact for fact in announced(quick_database, "customer.erased.v1")}
    assert set(told) == {f"customer/{one}" for one in before}
    for one, file in before.items():
        fact = told[f"customer/{one}"]
        assert fact.data == {"customer_id": one, "branch_id": EAST, "because": "asked"}
        now = _file(quick_database, one)
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
    before = [_file(quick_database, quickly_known[one]) for one in ("id", "twin")]
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": WORDS["name"], "phone": WORDS["phone"]})
    assert made["is_new"] and made["code"] not in {file.code for file in before}
    assert len(sent(quick_ask, LI, "GET", f"/{made['customer_id']}/register")["entries"]) == 1
    assert [_file(quick_database, quickly_known[one]) for one in ("id", "twin")] == before


def test_sheets_that_wait_are_forgotten(quick_ask: Ask, quick_database: Database) -> None:
    """A sheet that was handed in and not begun may hold anybody: its file, samples and a name that tells her are gone."""
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    sheet = "姓名,电话\n欧阳兰,13900139000\n".encode()
    held = upload(quick_ask, sheet, KEEPER, "欧阳兰.csv", "?hold=true").get_json()["import_id"]
    erase(quick_ask, made["customer_id"], made["code"])
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, ["欧阳兰", "13900139000"]) == []
    assert code_of(quick_ask(KEEPER, "POST", f"{BASE}/imports/{held}/begin")) == "file_forgotten"


def test_why_a_phone_was_wrong_is_forgotten(quick_ask: Ask, quick_database: Database) -> None:
    """The words with which a manager signed that a phone is wrong go too; who signed, and that it was, stay."""
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    (entry,) = sent(quick_ask, BOSS, "GET", f"/{made['customer_id']}/register")["entries"]
    said = {"entry_ids": [entry["entry_id"]], "reason": "是她前夫的号码"}
    sent(quick_ask, BOSS, "POST", f"/{made['customer_id']}/wrong-phones", json=said)
    erase(quick_ask, made["customer_id"], made["code"])
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, ["欧阳兰", "13900139000", "前夫"]) == []


def test_an_export_under_way_is_made_anew(quick_ask: Ask, quick_database: Database) -> None:
    """A file that was being written when somebody was erased is not kept; done ones of the branch are gone."""
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": "王小明", "phone": PHONE})
    asked = [sent(quick_ask, EXPORTER, "POST", "/exports", 202, json={"text": "王小明"})["export_id"] for _ in range(2)]
    who = system("customers", None)
    with quick_database.write() as tx:
        done, begun = (export_row(tx, who, one) for one in asked)
        exports.finish_export(tx, who, done, b"sheet", 1)
    erase(quick_ask, made["customer_id"], made["code"])
    with pytest.raises(ExportOutdated), quick_database.write() as tx:
        exports.finish_export(tx, who, begun, b"sheet", 1)
    gone = quick_ask(EXPORTER, "GET", f"{BASE}/exports/{asked[0]}/customers.xlsx")
    assert code_of(gone) == "export_forgotten"
    after_the_jobs(quick_database)
    assert sent(quick_ask, EXPORTER, "GET", f"/exports/{asked[1]}")["rows"] == 0


def test_a_family_is_not_erased_for_one_of_them(quick_ask: Ask, quick_database: Database) -> None:
    """一.5: husband and wife are one customer; one who asks is taken out of it first, or both have asked."""
    one = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    other = sent(quick_ask, LI, "POST", "", 201, json={"name": "上官飞", "phone": "13700137000"})["customer_id"]
    said = {"relative_id": other, "kind": "spouse"}
    relation = sent(quick_ask, LI, "POST", f"/{one['customer_id']}/relations", 201, json=said)["relation_id"]
    sent(quick_ask, BOSS, "POST", f"/relations/{relation}/confirm")
    assert code_of(erase(quick_ask, other, one["code"])) == "stands_for_relatives"
    sent(quick_ask, BOSS, "POST", f"/relations/{relation}/end", json={"reason": "一方要求删除"})
    erased = erase(quick_ask, one["customer_id"], one["code"]).get_json()
    assert (erased["ids"], _file(quick_database, other).active, _file(quick_database, other).name) == (
        1,
        True,
        "上官飞",
    )
    third = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳竹", "phone": "13611112222"})["customer_id"]
    relation = sent(quick_ask, LI, "POST", f"/{other}/relations", 201, json={**said, "relative_id": third})
    sent(quick_ask, BOSS, "POST", f"/relations/{relation['relation_id']}/confirm")
    both = {"code": _file(quick_database, other).code, "requested_by": "person", "family_too": True}
    assert sent(quick_ask, BOSS, "POST", f"/{third}/erasure", 201, json=both)["ids"] == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.permutations(range(6)), some.integers(1, 6))
def test_late_news_brings_nobody_back(quick_database: Database, order: list[int], when: int) -> None:
    """Receptions, contacts, plans and corrections about her, told twice and in any order around the erasure: each visit
    stays as a fact without a person, her file is bare, and whoever came along is registered as if nothing had been."""
    run = next(_RUNS)
    she, friend, along = (named(f"{one} {run}") for one in ("she", "friend", "along"))
    her = {"name": f"欧阳{run}", "phone": f"+86139{run:08}"}
    companion = {"customer_id": along, "name": "上官飞", "phone": f"+86136{run:08}"}
    news = [
        visit(f"1 {run}", f"she {run}", **her),
        visit(f"2 {run}", f"she {run}", "zhao", minute=1, **her, companions=[companion]),
        visit(f"3 {run}", f"friend {run}", minute=2, phone=f"+86137{run:08}"),
        visit(f"4 {run}", f"friend {run}", minute=3, phone=f"+86137{run:08}", companions=[{"customer_id": she, **her}]),
        say.followup(f"f {run}", customer_id=she),
        say.plan(f"she {run}"),
    ]
    told = [news[one] for one in order]
    deliver(quick_database, SERVICE.consumers, [news[0], *told[:when]])
    with quick_database.write() as tx:
        forget(tx, system("customers", EAST), she, Because.PURGED)
    deliver(quick_database, SERVICE.consumers, [*told[when:], *told])
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, her.values()) == []
    with quick_database.read() as tx:
        hers = tx.execute(select(register.c.origin_key, register.c.name).where(register.c.customer_id == she)).all()
        assert verify(tx) == []
    expected = [(named(f"1 {run}"), None), (named(f"2 {run}"), None), (f"{named(f'4 {run}')}/1", None)]
    assert sorted(hers) == sorted(expected)
    assert [_file(quick_database, one).active for one in (she, friend, along)] == [False, True, True]
    assert _file(quick_database, along).name == "上官飞"


def test_a_merge_that_is_undone_later_brings_nobody_back(quick_ask: Ask, quick_database: Database) -> None:
    """Two who were one by a person's word are erased as one; what was decided about them is not there to take back."""
    first = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    second = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13700137000"})
    one, other = first["customer_id"], second["customer_id"]
    same = {"same": True, "reason": "是同一个人"}
    sent(quick_ask, BOSS, "POST", f"/{one}/candidates/{other}/decide", json=same)
    erase(quick_ask, other, first["code"])
    taken_back = quick_ask(BOSS, "POST", f"{BASE}/{one}/candidates/{other}/take-back", json={"reason": "看错了"})
    assert code_of(taken_back) == "customer_erased"
    with quick_database.write() as tx:
        rule_again(tx, system("customers", EAST), EAST, {one, other})
    assert [_file(quick_database, each).erased_at is None for each in (one, other)] == [False, False]
    last = announced(quick_database, "candidate.decided.v1")[-1]
    assert (last.data["active"], last.sequence) == (False, 2)


def _file(database: Database, customer_id: str) -> Any:
    with database.read() as tx:
        return files_of(tx, BOSS, {customer_id})[customer_id]
