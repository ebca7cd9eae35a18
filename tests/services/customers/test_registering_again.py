"""Registering a known customer once more: it completes a name or a phone, and replaces neither (一.3, 一.4)."""

from typing import Any

import pytest

from tests.services.asking import Ask, code_of
from tests.services.customers.house import LI, MANAGER, PHONE, ZHAO
from tests.services.customers.test_amendments import OTHER_PHONE, asked, decided, read, registered

BASE = "/api/v1/customers"
THIRD_PHONE = "+8613700137000"


def again(ask: Ask, customer_id: str, **body: Any) -> Any:
    return ask(LI, "POST", f"{BASE}/{customer_id}/register", json=body)


def says(ask: Ask, customer_id: str) -> tuple[str, str | None]:
    file = read(ask, customer_id)
    return file["name"], file["phone"]


def proved_wrong(ask: Ask, customer_id: str) -> None:
    entries = read(ask, customer_id, "/register")["entries"]
    wrong = {"entry_ids": [one["entry_id"] for one in entries if one["phone"]], "reason": "空号"}
    assert ask(MANAGER, "POST", f"{BASE}/{customer_id}/wrong-phones", json=wrong).status_code == 200


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "王先生"}, {"name": "李四", "phone": OTHER_PHONE}),
        ({"name": "王先生"}, {"name": "王小明", "phone": OTHER_PHONE}),
        ({"name": "王先生"}, {"name": "王先生", "phone": OTHER_PHONE}),
        ({}, {"name": "李四光"}),
        ({}, {"name": "李四光", "phone": OTHER_PHONE}),
        ({"phone": None}, {"name": "李四光"}),
        ({"phone": None}, {"name": "李四光", "phone": OTHER_PHONE}),
        ({"phone": None}, {"name": "王先生", "phone": OTHER_PHONE}),
        ({"name": "王先生", "phone": None}, {"name": "李四", "phone": OTHER_PHONE}),
        ({"name": "王先生", "phone": None}, {"name": "李先生", "phone": OTHER_PHONE}),
    ],
)
def test_what_is_registered_is_not_replaced(quick_ask: Ask, first: dict[str, Any], second: dict[str, str]) -> None:
    """一.3: another full name, or another phone than a valid one, is a change that somebody else signs; nothing is
    entered, and the refusal names neither."""
    customer_id = registered(quick_ask, **first)["customer_id"]
    before = says(quick_ask, customer_id)
    answer = again(quick_ask, customer_id, **second)
    assert (answer.status_code, code_of(answer)) == (409, "registered_otherwise")
    told = answer.get_json()["detail"]
    assert "一.3" in told and "sign" in told
    assert not any(word and word in told for word in (*before, *second.values()))
    assert says(quick_ask, customer_id) == before
    assert len(read(quick_ask, customer_id, "/register")["entries"]) == 1


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        ({"name": "王先生"}, {"name": "王小明"}, ("王小明", PHONE)),
        ({"name": "王先生"}, {"name": "王小明", "phone": PHONE}, ("王小明", PHONE)),
        ({"name": "王太太"}, {"name": "李小红"}, ("李小红", PHONE)),
        ({"phone": None}, {"name": "王 小明", "phone": PHONE}, ("王 小明", PHONE)),
        ({"name": "王先生", "phone": None}, {"name": "王小明", "phone": PHONE}, ("王小明", PHONE)),
        ({"name": "王先生", "phone": None}, {"name": "王先生", "phone": PHONE}, ("王先生", PHONE)),
        ({"name": "老板", "phone": None}, {"name": "王小明", "phone": PHONE}, ("王小明", PHONE)),
        ({}, {"name": "王小明", "phone": OTHER_PHONE}, ("王小明", PHONE)),
        ({}, {"name": "王先生", "phone": OTHER_PHONE}, ("王小明", PHONE)),
    ],
)
def test_what_is_missing_is_completed(
    quick_ask: Ask, first: dict[str, Any], second: dict[str, str], after: tuple[str, str]
) -> None:
    """一.4: the full name where it is not full, a phone where there is none; a further phone changes neither."""
    customer_id = registered(quick_ask, **first)["customer_id"]
    assert again(quick_ask, customer_id, **second).status_code == 201
    assert says(quick_ask, customer_id) == after
    if "phone" in second:
        assert registered(quick_ask, ZHAO, name="王先生", phone=second["phone"])["customer_id"] == customer_id


def test_a_phone_proved_wrong_is_replaced_under_the_same_name(quick_ask: Ask) -> None:
    """A manager has signed that the phone is wrong, not that it is somebody else; another takes its place, then stays,
    and the wrong one does not come back."""
    customer_id = registered(quick_ask)["customer_id"]
    proved_wrong(quick_ask, customer_id)
    assert code_of(again(quick_ask, customer_id, name="李四光", phone=OTHER_PHONE)) == "registered_otherwise"
    assert code_of(again(quick_ask, customer_id, name="王小明", phone=PHONE)) == "registered_otherwise"
    assert again(quick_ask, customer_id, name="王小明", phone=OTHER_PHONE).status_code == 201
    assert again(quick_ask, customer_id, name="王小明", phone=THIRD_PHONE).status_code == 201
    assert says(quick_ask, customer_id) == ("王小明", OTHER_PHONE)


def test_another_name_beside_one_that_counts_waits_for_nothing(quick_ask: Ask) -> None:
    """What changes nothing now would hold as soon as the first phone is signed to be wrong: it is refused as well."""
    customer_id = registered(quick_ask)["customer_id"]
    assert code_of(again(quick_ask, customer_id, name="李四光", phone=OTHER_PHONE)) == "registered_otherwise"
    proved_wrong(quick_ask, customer_id)
    assert says(quick_ask, customer_id) == ("王小明", None)


def test_a_full_name_completes_a_signed_change_of_the_phone(quick_ask: Ask) -> None:
    """王先生's phone was changed by a signature; his full name is registered afterwards. The new phone stays, and no
    registration by hand brings the old one back."""
    customer_id = registered(quick_ask, name="王先生")["customer_id"]
    wish = asked(quick_ask, customer_id, phone=OTHER_PHONE).get_json()["amendment_id"]
    assert decided(quick_ask, wish).status_code == 200
    assert code_of(again(quick_ask, customer_id, name="王小明", phone=PHONE)) == "registered_otherwise"
    assert again(quick_ask, customer_id, name="王小明").status_code == 201
    assert says(quick_ask, customer_id) == ("王小明", OTHER_PHONE)
    for other in ({"name": "王大明"}, {"name": "王小明", "phone": PHONE}):
        assert code_of(again(quick_ask, customer_id, **other)) == "registered_otherwise"
