"""The pages of erasing without a browser: what is said before, what they ask of customers, and what was erased."""

import pytest
from flask.testing import FlaskClient

from tests.gateway.test_customer_pages import FILE
from tests.gateway.told import TeamRoom, Told, sent

_PAGE, _FORM = "/office/erasures", "/customers/c1/erasure"
_ERASED = {
    "branch_id": "east",
    "code": "A007",
    "ids": 2,
    "because": "asked",
    "requested_by": "person",
    "by_id": "somebody",
    "at": "2026-03-02T01:00:00+00:00",
}
_PURGED = _ERASED | {"code": "A008", "ids": 1, "because": "purged", "requested_by": None}
_SAID = {"code": "A007", "requested_by": "person", "family_too": False}


@pytest.fixture
def customers(customers_room: TeamRoom) -> Told:
    told = customers_room.forget()
    told.answers = {"c1": (200, FILE), "erasures": (200, {"items": [_ERASED, _PURGED], "next_after": "further"})}
    return told


@pytest.fixture
def manager(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("manager")


def test_the_way_there_is_for_managers(customers_room: TeamRoom, manager: FlaskClient, customers: Told) -> None:
    """On the customer's page, also of one in the recycle bin; nobody else has it, by link or by address."""
    for part in ("contacts", "tags", "relations", "register", "group", "amendments", "candidates", "owners"):
        customers.answers[f"c1/{part}"] = 409, {"code": "in_recycle_bin"}
    assert _FORM in manager.get("/customers/c1").text
    customers.answers["c1"] = 200, FILE | {"deleted_at": _ERASED["at"]}
    assert _FORM in manager.get("/customers/c1").text
    seller = customers_room.as_("salesperson")
    assert _FORM not in seller.get("/customers/c1").text
    assert [seller.get(path).status_code for path in (_FORM, _PAGE)] == [403, 403]


def test_what_it_means_is_said_first(manager: FlaskClient, customers: Told) -> None:
    """Who it is about, what is forgotten, what stays, that it is for good, who may have asked; in both languages."""
    page = manager.get(_FORM).text
    for shown in ("王&lt;b&gt;小明", "删除什么", "保留什么", "无法恢复", "近亲属", 'name="code"', "管不到的"):
        assert shown in page
    assert "family_too" not in page and customers.acts == []
    manager.set_cookie("anchang_language", "en")
    assert "This cannot be undone" in manager.get(_FORM).text
    manager.delete_cookie("anchang_language")
    customers.answers["c1"] = 410, {"detail": "这位客户已删除"}
    gone = manager.get(_FORM)
    assert gone.status_code == 410 and gone.text.count("这位客户已删除") == 1 and "永久删除" not in gone.text


def test_erasing_asks_for_the_code_and_who_asked(manager: FlaskClient, customers: Told) -> None:
    """What is refused is said in the form, and what was chosen stays; once done, the list of erasures."""
    customers.answers["POST c1/erasure"] = 422, {"code": "code_not_repeated", "detail": "请再输入一次编号"}
    refused = sent(manager, _FORM, {"code": " A007 ", "requested_by": "person"})
    assert refused.status_code == 422 and "请再输入一次编号" in refused.text
    assert 'value="person" required checked' in refused.text and "family_too" not in refused.text
    customers.answers["POST c1/erasure"] = 201, _ERASED
    answer = sent(manager, _FORM, {"code": "A007", "requested_by": "person"})
    assert (answer.status_code, answer.location) == (303, f"{_PAGE}?said=erasure.done")
    assert customers.acts == [("POST c1/erasure", _SAID)] * 2


def test_a_family_is_erased_when_all_asked(manager: FlaskClient, customers: Told) -> None:
    """Only where customers refuse a family (一.5) the form offers to say so, and then says it to them."""
    customers.answers["POST c1/erasure"] = 409, {"code": "stands_for_relatives", "detail": "还代表亲属"}
    refused = sent(manager, _FORM, {"code": "A007", "requested_by": "person"})
    assert refused.status_code == 409 and "还代表亲属" in refused.text and 'name="family_too"' in refused.text
    customers.answers["POST c1/erasure"] = 201, _ERASED
    sent(manager, _FORM, {"code": "A007", "requested_by": "person", "family_too": "yes"})
    assert customers.acts[-1] == ("POST c1/erasure", _SAID | {"family_too": True})


def test_what_was_erased_is_listed(manager: FlaskClient, customers: Told) -> None:
    """Code, who had asked or that it was purged, how many files, and the way to earlier ones; or that it is away."""
    page = manager.get(f"{_PAGE}?after=here").text
    for shown in ("A007", "提出人：本人", "含合并的档案，共 2 份", "A008", "从回收站清除", "after=further"):
        assert shown in page
    assert customers.queries["erasures"] == "after=here" and page.count("办理") == 1
    customers.down = True
    assert "暂时" in manager.get(_PAGE).text
