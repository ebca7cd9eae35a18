"""Saved searches without a browser: kept under a name, opened, renamed, removed."""

from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.gateway.company import Company
from tests.gateway.test_customer_pages import FIELDS, FILE
from tests.gateway.told import TeamRoom, Told, sent

_SAVED = "/customers/searches"
_CONDITIONS = [{"field": "grade", "any_of": ["A"]}, {"field": "company", "contains": "三丰"}]
_QUESTION = {"text": None, "conditions": _CONDITIONS, "sort": "name", "descending": False}
_FORM = {"grade": "A", "company": "三丰", "sort": "name"}
_FOUND = {"items": [FILE], "next_after": "further", "count": 31, "is_more": False}


@pytest.fixture
def customers(customers_room: TeamRoom, company: Company) -> Told:
    told, me = customers_room.forget(), company.people["manager"]["id"]
    own = {"search_id": "q1", "name": "三丰<b>的", "shared": False, "owner_id": me, "question": _QUESTION}
    other = own | {"search_id": "q2", "name": "同事的", "shared": True, "owner_id": company.people["supervisor"]["id"]}
    told.answers = {
        "searches": (200, {"items": [own, other], "next_after": None}),
        "POST searches": (201, own),
        "searches/run": (200, _FOUND),
        "DELETE searches/q1": (204, None),
        "fields": (200, {"items": FIELDS}),
    }
    return told


@pytest.fixture
def manager(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("manager")


def test_what_is_looked_for_is_saved(manager: FlaskClient, customers: Told) -> None:
    """The form says what will be saved, the name is asked for, and once saved it opens."""
    asking = unescape(sent(manager, _SAVED, _FORM).text)
    assert "等级是 A，公司含“三丰”" in asking and 'name="company" value="三丰"' in asking
    assert "本机构的同事也能用" in asking and customers.acts == []
    answer = sent(manager, _SAVED, _FORM | {"title": " 三丰的 ", "shared": "1"})
    assert (answer.status_code, answer.location) == (303, f"{_SAVED}/q1?said=search_saved")
    assert customers.acts == [("POST searches", {"name": "三丰的", "shared": True, "question": _QUESTION})]
    assert customers.headers[0]["Idempotency-Key"] == "abcdefgh"


def test_a_name_that_is_refused_comes_back(manager: FlaskClient, customers: Told) -> None:
    """An empty name, and one that is taken, are said in the form, in which everything still stands."""
    empty = sent(manager, _SAVED, _FORM | {"title": " "})
    assert empty.status_code == 422 and "请给这个搜索起个名称" in empty.text and customers.acts == []
    customers.answers["POST searches"] = 409, {"detail": "您已有一个同名的查询"}
    taken = sent(manager, _SAVED, _FORM | {"title": "三丰的", "shared": "1"}, headers={"HX-Request": "true"})
    assert taken.status_code == 409 and "您已有一个同名的查询" in taken.text and "<html" not in taken.text
    for typed in ('value="三丰的"', 'name="company" value="三丰"', 'name="shared" value="1" checked'):
        assert typed in taken.text


def test_a_saved_search_is_opened(manager: FlaskClient, customers: Told) -> None:
    """By an address without a word of it: its name, what it looks for, and whom it finds today."""
    page = unescape(manager.get(f"{_SAVED}/q1").text)
    assert customers.acts == [("POST searches/run", _QUESTION | {"after": None, "limit": 30})]
    assert "三丰<b>的" in page and "找到 31 位" in page and "等级是 A" in page
    assert 'id="save-search"' not in page and f"{_SAVED}/q1/change" in page
    assert "三丰" not in page.partition("<title>")[2].partition("</title>")[0]
    assert f'href="{_SAVED}/q1?sort=-registered"' in page


def test_a_saved_search_goes_on_in_another_order(manager: FlaskClient, customers: Told) -> None:
    """Sorted by name the next page is asked for by a form, as its cursor holds a name; otherwise by an address."""
    page = manager.get(f"{_SAVED}/q1").text
    assert 'name="after" value="further"' in page and "after=further" not in page
    sent(manager, f"{_SAVED}/q1", {"sort": "name", "after": "further"})
    assert customers.acts[-1] == ("POST searches/run", _QUESTION | {"after": "further", "limit": 30})
    other = manager.get(f"{_SAVED}/q1?sort=-registered").text
    assert customers.acts[-1][1]["sort"] == "registered" and customers.acts[-1][1]["descending"]
    assert f"{_SAVED}/q1?sort=-registered&amp;after=further" in other


def test_one_that_customers_refuse_can_be_mended(manager: FlaskClient, customers: Told) -> None:
    """Where it asks by a field since retired, that is said, and each condition can be taken away."""
    customers.answers["searches/run"] = 422, {"detail": "自定义字段已停用"}
    page = manager.get(f"{_SAVED}/q1")
    assert page.status_code == 422 and "自定义字段已停用" in page.text and "公司含“三丰” ✕" in unescape(page.text)


def test_saved_searches_are_listed(manager: FlaskClient, customers: Told) -> None:
    """One's own may be changed, a colleague's is opened only; each says what it looks for; or that it is away."""
    page = unescape(manager.get(f"{_SAVED}?after=here").text)
    assert customers.queries["searches"] == "limit=50&after=here"
    assert page.count("等级是 A，公司含“三丰”") == 2 and "supervisor共享" in page
    assert f"{_SAVED}/q1/change" in page and f"{_SAVED}/q2/change" not in page
    gone = manager.get(f"{_SAVED}/q9")
    assert gone.status_code == 404 and "这个搜索已不在了" in gone.text
    customers.down = True
    assert "暂时" in manager.get(_SAVED).text


def test_another_name(manager: FlaskClient, customers: Told) -> None:
    """It is saved under the new name before the old one goes, so that nothing is lost by a name that is taken."""
    assert 'value="三丰&lt;b&gt;的"' in manager.get(f"{_SAVED}/q1/change").text
    customers.answers["POST searches"] = 409, {"detail": "您已有一个同名的查询"}
    taken = sent(manager, f"{_SAVED}/q1/change", {"title": "同名"})
    assert taken.status_code == 409 and "您已有一个同名的查询" in taken.text and 'value="同名"' in taken.text
    assert sent(manager, f"{_SAVED}/q1/change", {"title": " "}).status_code == 422
    customers.acts.clear()
    customers.answers["POST searches"] = 201, {"search_id": "q3"}
    renamed = sent(manager, f"{_SAVED}/q1/change", {"title": "新名"})
    saved = {"name": "新名", "shared": False, "question": _QUESTION}
    assert customers.acts == [("POST searches", saved), ("DELETE searches/q1", None)]
    assert renamed.location == f"{_SAVED}?said=search_renamed"
    assert sent(manager, f"{_SAVED}/q1/change", {"title": "三丰<b>的"}).status_code == 303 and len(customers.acts) == 2
    customers.answers["DELETE searches/q1"] = 503, None
    assert sent(manager, f"{_SAVED}/q1/change", {"title": "又一个"}).location == f"{_SAVED}?said=search_twice"


def test_one_is_removed(manager: FlaskClient, customers: Told) -> None:
    """It goes; what is refused is said in the dialog, also of one that is gone already."""
    assert sent(manager, f"{_SAVED}/q1/removal", {}).location == f"{_SAVED}?said=search_removed"
    assert customers.acts == [("DELETE searches/q1", None)]
    assert "已删除" in manager.get(f"{_SAVED}?said=search_removed").text
    customers.answers["DELETE searches/q2"] = 404, {"detail": "它不是您的"}
    refused = sent(manager, f"{_SAVED}/q2/removal", {})
    assert refused.status_code == 404 and "它不是您的" in refused.text
    for answer in (sent(manager, f"{_SAVED}/q9/change", {"title": "新名"}), manager.get(f"{_SAVED}/q9/change")):
        assert answer.status_code == 404 and "这个搜索已不在了" in answer.text


@pytest.mark.parametrize(("role", "may_save"), [("salesperson", True), ("headquarters", True), ("auditor", False)])
def test_who_may_save(customers_room: TeamRoom, customers: Told, role: str, may_save: bool) -> None:
    """Everybody who sees customers opens saved searches; who may change nothing saves none."""
    client = customers_room.as_(role)
    assert client.get(f"{_SAVED}/q1").status_code == 200
    assert (sent(client, _SAVED, _FORM).status_code == 200) == may_save
    assert "总部的同事也能用" in sent(customers_room.as_("headquarters"), _SAVED, _FORM).text


def test_in_english(manager: FlaskClient, customers: Told) -> None:
    """The same words in English."""
    manager.set_cookie("anchang_language", "en")
    pages = [manager.get(_SAVED).text, sent(manager, _SAVED, _FORM | {"title": ""}).text]
    manager.delete_cookie("anchang_language")
    for shown in ("Saved searches", "Grade is A; Company contains", "Shared by supervisor", "Rename or remove"):
        assert shown in pages[0]
    assert "Give the search a name." in pages[1] and "For my colleagues of the branch too" in pages[1]


def _kept(count: int, first: int = 0) -> list[dict[str, Any]]:
    return [{"search_id": f"s{n}", "name": f"{n}"} for n in range(first, first + count)]


def test_of_many_the_list_shows_some(manager: FlaskClient, customers: Told) -> None:
    """The list of customers shows the first few, one tap each, and the way to all of them."""
    customers.answers["searches"] = 200, {"items": _kept(6), "next_after": "more"}
    page = manager.get("/customers").text
    assert customers.queries["searches"] == "limit=6" and page.count(f'href="{_SAVED}/s') == 6
    assert "全部已存的搜索" in page
