"""Looking for customers by conditions, without a browser: what customers are asked, and what the pages show of it."""

from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from tests.gateway.company import Company
from tests.gateway.test_customer_pages import FIELDS, FILE
from tests.gateway.told import TeamRoom, Told, sent

_LIST, _FORM = "/customers/search", "/customers/search/conditions"
_RUN = "POST searches/run"
_FOUND = {"items": [FILE], "next_after": None, "count": 1001, "is_more": True}
_MONTH = {"field": "last_contact", "until_days": -30}
_B = {"field": "grade", "any_of": ["B"]}
_ORDER = {"sort": "registered", "descending": True}
_WHOLE = [
    {"field_id": "f3", "name_zh": "首付", "name_en": "Down payment", "kind": "number", "choices": []},
    {"field_id": "f4", "name_zh": "看房", "name_en": "Viewing", "kind": "date", "choices": []},
    {"field_id": "f5", "name_zh": "备忘", "name_en": "Note", "kind": "text", "choices": []},
    {"field_id": "f6", "name_zh": "旧栏", "name_en": "Old", "kind": "choice", "choices": ["甲"], "retired": True},
]


@pytest.fixture
def customers(customers_room: TeamRoom) -> Told:
    told = customers_room.forget()
    own = [{"required": False, "retired": False} | one for one in (*FIELDS, *_WHOLE)]
    told.answers = {
        "searches/run": (200, _FOUND),
        "fields": (200, {"items": own}),
        "types": (200, {"names": ["一般客户", "优质客户"]}),
        "tags": (200, {"items": [{"tag": "学区房", "count": 3}]}),
        "fields/gone": (404, {"detail": "没有"}),
    }
    return told


@pytest.fixture
def manager(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("manager")


def _asked(customers: Told) -> dict[str, Any]:
    """What customers were asked last, but for the page."""
    question: dict[str, Any] = dict(customers.acts[-1][1])
    return {name: value for name, value in question.items() if name not in ("after", "limit")}


def test_colleagues_customers_not_contacted_for_a_month(manager: FlaskClient, company: Company) -> None:
    """The form offers grades, people and spans; sent, it leads to an address that holds them, and no name."""
    page = unescape(manager.get(_FORM).text)
    for shown in ("更多条件", "30 天没有联系", "salesperson", "公海", "优质客户", "学区房", "配套", "没有安排下次联系"):
        assert shown in page
    form = {"grade": ["B"], "owner_id": [company.people["salesperson"]["id"], ""], "last_contact": "..-30", "text": " "}
    answer = sent(manager, _LIST, form)
    pairs = [("grade", "B"), ("owner_id", form["owner_id"][0]), ("owner_id", ""), ("last_contact", "..-30")]
    assert (answer.status_code, answer.location) == (303, f"{_LIST}?{urlencode(pairs)}")


def test_an_address_is_loaded_again(manager: FlaskClient, customers: Told, company: Company) -> None:
    """The list, how many there are, and in a sentence what was looked for; each part goes by one tap."""
    seller = company.people["salesperson"]["id"]
    page = unescape(manager.get(f"{_LIST}?grade=B&owner_id={seller}&last_contact=..-30&after=here").text)
    owner = {"field": "owner_id", "any_of": [seller]}
    assert _asked(customers) == {"text": None, "conditions": [_B, owner, _MONTH], **_ORDER}
    assert customers.acts[-1][1]["after"] == "here"
    assert "找到 1001+ 位" in page and "等级是 B，业务员是 salesperson，30 天没有联系" in page
    assert f'href="{_LIST}?grade=B&last_contact=..-30"' in page and 'href="/customers/c1"' in page
    assert f'href="{_LIST}?grade=B&owner_id={seller}&last_contact=..-30&sort=code"' in page
    assert f'href="{_FORM}?grade=B&owner_id={seller}&last_contact=..-30"' in page


def test_words_stand_in_no_address(manager: FlaskClient, customers: Told) -> None:
    """What is typed goes on in a body, and so do the ways from there: further, in another order, with less."""
    customers.answers["searches/run"] = 200, _FOUND | {"next_after": "further"}
    answer = sent(manager, _LIST, {"text": "王小明", "company": "三丰", "grade": "B"})
    conditions = [{"field": "company", "contains": "三丰"}, _B]
    assert answer.status_code == 200
    assert _asked(customers) == {"text": "王小明", "conditions": conditions, **_ORDER}
    page = unescape(answer.text)
    assert "含“王小明”，公司含“三丰”，等级是 B" in page
    assert 'name="after" value="further"' in page and 'name="company" value="三丰"' in page
    assert "王小明" not in "".join(part.split('"')[0] for part in page.split('href="')[1:])
    assert 'data-at="/customers/search/again"' in page
    assert "王小明" not in manager.get(f"{_LIST}?{urlencode({'text': '王小明', 'name': '王小明'})}").text


def test_a_list_by_words_is_come_back_to(manager: FlaskClient) -> None:
    """The browser sends the form again; where it has none, the page says so, and where to begin anew."""
    page = manager.get("/customers/search/again").text
    assert 'id="again"' in page and "data-at" not in page and _FORM in page and "请再查找一次" in page


def test_conditions_are_changed(manager: FlaskClient) -> None:
    """The form comes back with all that was asked: chosen, typed, folded away, and what it has no place for."""
    other = '{"any_of": ["甲"], "field": "city"}'
    carried = {"text": "王", "grade": "C", "last_contact": "..-45", "demand.budget": "300万", "other": other}
    page = unescape(sent(manager, _FORM, carried | {"details.f3.at_least": "20", "details.f6": "甲"}).text)
    for shown in ('value="王"', 'value="C" checked', 'value="..-45" selected', 'value="300万"', 'value="20"', "旧栏"):
        assert shown in page
    assert f'name="other" value="{other}"' in page.replace("&#34;", '"') and "市是 甲" in page
    assert page.count("<details open>") == 2  # the demand, and the company's own fields
    assert manager.get(f"{_FORM}?grade=C").text.count("checked") == 1


def test_own_fields_are_asked_for(manager: FlaskClient, customers: Told) -> None:
    """Each kind as it is meant, and said by its name; of one that is gone customers say so."""
    form = {"details.f1": "学区", "details.f1.not": "地铁", "details.f2": ["yes", ""], "details.f4": "none"}
    page = unescape(sent(manager, _LIST, form | {"details.f3.at_most": "50", "details.f5": "车位"}).text)
    assert _asked(customers)["conditions"] == [
        {"field": "details.f1", "any_of": ["学区"], "none_of": ["地铁"]},
        {"field": "details.f2", "any_of": [True, None]},
        {"field": "details.f4", "any_of": [None]},
        {"field": "details.f3", "at_most": 50},
        {"field": "details.f5", "contains": "车位"},
    ]
    said = "配套是 学区，且配套不是 地铁，贷款：是 或 未填写，看房未填写，首付不大于 50，备忘含“车位”"
    assert said in page
    customers.answers["searches/run"] = 422, {"detail": "没有这一项"}
    gone = sent(manager, _LIST, {"details.gone": "甲"})
    assert gone.status_code == 422 and "没有这一项" in gone.text and 'value="甲"' in gone.text


def test_what_is_refused_comes_back_typed(manager: FlaskClient, customers: Told) -> None:
    """A form that customers refuse says why, with everything in it; an address says why on its list."""
    customers.answers["searches/run"] = 422, {"detail": "这里要填数字"}
    again = sent(manager, _LIST, {"last_contact": "days", "last_contact.days": "很久", "company": "三丰"})
    assert again.status_code == 422 and "这里要填数字" in again.text
    assert 'value="很久"' in again.text and 'value="三丰"' in again.text
    errors = [{"field": "conditions.1.until_days", "detail": "必须是整数"}, {"field": "text", "detail": "太长"}]
    customers.answers["searches/run"] = 422, {"detail": "详见 errors", "errors": errors}
    named = sent(manager, _LIST, {"grade": "B", "last_contact": "days", "last_contact.days": "很久"})
    assert "最近联系：必须是整数。" in named.text and "详见" not in named.text
    customers.answers["searches/run"] = 422, {"detail": "这里要填数字"}
    listed = manager.get(f"{_LIST}?grade=X")
    assert listed.status_code == 422 and "这里要填数字" in listed.text and "等级是 X" in listed.text
    customers.down = True
    assert "客户服务暂时无法连接" in manager.get(f"{_LIST}?grade=B").text
    assert manager.get(_FORM).status_code == 200


def test_the_list_leads_there(manager: FlaskClient, customers: Told) -> None:
    """From all customers to conditions, to another order and to saved searches; what was typed goes along."""
    saved = {"search_id": "q1", "name": "本月A类", "shared": False, "owner_id": "x"}
    customers.answers["searches"] = 200, {"items": [saved], "next_after": "more"}
    page = manager.get("/customers").text
    assert _FORM in page and f"{_LIST}?sort=last_contact" in page
    assert 'href="/customers/searches/q1"' in page and "全部已存的搜索" in page
    customers.answers["POST search"] = 200, _FOUND
    found = sent(manager, "/customers", {"text": "王"}).text
    assert f'action="{_FORM}"' in found and "searches/q1" not in found and 'value="q1"' not in found


def test_exactly_this_is_exported(customers_room: TeamRoom, manager: FlaskClient, customers: Told) -> None:
    """The conditions go along as a form, are said before, and are what is asked for; who may not export sees no way."""
    right = {"allowed": True, "scope": "branch", "fields": ["name"], "whole_phones": False, "most_rows": 9}
    customers.answers["export-rights/manager"] = 200, right
    form = {"asked": "1", "grade": "B", "company": "三丰", "sort": "name"}
    assert 'action="/exports/of-search"' in manager.get(f"{_LIST}?grade=B").text
    page = unescape(sent(manager, "/exports/of-search", form).text)
    assert "等级是 B，公司含“三丰”" in page and 'name="search_id"' not in page
    assert sent(manager, "/exports", form).status_code == 303
    conditions = [_B, {"field": "company", "contains": "三丰"}]
    question = {"text": None, "conditions": conditions, "sort": "name", "descending": False}
    assert customers.acts[-1] == ("POST exports", question)
    assert "/exports" not in customers_room.as_("salesperson").get(f"{_LIST}?grade=B").text


@pytest.mark.parametrize(
    "role", ["salesperson", "supervisor", "manager", "sales_administrator", "headquarters", "auditor"]
)
def test_each_role_finds_its_own_form(customers_room: TeamRoom, customers: Told, role: str) -> None:
    """Who sees only their own customers is asked for no colleague, and the whole company is asked for a branch."""
    client = customers_room.as_(role)
    page = client.get(_FORM).text
    assert ('name="owner_id"' in page) == (role != "salesperson")
    assert ('name="branch_id"' in page) == (role in ("headquarters", "auditor"))
    listed = client.get(f"{_LIST}?grade=B").text
    assert ('id="save-search"' in listed) == (role != "auditor") and ('id="export-search"' in listed) == (
        role in ("manager", "sales_administrator", "headquarters")
    )


def test_a_branch_of_the_company(customers_room: TeamRoom, customers: Told, company: Company) -> None:
    """For the whole company: the branch that is chosen says which lists are offered; it is called by its name."""
    hq = customers_room.as_("headquarters")
    page = hq.get(f"{_FORM}?branch_id={company.west}").text
    assert customers.queries["types"] == f"branch_id={company.west}"
    assert "westerner" in page and ">salesperson<" not in page
    assert "机构是 西区" in hq.get(f"{_LIST}?branch_id={company.west}").text


@pytest.mark.parametrize(
    ("pair", "zh", "en"),
    [
        ("next_contact=..-1", "该联系的日子已过 1 天或更久", "Contact overdue by 1 day(s) or more"),
        ("next_contact=0..7", "今后 7 天内该联系", "Contact due within 7 days"),
        ("registered=-6..", "最近 7 天登记", "Registered within 7 days"),
        ("registered=0..0", "今天登记", "Registered today"),
        ("registered=-20..-3", "登记日期从 20 天前 到 3 天前", "Registered from 20 days ago to 3 days ago"),
        ("last_contact=none", "从没联系过", "Never contacted"),
        (
            "last_contact=dates&last_contact.until=2026-03-02",
            "最近联系到 2026-03-02 为止",
            "Last contact until 2026-03-02",
        ),
        ("key_account=yes", "重点客户：是", "Key account: yes"),
        ("source=import&owner_id=", "来源是 导入，业务员是 公海", "Source is Import; Salesperson is In the pool"),
        ("details.f2=no", "贷款：否", "Loan: no"),
        ("sort=code", "全部客户", "All customers"),
        ("parent_id=c1", "上级客户是 A001 王<b>小明", "Parent customer is A001 王<b>小明"),
    ],
)
def test_what_is_looked_for_is_said(manager: FlaskClient, customers: Told, pair: str, zh: str, en: str) -> None:
    """Every kind of condition reads as people say it, in both languages."""
    customers.answers["c1"] = 200, FILE
    assert zh in unescape(manager.get(f"{_LIST}?{pair}").text)
    manager.set_cookie("anchang_language", "en")
    page = unescape(manager.get(f"{_LIST}?{pair}").text)
    manager.delete_cookie("anchang_language")
    assert en in page and "Found: 1001+" in page
