"""Erasing a customer on request (个人信息保护法 第四十七条): nothing here says any more who it was, and nothing brings it back."""

from collections.abc import Mapping
from typing import Any

import pytest

from chassis.database import Database
from chassis.events.forgetting import FORGET_PERSONAL
from chassis.jobs import JobLoop
from chassis.ledger import verify
from services.customers.app import SERVICE
from tests.services.asking import Ask
from tests.services.customers.house import LI, SUPERVISOR, ZHAO, imported, person, visit
from tests.services.leaks import where_they_stand
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
WORDS = {
    "name": "欧阳若兰",
    "other_name": "欧阳若楠",
    "phone": "13900139000",
    "company": "云锦绸缎庄",
    "remarks": "腿脚不便要电梯",
    "budget": "卖掉老宅再买",
    "district": "钱塘区",
    "contact": "司马长风",
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
def known(quick_ask: Ask, quick_database: Database) -> Mapping[str, str]:
    """A customer of whom everything is known that can be, merged with another registration of hers, and a relative."""
    ask, say = quick_ask, WORDS
    file = {
        "company": say["company"],
        "remarks": say["remarks"],
        "district": say["district"],
        "demand": {"budget": say["budget"]},
    }
    key = {"Idempotency-Key": "first"}
    made = sent(ask, LI, "POST", "", 201, json={"name": say["name"], "phone": say["phone"], **file}, headers=key)
    mine = made["customer_id"]
    deliver(
        quick_database,
        SERVICE.consumers,
        [visit("r1", "twin", "zhao", say["name"], phone=f"+86{say['phone']}", minute=5)],
    )
    contact = {"name": say["contact"], "phones": [say["contact_phone"]], "wechat": say["wechat"]}
    sent(ask, LI, "POST", f"/{mine}/contacts", 201, json=contact)
    sent(ask, LI, "PATCH", f"/{mine}/tags", json={"add": [say["tag"]], "remove": []})
    wish = {"name": say["other_name"], "because": say["why_other_name"]}
    amendment = sent(ask, LI, "POST", f"/{mine}/amendments", 201, json=wish)["amendment_id"]
    sent(ask, SUPERVISOR, "POST", f"/amendments/{amendment}/sign")
    sent(ask, LI, "POST", f"/{mine}/amendments", 201, json={"name": say["name"], "because": say["why_other_name"]})
    sent(ask, BOSS, "POST", f"/{mine}/reveal", json={"reason": say["reveal"]})
    sent(ask, BOSS, "POST", f"/{mine}/owner", json={"owner_id": None, "reason": say["take_back"]})
    apply = person("zhao", "own", EAST, "customers.claim", "customers.see")
    sent(ask, apply, "POST", "/applications", 201, json={"customer_id": mine, "reason": say["apply"]})
    kin = sent(ask, ZHAO, "POST", "", 201, json={"name": "欧阳克", "phone": say["other_phone"]})["customer_id"]
    relation = sent(ask, ZHAO, "POST", f"/{kin}/relations", 201, json={"relative_id": mine, "kind": "other"})
    sent(ask, BOSS, "POST", f"/relations/{relation['relation_id']}/confirm")
    sent(ask, BOSS, "POST", f"/relations/{relation['relation_id']}/end", json={"reason": say["family"]})
    sent(ask, BOSS, "POST", f"/{mine}/candidates/{kin}/decide", json={"same": False, "reason": say["verdict"]})
    imported(ask, quick_database, f"姓名,电话,业务员\n{say['name']},1.39E+10,li\n".encode())
    return {"id": mine, "twin": named("twin"), "kin": kin, "code": made["code"]}


HERS = [word for key, word in WORDS.items() if key not in ("other_phone", "district")]


def test_nothing_says_who_it_was(quick_ask: Ask, quick_database: Database, known: Mapping[str, str]) -> None:
    """Every word of her stood somewhere and stands nowhere: no column of any table has it; the chains still verify."""
    assert {one.split(": ")[1] for one in where_they_stand(quick_database, HERS)} == set(HERS)
    answer = erase(quick_ask, known["id"], known["code"])
    assert answer.status_code == 201, answer.get_json()
    assert (answer.get_json()["ids"], answer.get_json()["because"]) == (2, "asked")
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, HERS) == []
    with quick_database.read() as tx:
        assert verify(tx) == []
    assert where_they_stand(quick_database, [WORDS["other_phone"]])  # her relative is still there
