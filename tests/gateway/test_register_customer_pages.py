"""Registering a customer by hand, without a browser: who may, what goes on to customers, and whose they are then."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.pages.customer_register import lacking
from tests.gateway.company import Company
from tests.gateway.test_customer_pages import FILE, SAYS
from tests.gateway.told import TeamRoom, Told, sent

_AT = "2026-03-02T01:00:00+00:00"
_REGISTER = "POST /api/v1/customers"
_TYPED = {"name": "王先生", "phone": "13800138000", "customer_type": "优质客户"}
_ENTRY = {"entry_id": "e1", "customer_id": "c1", "kind": "registered", "at": _AT, "name": "王先生", "phone": None}
_RULING = {"winner_entry_id": "e1", "registered_by": None, "registered_at": _AT, "losers": [], "text": "只登记过这一次"}


def _ruled(*, new: bool = True, asks: bool = False, **more: Any) -> tuple[int, Any]:
    ruling = _RULING | {"asks_for_full_name": asks, "losers": more.pop("losers", [])}
    return 201, FILE | {"is_new": new, "is_back": False, "ruling": ruling} | more


def _register(*, full: bool = False, phone: bool = True) -> tuple[int, Any]:
    entry = _ENTRY | {"registered_by": None, "has_correct_phone": phone, "counts": full and phone}
    return 200, {"entries": [entry], "ruling": _RULING | {"asks_for_full_name": not full}}


@pytest.fixture
def customers(customers_room: TeamRoom) -> Told:
    told = customers_room.forget()
    told.answers = {
        "types": (200, {"names": ["一般客户", "优质客户"]}),
        _REGISTER: _ruled(),
        "c1": (200, FILE),
        "c1/register": _register(),
        "POST c1/register": _ruled(new=False),
        "c1/tags": (200, {"tags": []}),
        "c1/group": (200, SAYS["/c1/group"]),
        "c1/owners": (200, {"owners": []}),
        "c1/candidates": (200, {"others": [], "decided": []}),
    }
    return told


@pytest.fixture
def seller(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("salesperson")


@pytest.mark.parametrize(
    ("username", "may"),
    [("salesperson", True), ("supervisor", True), ("manager", True), ("headquarters", True), ("auditor", False)],
)
def test_the_button_is_for_who_may_register(
    customers_room: TeamRoom, customers: Told, username: str, may: bool
) -> None:
    """Who may register finds the way on the list, and on a customer's page to what the registration lacks; an auditor
    finds neither, and comes in nowhere."""
    reader = customers_room.as_(username)
    assert ('href="/customers/new"' in reader.get("/customers").text) is may
    assert ('href="/customers/c1/register"' in reader.get("/customers/c1").text) is may
    for path in ("/customers/new", "/customers/c1/register"):
        assert {reader.get(path).status_code, sent(reader, path, _TYPED).status_code} <= ({200, 303} if may else {403})


def test_somebody_new_has_a_page(seller: FlaskClient, customers: Told) -> None:
    """What is typed goes on without what is empty, under the form's key; then comes the new customer's page."""
    assert '<option value="优质客户" >' in seller.get("/customers/new").text
    answer = sent(seller, "/customers/new", {"name": " 王小明 ", "phone": "", "customer_type": ""})
    assert (answer.status_code, answer.location) == (303, "/customers/c1?said=registered")
    sent(seller, "/customers/new", _TYPED)
    assert [said for _path, said in customers.acts] == [{"name": "王小明"}, _TYPED]
    assert customers.headers[0]["Idempotency-Key"] == "abcdefgh"
    assert "客户已登记" in seller.get("/customers/c1?said=registered").text


def test_the_full_name_is_asked_for_at_once(seller: FlaskClient, customers: Told) -> None:
    """王先生 is no full name (一.4): the form for it comes next, with whom it is about, and sends what is typed."""
    customers.answers[_REGISTER] = _ruled(asks=True)
    answer = sent(seller, "/customers/new", _TYPED)
    assert answer.location == "/customers/c1/register?said=registered"
    page = seller.get(answer.location).text
    assert "客户已登记" in page and "补登全名" in page and "A001" in page and 'name="phone"' not in page
    answer = sent(seller, "/customers/c1/register", {"name": "王小明"})
    assert answer.location == "/customers/c1?said=registration.completed"
    assert customers.acts[-1] == ("POST c1/register", {"name": "王小明"})
    customers.answers["POST c1/register"] = _ruled(new=False, asks=True)
    again = sent(seller, "/customers/c1/register", {"name": "王女士"})
    assert again.location == "/customers/c1/register?said=registration.not_full"
    assert "还不是全名" in seller.get(again.location).text


@pytest.mark.parametrize(
    ("code", "detail", "field"),
    [("phone_too_short", "位数不够", "phone"), ("unknown_customer_type", "没有这个客户类型", "customer_type")],
)
def test_what_is_refused_comes_back_typed(
    seller: FlaskClient, customers: Told, code: str, detail: str, field: str
) -> None:
    """The refusal stands above the form, which keeps what was typed and its key, and names the field to the reader."""
    customers.answers[_REGISTER] = (422, {"code": code, "detail": detail})
    page = sent(seller, "/customers/new", _TYPED | {"name": "王<b>"})
    assert page.status_code == 422 and detail in page.text
    assert 'value="王&lt;b&gt;"' in page.text and 'value="13800138000"' in page.text
    assert 'value="优质客户" selected' in page.text and 'name="key" value="abcdefgh"' in page.text
    assert page.text.count("aria-invalid") == 1 and 'aria-invalid="true"' in page.text.partition(f'id="{field}"')[2]


def test_fields_are_refused_by_their_names(seller: FlaskClient, customers: Told) -> None:
    """Errors of single fields are said by what the form calls them, in both languages."""
    errors = [{"field": "name", "detail": "必须填写"}, {"field": "phone", "detail": "格式不对"}]
    customers.answers[_REGISTER] = (422, {"code": "invalid", "detail": "详见 errors", "errors": errors})
    page = sent(seller, "/customers/new", {}).text
    assert "姓名：必须填写。 电话：格式不对。" in page and "errors" not in page
    seller.set_cookie("anchang_language", "en")
    assert "Name: 必须填写." in sent(seller, "/customers/new", {}).text
    assert customers.headers[-1]["Accept-Language"].startswith("en")
    seller.delete_cookie("anchang_language")


def test_whose_a_known_customer_is(seller: FlaskClient, customers: Told, company: Company) -> None:
    """Who is known is not registered over: whose they are, by which rule, and why the new registration does not hold.
    Who is out of reach is not linked to, and nothing more of the file is told."""
    me, other = (company.people[name]["id"] for name in ("salesperson", "supervisor"))
    losers = [{"entry_id": "e2", "registered_by": me, "text": "登记得更晚"}]
    file = {"owner_id": other, "remarks": "怕吵", "losers": losers}
    customers.answers |= {_REGISTER: _ruled(new=False, **file), "c1": (404, {"detail": "没有"})}
    page = sent(seller, "/customers/new", _TYPED)
    assert page.status_code == 200
    for shown in ("supervisor的客户", "A001 王&lt;b&gt;小明", "138****8000", "只登记过这一次", "登记得更晚"):
        assert shown in page.text
    assert 'href="/customers/c1"' not in page.text and "怕吵" not in page.text and 'id="name"' not in page.text
    seller.set_cookie("anchang_language", "en")
    assert "A customer of supervisor" in sent(seller, "/customers/new", _TYPED).text
    seller.delete_cookie("anchang_language")


def test_ones_own_and_the_pools(seller: FlaskClient, customers: Told, company: Company) -> None:
    """One's own known customer is linked to; one of the pool is said to be, and one who is back out of the bin."""
    mine = company.people["salesperson"]["id"]
    customers.answers[_REGISTER] = _ruled(new=False, owner_id=mine)
    page = sent(seller, "/customers/new", _TYPED).text
    assert "是您的客户" in page and 'href="/customers/c1"' in page
    customers.answers[_REGISTER] = _ruled(new=False, owner_id=None, is_back=True)
    page = sent(seller, "/customers/new", _TYPED).text
    assert "在公海" in page and "原在回收站" in page


def test_a_known_customer_without_a_full_name(seller: FlaskClient, customers: Told) -> None:
    """Where nobody registered the full name, it is asked for at once: phone and type go along, under another key."""
    customers.answers[_REGISTER] = _ruled(new=False, asks=True)
    page = sent(seller, "/customers/new", _TYPED).text
    assert "补登全名" in page and "谁先登记全名和正确的电话" in page
    assert 'name="phone" value="13800138000"' in page and 'name="customer_type" value="优质客户"' in page
    assert 'id="name"' in page and 'value="王先生"' not in page and 'value="abcdefgh"' not in page


def test_headquarters_says_in_which_branch(customers_room: TeamRoom, customers: Told, company: Company) -> None:
    """Who belongs to no branch chooses one, by whose types; nobody else sends any."""
    hq = customers_room.as_("headquarters")
    page = hq.get(f"/customers/new?branch={company.west}").text
    assert f'name="branch" value="{company.west}"' in page and f"/customers/new?branch={company.east}" in page
    assert customers.queries["types"] == f"branch_id={company.west}"
    sent(hq, "/customers/new", {"name": "王小明", "branch": company.west})
    assert customers.acts == [(_REGISTER, {"name": "王小明", "branch_id": company.west})]


@pytest.mark.parametrize(
    ("full", "phone", "lacks", "said"),
    [
        (False, True, "name", "“王&lt;b&gt;小明”不是全名"),
        (True, False, "phone", "还没有正确的电话"),
        (False, False, "both", "不是全名，也没有正确的电话"),
        (True, True, "", ""),
    ],
)
def test_what_the_registration_lacks(
    seller: FlaskClient, customers: Told, full: bool, phone: bool, lacks: str, said: str
) -> None:
    """The customer's page says what the registration that holds lacks, and the form asks for that alone."""
    customers.answers["c1/register"] = _register(full=full, phone=phone)
    assert lacking(customers.answers["c1/register"][1]) == lacks
    page, asked = seller.get("/customers/c1").text, seller.get("/customers/c1/register").text
    assert ('id="complete-registration"' in page) is bool(lacks) and said in page
    assert ('name="phone"' in asked) is (lacks in ("phone", "both"))
    assert ('id="registration-name"' in asked) is bool(lacks) and ("不用再补" in asked) is not lacks
    assert ('value="王&lt;b&gt;小明"' in asked) is (lacks == "phone")


def test_who_is_deleted_is_not_completed(customers_room: TeamRoom, customers: Told) -> None:
    """Of a customer in the recycle bin the page asks for nothing."""
    customers.answers["c1"] = (200, FILE | {"deleted_at": _AT})
    assert "complete-registration" not in customers_room.as_("manager").get("/customers/c1").text


def test_completing_may_move_the_customer(
    customers_room: TeamRoom, seller: FlaskClient, customers: Told, company: Company
) -> None:
    """一.4: whose full name is first has the customer. The form says so to all but the salesperson whose it is."""
    customers.answers["c1"] = (200, FILE | {"owner_id": company.people["salesperson"]["id"]})
    assert "可能改归您" not in seller.get("/customers/c1/register").text
    page = customers_room.as_("manager").get("/customers/c1/register").text
    assert "现在的业务员：salesperson" in page and "可能改归您" in page


def test_what_is_refused_of_completing(seller: FlaskClient, customers: Told) -> None:
    """A refusal comes back with what was typed; a customer out of reach has no form, and customers away is said."""
    customers.answers |= {"c1/register": _register(phone=False), "POST c1/register": (409, {"detail": "电话是别人的"})}
    page = sent(seller, "/customers/c1/register", {"name": "王<i>", "phone": "13900139000"})
    assert page.status_code == 409 and "电话是别人的" in page.text
    assert 'value="王&lt;i&gt;"' in page.text and 'value="13900139000"' in page.text
    customers.answers["c1"] = (404, {"detail": "没有这位客户"})
    gone = seller.get("/customers/c1/register")
    assert gone.status_code == 404 and "没有这位客户" in gone.text and "registration-name" not in gone.text
    customers.down = True
    for path in ("/customers/new", "/customers/c1/register"):
        assert "暂时无法" in sent(seller, path, _TYPED).text, path


def test_who_turns_out_to_be_anothers(seller: FlaskClient, customers: Told, company: Company) -> None:
    """The full name may make two customers one, and that one a colleague's: the answer says whose, and why."""
    losers = [{"entry_id": "e1", "registered_by": company.people["salesperson"]["id"], "text": "登记得更晚"}]
    ruled = _ruled(new=False, owner_id=company.people["supervisor"]["id"], losers=losers)
    customers.answers |= {"POST c1/register": ruled, "c1": (404, {"detail": "没有"})}
    page = sent(seller, "/customers/c1/register", {"name": "王小明"})
    assert page.status_code == 200 and "supervisor的客户" in page.text and "登记得更晚" in page.text
    assert "registration-name" not in page.text and 'href="/customers/c1"' not in page.text.partition("whose-card")[2]
