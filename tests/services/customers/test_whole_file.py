"""The whole file of a customer, the company's own fields in it, its tags, and who may read and change any of it."""

from typing import Any

from chassis.database import Database
from chassis.identity import Who
from chassis.jobs import JobLoop
from services.customers.app import SERVICE
from tests.services.asking import Ask, code_of
from tests.services.customers.house import HEADQUARTERS, LI, ZHAO, announced, person
from tests.services.customers.test_at_once import at_once
from tests.services.synthetic import EAST, WEST

BASE = "/api/v1/customers"
_ALL = ("customers.see", "customers.register", "customers.edit", "customers.manage")
BOSS, WEST_BOSS = person("boss", "branch", EAST, *_ALL), person("west", "branch", WEST, *_ALL)
COMPANY = person("hq", "all", None, *_ALL)
REGION = {"province": "浙江省", "city": "杭州市", "district": "西湖区"}
FILE: dict[str, Any] = {
    **REGION,
    "company": "三丰贸易",
    "industry": "制造业",
    "grade": "A",
    "key_account": True,
    "remarks": "周末来看",
    "demand": {"purpose": "自住", "budget": "300万以内"},
    "customer_type": "优质客户",
}


def registered(ask: Ask, who: Who = LI, **body: Any) -> Any:
    answer = ask(who, "POST", BASE, json={"name": "张三丰", "phone": "13900139000"} | body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def changed(ask: Ask, who: Who, path: str, version: int, **changes: Any) -> Any:
    return ask(who, "PATCH", f"{BASE}/{path}", json=changes, headers={"If-Match": f'"{version}"'})


def defined(ask: Ask, who: Who = BOSS, **said: Any) -> Any:
    body = {"name_zh": "渠道", "name_en": "Channel", "kind": "text"} | said
    answer = ask(who, "POST", f"{BASE}/fields", json=body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def errors(answer: Any) -> dict[str, str]:
    assert code_of(answer) == "invalid"
    return {error["field"]: error["detail"] for error in answer.get_json()["errors"]}


def test_everything_is_set_when_registering_and_read_again(quick_ask: Ask, quick_database: Database) -> None:
    """What is known at once stands in the file and is announced; a known phone's file is not altered by it."""
    made = registered(quick_ask, **FILE)
    read = quick_ask(LI, "GET", f"{BASE}/{made['customer_id']}").get_json()
    assert read | FILE == read
    (fact,) = announced(quick_database, "customer.registered.v1")
    assert {name: fact.data[name] for name in (*REGION, "industry")} == REGION | {"industry": "制造业"}
    assert fact.data["personal"]["company"] == "三丰贸易" and "remarks" not in str(fact.data)
    again = registered(quick_ask, LI, name="张三", company="别的公司", demand={"budget": "1000万"})
    assert (again["company"], again["demand"]) == (FILE["company"], FILE["demand"])


def test_everything_is_changed_piece_by_piece(quick_ask: Ask) -> None:
    """What is left out stays, inside the demand as well; null takes away; the version says when somebody was first."""
    made = registered(quick_ask, **FILE)
    answer = changed(quick_ask, LI, made["customer_id"], 1, demand={"budget": None, "layout": "三室"}, remarks=None)
    assert answer.get_json()["demand"] == {"purpose": "自住", "layout": "三室"}
    assert (answer.get_json()["remarks"], answer.get_json()["city"]) == (None, "杭州市")
    assert code_of(changed(quick_ask, LI, made["customer_id"], 1, city="宁波市")) == "stale_version"


def test_a_type_is_one_of_the_companys_list(quick_ask: Ask) -> None:
    """An unknown one is refused with the choices; the company edits its list, a branch may have its own."""
    made = registered(quick_ask)
    refused = changed(quick_ask, LI, made["customer_id"], 1, customer_type="好客户")
    assert code_of(refused) == "unknown_customer_type"
    assert "一般客户、优质客户、超级VIP客户" in refused.get_json()["detail"]
    assert code_of(quick_ask(LI, "POST", BASE, json={"name": "李", "customer_type": "好"})) == "unknown_customer_type"
    assert changed(quick_ask, LI, made["customer_id"], 1, customer_type="一般客户").status_code == 200

    def edit(who: Who, version: int, names: list[str]) -> Any:
        return quick_ask(who, "PUT", f"{BASE}/types", json={"names": names}, headers={"If-Match": f'"{version}"'})

    assert edit(COMPANY, 0, ["好客户"]).get_json() == {"names": ["好客户"], "branch_id": None, "version": 1}
    assert quick_ask(LI, "GET", f"{BASE}/types").get_json()["names"] == ["好客户"]
    assert edit(BOSS, 1, ["东区客户"]).get_json()["version"] == 2
    assert code_of(edit(BOSS, 1, ["又一个"])) == "stale_version"
    assert quick_ask(WEST_BOSS, "GET", f"{BASE}/types").get_json()["names"] == ["好客户"]
    stays = changed(quick_ask, LI, made["customer_id"], 2, customer_type="一般客户", city="杭州市")
    assert stays.get_json()["customer_type"] == "一般客户"


def test_own_fields_are_defined_filled_in_and_retired(quick_ask: Ask) -> None:
    """A value stands under the field's id; each wrong one is named; a retired field keeps what it has."""
    channel = defined(quick_ask, COMPANY, searchable=True)
    use = defined(quick_ask, kind="choice", name_zh="用途", name_en="Use", choices=["自住", "投资"], required=True)
    made = registered(quick_ask, details={use["field_id"]: "自住"})
    refused = changed(quick_ask, LI, made["customer_id"], 1, details={use["field_id"]: "出租", channel["field_id"]: 5})
    told = errors(refused)
    assert told[f"details.{use['field_id']}"] == "must be one of: 自住, 投资"
    assert set(told) == {f"details.{one['field_id']}" for one in (use, channel)}
    filled = changed(quick_ask, LI, made["customer_id"], 1, details={channel["field_id"]: "朋友介绍"}).get_json()
    assert filled["details"] == {use["field_id"]: "自住", channel["field_id"]: "朋友介绍"}
    changed(quick_ask, COMPANY, f"fields/{channel['field_id']}", 1, retired=True)
    late = changed(quick_ask, LI, made["customer_id"], 2, details={channel["field_id"]: "广告"})
    assert "retired" in errors(late)[f"details.{channel['field_id']}"]
    assert quick_ask(LI, "GET", f"{BASE}/{made['customer_id']}").get_json()["details"] == filled["details"]


def test_customers_are_found_by_searchable_fields(quick_ask: Ask) -> None:
    """By what stands in a field that is to be searched, set at once or later; by no other field."""
    sought, other = defined(quick_ask, searchable=True), defined(quick_ask, name_zh="二", name_en="two")
    made = registered(quick_ask, details={sought["field_id"]: "地铁广告", other["field_id"]: "龙湖天街"})

    def found(text: str) -> int:
        return len(quick_ask(LI, "POST", f"{BASE}/search", json={"text": text}).get_json()["items"])

    assert [found(text) for text in ("铁广", "龙湖")] == [1, 0]
    changed(quick_ask, LI, made["customer_id"], 1, details={sought["field_id"]: "朋友介绍"})
    assert [found(text) for text in ("铁广", "朋友")] == [0, 1]


def test_a_field_is_searched_from_when_its_definition_says_so(ask: Ask, database: Database) -> None:
    """Also for those who had a value before; a retired field is not searched, and one taken into use again is."""
    field = defined(ask, COMPANY)["field_id"]
    registered(ask, details={field: "地铁广告"})
    registered(ask, name="王小明", phone="13800138000")

    def found_after(version: int, **changes: bool) -> int:
        assert changed(ask, COMPANY, f"fields/{field}", version, **changes).status_code == 200
        JobLoop(database, SERVICE.jobs).run_due()
        return len(ask(BOSS, "POST", f"{BASE}/search", json={"text": "铁广"}).get_json()["items"])

    assert found_after(1, searchable=True) == 1
    assert found_after(2, retired=True) == 0
    assert found_after(3, retired=False) == 1
    assert found_after(4, searchable=False) == 0


def test_a_required_field_holds_up_no_registration(quick_ask: Ask) -> None:
    """Name and phone are enough at the moment; who fills in any own field fills in the required ones."""
    needed, other = defined(quick_ask, required=True), defined(quick_ask, name_zh="二", name_en="two")
    made = registered(quick_ask)
    half = changed(quick_ask, LI, made["customer_id"], 1, details={other["field_id"]: "x"})
    assert list(errors(half)) == [f"details.{needed['field_id']}"]


def test_fields_belong_to_who_defined_them(quick_ask: Ask) -> None:
    """The company's are seen everywhere and changed by headquarters; a branch's own are its own; names are one's."""
    companys, easts = defined(quick_ask, COMPANY), defined(quick_ask, name_zh="东", name_en="east")
    assert [one["field_id"] for one in quick_ask(LI, "GET", f"{BASE}/fields").get_json()["items"]] == [
        companys["field_id"],
        easts["field_id"],
    ]
    assert len(quick_ask(WEST_BOSS, "GET", f"{BASE}/fields").get_json()["items"]) == 1
    for who, one in ((BOSS, companys), (WEST_BOSS, easts)):
        answer = changed(quick_ask, who, f"fields/{one['field_id']}", 1, required=True)
        assert code_of(answer) == "unknown_customer_field"
    twice = quick_ask(COMPANY, "POST", f"{BASE}/fields", json={"name_zh": "东", "name_en": "e", "kind": "text"})
    assert code_of(twice) == "field_name_taken"
    bare = quick_ask(BOSS, "POST", f"{BASE}/fields", json={"name_zh": "选", "name_en": "pick", "kind": "choice"})
    assert code_of(bare) == "choices_needed"
    said = {"name_zh": "选", "name_en": "pick", "kind": "choice", "choices": ["a、b", "a、b"]}
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/fields", json=said)) == "invalid"
    assert quick_ask(LI, "GET", f"{BASE}/fields/{easts['field_id']}").headers["ETag"] == '"1"'


def test_one_name_is_given_once(ask: Ask) -> None:
    """Of six who define a field of the same name in the same moment, one does."""

    def define(number: int) -> int:
        said = {"name_zh": "渠道", "name_en": "Channel", "kind": "text"}
        return ask(COMPANY if number % 2 else BOSS, "POST", f"{BASE}/fields", json=said).status_code

    assert sorted(at_once(6, define)) == [201] + [409] * 5


def test_tags_are_put_on_counted_and_renamed(quick_ask: Ask) -> None:
    """A branch lists what its people use; a renamed tag takes in the one that has the name already."""
    ids = [registered(quick_ask, name=f"客户{n}", phone=f"1390013900{n}")["customer_id"] for n in range(3)]
    for one, tags in zip(ids, (["学区", "急"], ["学区房"], ["学区", "学区房"]), strict=True):
        quick_ask(LI, "PATCH", f"{BASE}/{one}/tags", json={"add": tags})
    off = quick_ask(LI, "PATCH", f"{BASE}/{ids[0]}/tags", json={"add": ["急"], "remove": ["没有", "急的"]})
    assert sorted(off.get_json()["tags"]) == ["学区", "急"]
    assert quick_ask(ZHAO, "GET", f"{BASE}/tags").get_json()["items"] == []
    assert quick_ask(LI, "POST", f"{BASE}/tags/rename", json={"tag": "学区", "new": "学区房"}).status_code == 403
    assert (
        quick_ask(WEST_BOSS, "POST", f"{BASE}/tags/rename", json={"tag": "学区", "new": "x"}).get_json()["items"] == []
    )
    renamed = quick_ask(BOSS, "POST", f"{BASE}/tags/rename", json={"tag": "学区", "new": "学区房"})
    assert renamed.get_json()["items"] == [{"tag": "学区房", "count": 3}, {"tag": "急", "count": 1}]
    assert code_of(quick_ask(HEADQUARTERS, "GET", f"{BASE}/tags")) == "branch_needed"


def test_fields_and_types_are_for_who_manages(quick_ask: Ask) -> None:
    """Who sells defines neither a field nor a list of types."""
    assert quick_ask(LI, "POST", f"{BASE}/fields", json={}).status_code == 403
    assert quick_ask(LI, "PUT", f"{BASE}/types", json={}).status_code == 403
