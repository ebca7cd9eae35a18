"""The settings of customers, without a browser: types, the company's own fields and tags, for who may."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.pages.own_fields import KINDS
from services.customers.fields.rules import Kind
from tests.gateway.company import Company
from tests.gateway.told import TeamRoom, Told, sent

_ROOM = "/office/customer-settings"
_FIELD: dict[str, Any] = {
    "field_id": "f1",
    "branch_id": None,
    "name_zh": "配<b>套",
    "name_en": "Nearby",
    "kind": "choices",
    "required": True,
    "choices": ["学区", "地铁"],
    "searchable": True,
    "place": 1,
    "retired": False,
    "version": 4,
}
_LOAN = {"name_zh": "贷款", "name_en": "贷款", "kind": "yes_no", "choices": [], "required": False, "searchable": False}
_NEW = {"name_zh": "学区", "name_en": "School", "kind": "text"}
_SAID = {"name_zh": "学区", "name_en": "School", "kind": "text", "required": False, "searchable": False}


@pytest.fixture
def customers(customers_room: TeamRoom, company: Company) -> Told:
    told = customers_room.forget()
    own = _FIELD | _LOAN | {"field_id": "f2", "branch_id": company.east, "version": 2}
    retired = own | {"field_id": "f3", "name_zh": "旧字段", "retired": True}
    told.answers = {
        "types": (200, {"names": ["一般客户", "优质客户"], "branch_id": None, "version": 7}),
        "fields": (200, {"items": [_FIELD, own, retired]}),
        "fields/f1": (200, _FIELD),
        "fields/f2": (200, own),
        "fields/f3": (200, retired),
        "tags": (200, {"items": [{"tag": "学区房", "count": 12}, {"tag": "全<i>款", "count": 1}]}),
    }
    return told


@pytest.fixture
def manager(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("manager")


def test_who_leads_sees_them_and_who_manages_changes_them(customers_room: TeamRoom, customers: Told) -> None:
    """A supervisor and an auditor read; a manager changes what is the branch's, headquarters the company's too."""
    ways = ("/types?", "/fields/new?", "/fields/f2?", "/fields/f1?")
    for username, may in (("supervisor", 0), ("auditor", 0), ("manager", 3), ("sales_administrator", 3)):
        page = customers_room.as_(username).get(_ROOM).text
        assert [way for way in ways if f'href="{_ROOM}{way}branch=' in page] == [*ways[:may]], username
        assert ('name="tag"' in page) is bool(may) and "学区房" in page and "优质客户" in page
    hq = customers_room.as_("headquarters").get(_ROOM).text
    assert all(f'href="{_ROOM}{way}branch=' in hq for way in ways)
    assert customers_room.as_("salesperson").get(_ROOM).status_code == 403
    for path in ("/types", "/tags", "/fields/new", "/fields/f2"):
        assert sent(customers_room.as_("supervisor"), _ROOM + path, {}).status_code == 403, path
    assert customers.acts == []


def test_the_room_shows_what_holds(manager: FlaskClient, customers: Told, company: Company) -> None:
    """Types with whose they are, fields with what they hold, the retired ones apart, tags with how many have them."""
    page = manager.get(_ROOM).text
    for shown in ("全公司统一的类型", "配&lt;b&gt;套", "多选 · 必填 · 可搜索 · 全公司", "学区、地铁", "12 位客户"):
        assert shown in page
    assert page.index("已停用的 1 个") < page.index("旧字段") and "全&lt;i&gt;款" in page
    assert {customers.queries[path] for path in ("types", "fields", "tags")} == {f"branch_id={company.east}"}
    for version, branch_id, said in ((0, None, "系统自带"), (9, company.east, "本机构自己的类型")):
        customers.answers["types"] = (200, {"names": ["甲"], "branch_id": branch_id, "version": version})
        assert said in manager.get(_ROOM).text
    manager.set_cookie("anchang_language", "en")
    page = manager.get(_ROOM).text
    assert "The branch&#39;s own list." in page and "Nearby" in page and "Several choices · Required" in page
    manager.delete_cookie("anchang_language")


def test_types_are_edited_line_by_line(manager: FlaskClient, customers: Told, company: Company) -> None:
    """The list goes on as typed, without empty lines, in the version that was read; what it means for the branch is
    said before."""
    form = manager.get(f"{_ROOM}/types").text
    assert "一般客户\n优质客户</textarea>" in form and 'name="version" value="7"' in form and "不再跟着变" in form
    answer = sent(manager, f"{_ROOM}/types", {"names": "优质客户\r\n\r\n 企业 \r\n", "version": "7"})
    assert answer.location == f"{_ROOM}?branch={company.east}&said=types_set"
    assert customers.acts == [("PUT types", {"names": ["优质客户", "企业"], "branch_id": company.east})]
    assert customers.headers[0]["If-Match"] == '"7"' and customers.headers[0]["Idempotency-Key"] == "abcdefgh"
    errors = [{"field": "names", "detail": "不要重复"}]
    customers.answers["PUT types"] = (422, {"detail": "详见 errors", "errors": errors})
    again = sent(manager, f"{_ROOM}/types", {"names": "企业<b>\n企业", "version": "7"})
    assert again.status_code == 422 and "客户类型：不要重复。" in again.text and "企业&lt;b&gt;\n企业" in again.text


def test_every_kind_of_field_can_be_added(manager: FlaskClient) -> None:
    """Whatever a field can hold for customers has its place in the form, with its name."""
    form = manager.get(f"{_ROOM}/fields/new").text
    assert [*KINDS] == [kind.value for kind in Kind]
    assert [kind for kind in KINDS if f'value="{kind}"' not in form or f"kinds.{kind}" in form] == []


def test_a_field_is_added(manager: FlaskClient, customers: Told, company: Company) -> None:
    """Names, kind and switches go on; choices only of a kind that has them; one name typed stands for both."""
    answer = sent(manager, f"{_ROOM}/fields/new", _NEW | {"choices": "left\nover"})
    assert answer.location == f"{_ROOM}?branch={company.east}&said=own_field.added"
    typed = {"name_zh": "", "name_en": "Metro", "kind": "choice", "choices": "近、远\n 不限 ", "required": "yes"}
    sent(manager, f"{_ROOM}/fields/new", typed)
    more = {"name_zh": "Metro", "name_en": "Metro", "kind": "choice", "required": True, "choices": ["近", "远", "不限"]}
    assert customers.acts == [
        ("POST fields", _SAID | {"branch_id": company.east}),
        ("POST fields", _SAID | more | {"branch_id": company.east}),
    ]
    customers.answers["POST fields"] = (409, {"detail": "已用这个名称"})
    again = sent(manager, f"{_ROOM}/fields/new", typed)
    assert again.status_code == 409 and "已用这个名称" in again.text
    assert 'value="choice" required checked' in again.text and "近、远" in again.text


def test_a_field_is_changed(manager: FlaskClient, customers: Told, company: Company) -> None:
    """All of it but its kind, in the version that was read; what is no number goes on as typed, to be refused."""
    form = manager.get(f"{_ROOM}/fields/f1").text
    assert "学区\n地铁</textarea>" in form and 'name="kind"' not in form and form.count("checked") == 2
    typed = {"name_zh": "配套", "name_en": "", "choices": "学区", "place": "3", "version": "4", "branch": company.east}
    answer = sent(manager, f"{_ROOM}/fields/f1", typed | {"searchable": "yes"})
    assert answer.location == f"{_ROOM}?branch={company.east}&said=own_field.changed"
    sent(manager, f"{_ROOM}/fields/f2", {"name_zh": "贷款", "choices": "x", "place": "first", "version": "2"})
    names, loan = {"name_zh": "配套", "name_en": "配套"}, {"name_zh": "贷款", "name_en": "贷款"}
    assert customers.acts == [
        ("PATCH fields/f1", names | {"required": False, "searchable": True, "choices": ["学区"], "place": 3}),
        ("PATCH fields/f2", loan | {"required": False, "searchable": False, "place": "first"}),
    ]
    assert [one["If-Match"] for one in customers.headers] == ['"4"', '"2"']
    customers.answers["PATCH fields/f1"] = (412, {"detail": "别人已经改过"})
    stale = sent(manager, f"{_ROOM}/fields/f1", typed)
    assert stale.status_code == 412 and "别人已经改过" in stale.text and 'value="配套"' in stale.text


def test_a_field_is_retired_and_used_again(manager: FlaskClient, customers: Told) -> None:
    """Nothing but that is changed; one that is not there has no form."""
    assert "确认停用" in manager.get(f"{_ROOM}/fields/f2").text
    assert "恢复使用" in manager.get(f"{_ROOM}/fields/f3").text
    retired = sent(manager, f"{_ROOM}/fields/f2", {"retired": "yes", "version": "2", "name_zh": "x"})
    again = sent(manager, f"{_ROOM}/fields/f3", {"retired": "no", "version": "2"})
    assert retired.location.endswith("said=own_field.retired") and again.location.endswith("said=own_field.in_use")
    assert customers.acts == [("PATCH fields/f2", {"retired": True}), ("PATCH fields/f3", {"retired": False})]
    customers.answers["fields/f9"] = (404, {"detail": "没有这个自定义字段"})
    for gone in (manager.get(f"{_ROOM}/fields/f9"), sent(manager, f"{_ROOM}/fields/f9", {"name_zh": "x"})):
        assert gone.status_code == 404 and "没有这个自定义字段" in gone.text and 'name="name_zh"' not in gone.text


def test_a_tag_is_renamed(manager: FlaskClient, customers: Told, company: Company) -> None:
    """A new name goes on at once; what is refused comes back where it was typed."""
    answer = sent(manager, f"{_ROOM}/tags", {"tag": "学区房", "new": " 学区 "})
    assert answer.location == f"{_ROOM}?branch={company.east}&said=tag_renamed"
    assert customers.acts == [("POST tags/rename", {"tag": "学区房", "new": "学区", "branch_id": company.east})]
    errors = [{"field": "new", "detail": "长度应为 1 到 40"}]
    customers.answers["POST tags/rename"] = (422, {"detail": "详见 errors", "errors": errors})
    again = sent(manager, f"{_ROOM}/tags", {"tag": "学区房", "new": "长<b>"})
    assert again.status_code == 422 and "新名称：长度应为 1 到 40。" in again.text
    assert 'value="长&lt;b&gt;"' in again.text and again.text.count("<details open>") == 1


def test_tags_are_merged_only_when_that_is_meant(manager: FlaskClient, customers: Told, company: Company) -> None:
    """Another tag's name is asked about first, by that name; the answer to it merges that one and no other."""
    asked = sent(manager, f"{_ROOM}/tags", {"tag": "全<i>款", "new": "学区房"})
    assert asked.status_code == 200 and "已有标签“学区房”（12 位客户）" in asked.text
    assert 'name="merge" value="学区房"' in asked.text and customers.acts == []
    other = sent(manager, f"{_ROOM}/tags", {"tag": "学区房", "new": "全<i>款", "merge": "学区房"})
    assert 'name="merge" value="全&lt;i&gt;款"' in other.text and customers.acts == []
    answer = sent(manager, f"{_ROOM}/tags", {"tag": "全<i>款", "new": "学区房", "merge": "学区房"})
    assert answer.location.endswith("said=tags_merged")
    assert customers.acts == [("POST tags/rename", {"tag": "全<i>款", "new": "学区房", "branch_id": company.east})]


def test_headquarters_decides_for_the_company(customers_room: TeamRoom, customers: Told, company: Company) -> None:
    """What holds in all branches goes on without one; tags are each branch's own, and asked for with a branch only."""
    hq = customers_room.as_("headquarters")
    page = hq.get(f"{_ROOM}?branch=company").text
    assert "请先选一个机构" in page and customers.queries["types"] == "" and "tags" not in customers.queries
    assert "不再跟着变" not in hq.get(f"{_ROOM}/types?branch=company").text
    sent(hq, f"{_ROOM}/types", {"branch": "company", "names": "甲", "version": "7"})
    sent(hq, f"{_ROOM}/fields/new", _NEW | {"branch": "company"})
    sent(hq, f"{_ROOM}/tags", {"branch": company.west, "tag": "甲", "new": "乙"})
    assert customers.acts == [
        ("PUT types", {"names": ["甲"], "branch_id": None}),
        ("POST fields", _SAID | {"branch_id": None}),
        ("POST tags/rename", {"tag": "甲", "new": "乙", "branch_id": company.west}),
    ]


def test_away_is_said(manager: FlaskClient, customers: Told) -> None:
    """With customers down the room stands, and each form says so and has nothing to send."""
    customers.down = True
    assert manager.get(_ROOM).status_code == 200 and manager.get(_ROOM).text.count("暂时无法") == 3
    for path in ("/types", "/fields/f2"):
        page = manager.get(_ROOM + path)
        assert page.status_code == 503 and "暂时无法" in page.text and "btn-primary" not in page.text, path
