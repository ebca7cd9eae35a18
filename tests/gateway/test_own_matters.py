"""Disputes, look-ups while a phone is typed, and receipts, without a browser."""

import pytest
from flask.testing import FlaskClient

from tests.gateway.answers import AT, ToldByWord
from tests.gateway.test_dialogs import FOUND
from tests.gateway.test_pages import BOARD
from tests.gateway.told import sent

_RECEIPT = {
    "reception_id": "r1",
    "hall_id": "h1",
    "companions": [],
    "visitor_name": "王晓明",
    "visitor_phone": "+8613800138000",
    "owner_name": "甲",
    "server_id": "p1",
    "server_name": "甲",
    "registered_by_name": "甲",
    "registered_at": AT,
    "recorded_at": AT,
    "number": 13,
    "hash": "cd" * 32,
    "previous_hash": "ef" * 32,
    "reconciled_with": None,
}


@pytest.fixture
def reception() -> ToldByWord:
    one = ToldByWord()
    one.answers = {
        "halls": (200, {"items": [{"hall_id": "h1", "name": "东厅"}]}),
        "board": (200, BOARD),
        "receipt": (200, _RECEIPT),
    }
    return one


def test_a_dispute_is_reported_from_a_reception(seller: FlaskClient, reception: ToldByWord) -> None:
    """The tap says who and which reception; one word is enough; what is refused stays; a customer is looked up."""
    form = seller.get("/halls/h1/dispute?reception_id=r1&other_id=p1").text
    assert 'value="r1" selected' in form and 'value="p1" selected' in form
    reception.answers["disputes"] = 201, {}
    said = {"other_id": "p1", "reception_id": "r1", "matter": "whose_turn", "said": ""}
    assert sent(seller, "/halls/h1/dispute", said).headers["Location"] == "/mine/disputes?said=dispute_reported"
    assert reception.asked[-1][1] == {"other_id": "p1", "reception_id": "r1", "said": "轮到谁接待"}
    sent(seller, "/halls/h1/dispute", said | {"said": "我先到", "customer_id": "c1"}, headers={"HX-Request": "true"})
    told = {"other_id": "p1", "reception_id": "r1", "customer_id": "c1", "said": "轮到谁接待：我先到"}
    assert told in [body for _path, body in reception.asked]
    reception.answers["disputes"] = 422, {"detail": "请写明经过。"}
    refused = sent(seller, "/halls/h1/dispute", said | {"matter": "other"})
    assert reception.asked[-2][1]["said"] == ""
    assert "请写明经过。" in refused.text and 'value="other" checked' in refused.text
    reception.answers["look-ups"] = 200, FOUND
    found = sent(seller, "/halls/h1/dispute-look-ups", said | {"phone": "13800138000"}).text
    assert _named(found) and 'value="whose_turn" checked' in found
    assert _named(sent(seller, "/halls/h1/dispute", said | {"phone": "13800138000"}).text)


def _named(form: str) -> bool:
    """Whether the customer is shown before anything is reported."""
    return 'name="customer_id" value="c1" checked' in form


def test_one_sees_what_was_decided(seller: FlaskClient, reception: ToldByWord) -> None:
    """A dispute with its sides, its reception and customer, and the decision with its reason."""
    dispute = {"reporter": "甲", "reporter_id": "p1", "other": "乙", "said": "抢客户", "reported_at": AT}
    dispute |= {"reception_id": "r1", "customer_id": None, "decided_at": AT, "reason": "以登记簿为准"}
    reception.answers["disputes"] = 200, {"items": [dispute]}
    visit = {"reception_id": "r1", "hall_id": "h1", "kind": "first_visit", "arrived_at": AT}
    reception.answers["r1"] = 200, visit | {"completed_at": None, "customer_id": "c1"}
    reception.answers["look-ups"] = 200, FOUND
    page = seller.get("/mine/disputes").text
    told = ("甲 与 乙", "已处理", "抢客户", "首访，2026-03-02 09:10", "王** · 138****8000", "以登记簿为准")
    assert all(word in page for word in told)


def test_of_an_erased_customer_the_words_are_gone(seller: FlaskClient, reception: ToldByWord) -> None:
    """The dispute stays, with who and when; it says that the customer was erased, and the words with them."""
    dispute = {"reporter": "甲", "reporter_id": "p1", "other": "乙", "said": None, "reported_at": AT}
    dispute |= {"reception_id": None, "customer_id": "c1", "decided_at": AT, "reason": None}
    reception.answers["disputes"] = 200, {"items": [dispute]}
    page = seller.get("/mine/disputes").text
    assert all(word in page for word in ("甲 与 乙", "已处理", "已删除的客户", "已随客户的个人资料删除"))
    assert "None" not in page


def test_whose_a_phone_is_shows_while_it_is_typed(seller: FlaskClient, reception: ToldByWord) -> None:
    """Registered to whom, when, and whether they are here: from a whole phone on; at the door from four digits."""
    reception.answers["look-ups"] = 200, FOUND
    assert sent(seller, "/halls/h1/registered", {"phone": "138001"}).text == ""
    assert sent(seller, "/halls/h1/registered", {"phone": "8000"}).text == ""
    assert reception.asked == []
    shown = sent(seller, "/halls/h1/registered", {"phone": "13800138000"}).text
    assert "2026年3月3日登记给 P3。" in shown and "暂离" in shown and "138****8000" in shown and "of-another" in shown
    sent(seller, "/halls/h1/registered?door", {"phone": "8000"})
    phones = {"phone": "1", "companion_phone": ["", "13900139000"]}
    sent(seller, "/halls/h1/registered?n=1", phones)
    assert [body for _path, body in reception.asked[1:]] == [{"last_four": "8000"}, {"phone": "13900139000"}]
    assert sent(seller, "/halls/h1/registered?n=7", phones).text == ""
    reception.answers["look-ups"] = 200, {"candidates": [], "more": False}
    assert "还没有登记过" in sent(seller, "/halls/h1/registered", {"phone": "13800138000"}).text
    reception.answers["look-ups"] = 422, {"detail": "不存在"}
    assert sent(seller, "/halls/h1/registered", {"phone": "13800138000"}).text == ""
    reception.away = True
    assert "暂时无法使用" in sent(seller, "/halls/h1/registered", {"phone": "13800138000"}).text


def test_a_completed_reception_leads_to_its_receipt(seller: FlaskClient, reception: ToldByWord) -> None:
    """The word after completing links the receipt, with scripts and without; the receipt has time, entry and digest."""
    reception.answers["complete"] = 200, {"turn": "used"}
    form, way = {"name": "王晓明", "phone": "13800138000"}, "/halls/h1/receptions/r1/complete"
    answer = sent(seller, way, form)
    assert "/receptions/r1/receipt" in seller.get(answer.headers["Location"]).text
    assert "/receptions/r1/receipt" in sent(seller, way, form, headers={"HX-Request": "true"}).text
    page = seller.get("/receptions/r1/receipt").text
    assert all(word in page for word in ("王晓明", "2026-03-02 09:10:02", ">13<", "cd" * 32, "ef" * 32))
    reception.answers["receipt"] = 409, {"detail": "还没有登记客户。"}
    early = seller.get("/receptions/r1/receipt")
    assert early.status_code == 409 and "还没有登记客户。" in early.text


def test_a_receipt_is_checked(seller: FlaskClient, reception: ToldByWord) -> None:
    """The digest is checked as it is printed; whether it stands is said, and what was typed stays."""
    reception.answers["verify"] = 200, {"stands": True, "text": "回执有效"}
    shown = sent(seller, "/receipts", {"reception_id": " r1 ", "hash": "CD" * 32})
    assert reception.asked == [("/api/v1/reception/receipts/verify?", {"reception_id": "r1", "hash": "cd" * 32})]
    assert '<p class="said"' in shown.text and "回执有效" in shown.text
    reception.answers["verify"] = 200, {"stands": False, "text": "回执无效"}
    shown = sent(seller, "/receipts", {"reception_id": "r1", "hash": "00" * 32})
    assert '<p class="wrong"' in shown.text and "00" * 32 in shown.text
    reception.answers["verify"] = 404, {"detail": "没有这次接待。"}
    assert "没有这次接待。" in sent(seller, "/receipts", {"reception_id": "r9", "hash": "0"}).text
