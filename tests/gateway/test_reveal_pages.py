"""Showing a masked number, without a browser: for a reason, in one answer alone, and listed for managers."""

import pytest
from flask.testing import FlaskClient

from tests.gateway.company import Company
from tests.gateway.test_customer_pages import FILE
from tests.gateway.told import TeamRoom, Told, sent

_WAY, _PAGE = "/customers/c1/reveal", "/office/reveals"
_WHOLE = "+8613812348000"
_BOTH = [_WHOLE, "+8613912349000"]
_AT = "2026-03-02T01:00:00+00:00"
_LIMIT = "您今天查看完整电话的次数已达上限（50 次）"


@pytest.fixture
def customers(customers_room: TeamRoom, company: Company) -> Told:
    told, by = customers_room.forget(), company.people["supervisor"]["id"]
    line = {"customer_id": "c1", "branch_id": company.east, "revealed_by": by, "revealed_at": _AT, "reason": "代约<b>"}
    told.answers = {
        "c1": (200, FILE),
        "c2": (410, {"code": "customer_erased"}),
        "POST c1/reveal": (200, {"reveal_id": "r1", "customer_id": "c1", "phone": _WHOLE, "phones": _BOTH}),
        "reveals": (200, {"items": [line, line | {"customer_id": "c2", "reason": ""}], "next_after": "further"}),
        "/api/v1/customers": (200, {"items": [FILE], "next_after": None}),
    }
    for part in ("contacts", "tags", "relations", "register", "group", "amendments", "candidates", "owners"):
        told.answers[f"c1/{part}"] = 409, {"code": "in_recycle_bin"}
    return told


@pytest.fixture
def supervisor(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("supervisor")


@pytest.mark.parametrize(
    ("role", "may"),
    [("salesperson", False), ("supervisor", True), ("manager", True), ("headquarters", True), ("auditor", False)],
)
def test_the_way_there_is_for_who_may(customers_room: TeamRoom, customers: Told, role: str, may: bool) -> None:
    """Beside a masked number, in the list and on the customer's page; nobody else has it, by link or by address."""
    client = customers_room.as_(role)
    pages = [client.get(path).text for path in ("/customers", "/customers/c1")]
    assert [_WAY in page for page in pages] == [may, may]
    assert (client.get(_WAY).status_code, sent(client, _WAY, {"reason": "代约"}).status_code) == (
        (200, 200) if may else (403, 403)
    )


def test_what_is_not_masked_needs_no_button(supervisor: FlaskClient, customers: Told) -> None:
    """A whole number, none at all, and a customer in the recycle bin have none."""
    for told in ({"phones": _BOTH}, {"phone": None, "phones": []}, {"deleted_at": _AT}):
        customers.answers["c1"] = 200, FILE | told
        assert _WAY not in supervisor.get("/customers/c1").text, told


def test_a_number_is_shown_for_a_reason(supervisor: FlaskClient, customers: Told) -> None:
    """The whole numbers with a way to call each, in the answer to the form alone: no address holds them, nobody keeps
    them."""
    form = supervisor.get(_WAY).text
    assert "为什么需要" in form and "经理能看到" in form and customers.acts == []
    shown = sent(supervisor, _WAY, {"reason": " 代约 "}, headers={"HX-Request": "true"})
    assert customers.acts == [("POST c1/reveal", {"reason": "代约"})]
    assert shown.status_code == 200 and "<html" not in shown.text
    assert all(f'href="tel:{phone}"' in shown.text for phone in _BOTH)
    assert "no-store" in shown.headers["Cache-Control"] and shown.location is None
    assert "HX-Push-Url" not in shown.headers and "HX-Redirect" not in shown.headers
    whole = sent(supervisor, _WAY, {"reason": "代约"}).text
    assert _WHOLE in whole and "/customers/c1" in whole and 'id="again"' not in whole


def test_a_customer_without_a_number(supervisor: FlaskClient, customers: Told) -> None:
    """It is said that there is none."""
    customers.answers["POST c1/reveal"] = 200, {"customer_id": "c1", "phone": None, "phones": []}
    shown = sent(supervisor, _WAY, {"reason": "代约"}).text
    assert "没有登记电话" in shown and "tel:" not in shown


def test_what_is_refused_is_said_in_the_form(supervisor: FlaskClient, customers: Told) -> None:
    """No reason, the day's limit, a customer out of reach; what was typed stays."""
    empty = sent(supervisor, _WAY, {"reason": " "})
    assert empty.status_code == 422 and "请写明为什么需要" in empty.text and customers.acts == []
    customers.answers["POST c1/reveal"] = 429, {"code": "reveal_limit_reached", "detail": _LIMIT}
    limited = sent(supervisor, _WAY, {"reason": "代<b>约"})
    assert limited.status_code == 429 and _LIMIT in limited.text and "代&lt;b&gt;约</textarea>" in limited.text
    customers.down = True
    assert "暂时" in sent(supervisor, _WAY, {"reason": "代约"}).text


def test_managers_read_who_was_shown_whose(customers_room: TeamRoom, customers: Told) -> None:
    """Who, whom, when and why, with the way to earlier ones; of who was erased, no name and no word."""
    manager = customers_room.as_("manager")
    page = manager.get(f"{_PAGE}?after=here").text
    for shown in ("supervisor → ", "A001 王&lt;b&gt;小明", "2026-03-02 09:00", "代约&lt;b&gt;", "after=further"):
        assert shown in page
    assert "已不在名单里的客户" in page and "理由已按要求删除" in page
    assert (
        customers.queries["reveals"] == "after=here&limit=20"
        and f'href="{_PAGE}"' in manager.get("/office/erasures").text
    )
    customers.down = True
    assert "暂时" in manager.get(_PAGE).text
    for role in ("salesperson", "supervisor", "auditor"):
        assert customers_room.as_(role).get(_PAGE).status_code == 403


def test_in_english(supervisor: FlaskClient, customers: Told) -> None:
    """The same words in English."""
    supervisor.set_cookie("anchang_language", "en")
    pages = [supervisor.get(_WAY).text, sent(supervisor, _WAY, {"reason": "call"}).text]
    supervisor.delete_cookie("anchang_language")
    assert "What it is needed for" in pages[0] and "Show number" in pages[0]
    assert "Written down" in pages[1] and ">Call<" in pages[1]
