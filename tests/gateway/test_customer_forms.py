"""What is done on a customer's page, without a browser: what goes on to customers, and what comes back typed."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.gateway.test_customer_pages import FILE
from tests.gateway.told import TeamRoom, Told, sent

_AT = "2026-03-02T01:00:00+00:00"
_TEXTS = {"position": None, "email": None, "wechat": "li", "remarks": None}
_CONTACT = {"contact_id": "k1", "name": "李经理", "phones": ["+8613800138000"], "is_primary": False, "version": 3}
_MASKED = _CONTACT | _TEXTS | {"contact_id": "k2", "phones": ["138****8000"], "is_primary": True}
_OTHER = FILE | {"customer_id": "c2", "code": "A002", "name": "王大明"}
_VERDICT = {"first_id": "c1", "second_id": "c3", "same": True, "active": True, "reason": "同住", "decided_by": "m"}
_ASKED = {"branch_id": "east", "customer_id": "c1", "state": "asked", "asked_by": "s1", "asked_at": _AT}
_DECIDED = {"decided_by": None, "decided_at": None, "reason": None}
_AMENDMENT = _ASKED | _DECIDED | {"amendment_id": "a1", "name": "王小名", "phone": None, "because": "证件上是"}
_RELATION = _ASKED | _DECIDED | {"relation_id": "r1", "relative_id": "c2", "kind": "spouse", "kind_name": "配偶"}
_LINE = {
    "owner_id": "s1",
    "former_id": None,
    "since": _AT,
    "because_text": "登记时归属。",
    "by_id": None,
    "reason": None,
}


_RULING: dict[str, Any] = {"text": "", "winner_entry_id": "", "losers": []}


def _registered(customer_id: str, name: str) -> dict[str, Any]:
    entry = {"entry_id": f"e-{customer_id}", "customer_id": customer_id, "name": name, "phone": "138****8000"}
    return entry | {"at": _AT, "registered_by": None, "kind": "registered"}


def _items(*items: Any) -> tuple[int, Any]:
    return 200, {"items": list(items), "next_after": None}


@pytest.fixture
def customers(customers_room: TeamRoom) -> Told:
    told = customers_room.forget()
    candidates = {"customer": FILE, "others": [{"customer": _OTHER, "text": "姓名相同。"}], "decided": [_VERDICT]}
    told.answers = {
        "c1": (200, FILE),
        "c2": (200, _OTHER),
        "c1/contacts": _items(_CONTACT | _TEXTS, _MASKED),
        "c1/tags": (200, {"tags": ["学区房"]}),
        "tags": _items({"tag": "学区房", "count": 2}, {"tag": "全款", "count": 1}),
        "c1/relations": _items(_RELATION, _RELATION | {"relation_id": "r2", "state": "confirmed", "relative_id": "c9"}),
        "c9": (404, {"detail": "没有", "code": "unknown_customer"}),
        "c1/amendments": _items(_AMENDMENT),
        "c1/candidates": (200, candidates),
        "c1/owners": (200, {"customer_id": "c1", "owner_id": "s1", "owners": [_LINE]}),
        "c1/register": (200, {"entries": [], "ruling": _RULING}),
        "c1/group": (200, {"members": [{"customer_id": "c1", "totals": {"customers": 1, "deals": 0, "amount": 0}}]}),
        "search": _items(FILE, _OTHER),
        "amendments": _items(_AMENDMENT),
        "relations": _items(_RELATION),
    }
    return told


@pytest.fixture
def seller(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("salesperson")


@pytest.fixture
def manager(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("manager")


def test_each_sees_what_they_may_do(seller: FlaskClient, manager: FlaskClient) -> None:
    """A salesperson asks; who leads is led to the decisions too. Family out of reach is not named."""
    asking = ("/contacts/new", "/contacts/k1", "/tags", "/relations/new", "/parent", "/amendments/new")
    deciding = ("/candidates/c2", "/candidates/c3", "/relations/r2/end", "/wrong-phones", "/owner")
    hers, his = seller.get("/customers/c1").text, manager.get("/customers/c1").text
    for path in asking:
        assert f'href="/customers/c1{path}"' in hers and f'href="/customers/c1{path}"' in his, path
    for path in deciding:
        assert f'href="/customers/c1{path}"' not in hers and f'href="/customers/c1{path}"' in his, path
    for matter in ("amendment/a1", "relation/r1"):
        assert f'href="/office/matters/{matter}?back=/customers/c1"' in his and matter not in hers
    assert "A002 王大明" in hers and 'href="/customers/c9"' not in hers and "登记时归属" in hers


def test_a_relative_who_is_the_same_customer_is_named_as_registered(seller: FlaskClient, customers: Told) -> None:
    """一.5: under a wife's id stands her husband's file now; the page names her, and does not make him his own wife."""
    register = {"entries": [_registered("c2", "李小红")], "ruling": _RULING}
    customers.answers |= {"c2": (200, FILE), "c1/register": (200, register)}
    customers.answers["c1/relations"] = _items(_RELATION | {"state": "confirmed"})
    family = seller.get("/customers/c1").text.partition('id="part-family"')[2].partition("</section>")[0]
    assert "配偶 · 李小红" in family and "视为同一客户" in family
    assert FILE["name"] not in family and 'href="/customers/c2"' not in family


def test_a_contact_is_written_down_and_changed(seller: FlaskClient, customers: Told) -> None:
    """What is empty is not sent; of a contact only what was changed, in its version, and masked phones stay."""
    said = {"name": " 李太太 ", "phones": ["", "13900139000"], "wechat": ""}
    answer = sent(seller, "/customers/c1/contacts/new", said)
    assert (answer.status_code, answer.location) == (303, "/customers/c1?said=contact.added")
    assert "138****8000" in seller.get("/customers/c1/contacts/k2").text
    sent(seller, "/customers/c1/contacts/k2", {"name": "李经理", "wechat": "li", "remarks": "早上好", "version": "3"})
    sent(seller, "/customers/c1/contacts/k1", {"name": "李经理", "wechat": "", "phones": ["", ""], "version": "3"})
    assert customers.acts == [
        ("POST c1/contacts", {"name": "李太太", "phones": ["13900139000"]}),
        ("PATCH c1/contacts/k2", {"remarks": "早上好"}),
        ("PATCH c1/contacts/k1", {"wechat": None, "phones": []}),
    ]
    assert customers.headers[1]["If-Match"] == '"3"'


def test_a_contact_is_made_primary_or_forgotten(seller: FlaskClient, customers: Told) -> None:
    """Both from the contact's form; one that is gone meanwhile is said to be."""
    assert sent(seller, "/customers/c1/contacts/k1/make-primary", {}).status_code == 303
    assert sent(seller, "/customers/c1/contacts/k1/remove", {}).status_code == 303
    assert [path for path, _ in customers.acts] == ["POST c1/contacts/k1/make-primary", "DELETE c1/contacts/k1"]
    gone = seller.get("/customers/c1/contacts/k9")
    assert gone.status_code == 404 and "已不在了" in gone.text
    customers.answers["POST c1/contacts"] = (422, {"detail": "电话少了区号"})
    again = sent(seller, "/customers/c1/contacts/new", {"name": "赵<b>", "phones": "655"})
    assert again.status_code == 422 and "电话少了区号" in again.text and 'value="赵&lt;b&gt;"' in again.text


def test_tags_are_chosen_and_typed(seller: FlaskClient, customers: Told) -> None:
    """Those in use are offered; what was chosen or typed goes on, and what is no longer chosen goes off."""
    assert 'value="全款"' in seller.get("/customers/c1/tags").text
    sent(seller, "/customers/c1/tags", {"held": "学区房", "tag": "全款", "new": "急买、 , 二次到访"})
    assert customers.acts == [("PATCH c1/tags", {"add": ["全款", "急买", "二次到访"], "remove": ["学区房"]})]


@pytest.mark.parametrize(
    ("path", "chosen", "expected"),
    [
        ("relations/new", {"kind": "spouse"}, ("POST c1/relations", {"relative_id": "c2", "kind": "spouse"})),
        ("parent", {"version": "1"}, ("PUT c1/parent", {"parent_id": "c2"})),
    ],
)
def test_another_customer_is_found_and_chosen(
    seller: FlaskClient, customers: Told, path: str, chosen: dict[str, str], expected: Any
) -> None:
    """Looked for by what was typed, never by themselves; then the one that was chosen goes on."""
    page = sent(seller, f"/customers/c1/{path}", {"text": "A0", "find": "1"})
    assert 'value="c2"' in page.text and 'value="c1"' not in page.text
    assert customers.acts == [("POST search", {"text": "A0", "limit": 8})]
    assert sent(seller, f"/customers/c1/{path}", chosen | {"text": "A0", "other_id": "c2"}).status_code == 303
    assert customers.acts[1:] == [expected]


def test_a_customer_stands_under_nobody(seller: FlaskClient, customers: Told) -> None:
    """Who has a parent can be taken out from under it."""
    customers.answers["c1"] = (200, FILE | {"parent_id": "c2"})
    assert 'name="none"' in seller.get("/customers/c1/parent").text
    sent(seller, "/customers/c1/parent", {"none": "1", "version": "1"})
    assert customers.acts == [("PUT c1/parent", {"parent_id": None})]


def test_another_name_is_asked_for(seller: FlaskClient, customers: Told) -> None:
    """Name or phone, and why; what is refused comes back with what was typed."""
    sent(seller, "/customers/c1/amendments/new", {"name": "王小名", "phone": "", "because": "证件"})
    assert customers.acts == [("POST c1/amendments", {"name": "王小名", "because": "证件"})]
    customers.answers["POST c1/amendments"] = (422, {"detail": "请登记全名"})
    again = sent(seller, "/customers/c1/amendments/new", {"name": "王", "because": "证件"})
    assert again.status_code == 422 and "请登记全名" in again.text and 'value="王"' in again.text


def test_another_phone_is_asked_for_a_relative(seller: FlaskClient, customers: Told) -> None:
    """一.5: who is one customer with another has their own name and phone; the form says whose, and what is now."""
    register = {"entries": [_registered("c2", "李小红"), _registered("c1", "王小明")], "ruling": _RULING}
    customers.answers |= {"c2": (200, FILE), "c1/register": (200, register), "c2/register": (200, register)}
    customers.answers["c1/relations"] = _items(_RELATION | {"state": "confirmed"})
    assert 'href="/customers/c2/amendments/new"' in seller.get("/customers/c1").text
    shown = seller.get("/customers/c2/amendments/new").text
    assert "亲属 李小红 自己的登记" in shown and "现在：李小红" in shown and FILE["name"] not in shown
    sent(seller, "/customers/c2/amendments/new", {"name": "", "phone": "13900139000", "because": "换号"})
    assert customers.acts == [("POST c2/amendments", {"phone": "13900139000", "because": "换号"})]


def test_what_was_asked_for_is_decided_in_the_office(team_room: TeamRoom, customers: Told) -> None:
    """Names to sign and relations to confirm wait with all else; consent takes no reason, and one comes back to the
    customer's page.
    """
    told = team_room.forget()
    told.answers = {customers.prefix + path: said for path, said in customers.answers.items()}
    manager = team_room.as_("manager")
    page = manager.get("/office").text
    assert "姓名：王&lt;b&gt;小明 → 王小名" in page and "后一位是前一位的配偶" in page
    answer = sent(manager, "/office/matters/amendment/a1", {"choice": "sign", "reason": "x", "back": "/customers/c1"})
    assert (answer.status_code, answer.location) == (303, "/customers/c1?said=amendment.sign")
    sent(manager, "/office/matters/relation/r1", {"choice": "refuse", "reason": "不是", "back": "//elsewhere"})
    assert told.acts == [
        ("POST /api/v1/customers/amendments/a1/sign", None),
        ("POST /api/v1/customers/relations/r1/refuse", {"reason": "不是"}),
    ]


def test_who_may_be_one_is_decided(manager: FlaskClient, customers: Told) -> None:
    """Two stand side by side: the same, not the same, or back to what it was; each with a reason."""
    customers.answers["candidates"] = _items({"customer": FILE, "others": [{"customer": _OTHER, "text": "同名"}]})
    assert "/customers/c1/candidates/c2?back=/office/candidates" in manager.get("/office/candidates").text
    assert "choose-same" in manager.get("/customers/c1/candidates/c2").text
    asked = {"choice": "different", "reason": "问过", "back": "/office/candidates"}
    assert sent(manager, "/customers/c1/candidates/c2", asked).location.startswith("/office/candidates?")
    sent(manager, "/customers/c1/candidates/c3", {"choice": "take_back", "reason": "弄错"})
    assert sent(manager, "/customers/c1/candidates/c2", {"choice": "x"}).status_code == 422
    assert customers.acts == [
        ("POST c1/candidates/c2/decide", {"same": False, "reason": "问过"}),
        ("POST c1/candidates/c3/take-back", {"reason": "弄错"}),
    ]


def test_what_was_decided_about_who_was_merged_is_taken_back(manager: FlaskClient, customers: Told) -> None:
    """About two ids that are this customer now: named as registered, side by side in the form, and taken back by their
    own ids, from the page of whichever of them was opened."""
    registered = [_registered("c1", "王小明"), _registered("c7", "陈大文"), _registered("c8", "陈达文")]
    decided = [_VERDICT | {"first_id": "c7", "second_id": "c8"}, _VERDICT | {"first_id": "c3", "second_id": "c7"}]
    told = {"customer": FILE, "others": [], "decided": decided}
    customers.answers |= {
        "c1/candidates": (200, told),
        "c1/register": (200, {"entries": registered, "ruling": _RULING}),
    }
    mine = {path: answer for path, answer in customers.answers.items() if path.partition("/")[0] == "c1"}
    customers.answers |= {one + path[2:]: answer for one in ("c7", "c8") for path, answer in mine.items()}
    for page in ("/customers/c1", "/customers/c7"):
        shown = manager.get(page).text
        assert 'href="/customers/c7/candidates/c8"' in shown and 'href="/customers/c7/candidates/c3"' in shown
        assert "陈大文 · 陈达文" in shown and 'href="/customers/c1/amendments/new"' in shown
    form = manager.get("/customers/c7/candidates/c8").text
    assert "陈大文" in form and "陈达文" in form and "choose-take_back" in form
    sent(manager, "/customers/c7/candidates/c8", {"choice": "take_back", "reason": "弄错"})
    assert customers.acts == [("POST c7/candidates/c8/take-back", {"reason": "弄错"})]


def test_a_manager_signs_and_assigns(manager: FlaskClient, customers: Told) -> None:
    """Phones that are wrong, a relation that ends, and whose the customer is; the pool stands for nobody."""
    sent(manager, "/customers/c1/wrong-phones", {"entry_id": ["e1"], "reason": "空号"})
    sent(manager, "/customers/c1/relations/r2/end", {"reason": "离婚"})
    sent(manager, "/customers/c1/owner", {"owner_id": "pool", "reason": "不跟了"})
    sent(manager, "/customers/c1/owner", {"owner_id": "s2", "reason": ""})
    assert customers.acts == [
        ("POST c1/wrong-phones", {"entry_ids": ["e1"], "reason": "空号"}),
        ("POST relations/r2/end", {"reason": "离婚"}),
        ("POST c1/owner", {"owner_id": None, "reason": "不跟了"}),
        ("POST c1/owner", {"owner_id": "s2", "reason": None}),
    ]
    customers.answers["POST c1/owner"] = (422, {"detail": "收回公海须写理由"})
    assert "收回公海须写理由" in sent(manager, "/customers/c1/owner", {"owner_id": "pool"}).text
