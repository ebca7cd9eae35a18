"""Changes of what is registered (一.3), and phones proved wrong (一.4), over HTTP."""

from typing import Any

import pytest

from chassis.database import Database
from chassis.identity import Who
from chassis.ledger import verify
from tests.services.asking import Ask, code_of
from tests.services.customers.house import (
    CHEN,
    HEADQUARTERS,
    LI,
    MANAGER,
    PHONE,
    SUPERVISOR,
    ZHAO,
    announced,
    person,
)
from tests.services.customers.test_at_once import at_once
from tests.services.synthetic import WEST, named

BASE = "/api/v1/customers"
OTHER_PHONE = "+8613900139000"
WEST_MANAGER = person("west", "branch", WEST, "customers.see", "customers.edit", "customers.sign", "customers.manage")


def registered(ask: Ask, who: Who = LI, **body: Any) -> Any:
    answer = ask(who, "POST", BASE, json={"name": "王小明", "phone": "13800138000"} | body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def asked(ask: Ask, customer_id: str, who: Who = LI, **body: Any) -> Any:
    return ask(who, "POST", f"{BASE}/{customer_id}/amendments", json={"because": "写错了"} | body)


def decided(ask: Ask, amendment_id: str, who: Who = SUPERVISOR, verb: str = "sign", **body: Any) -> Any:
    return ask(who, "POST", f"{BASE}/amendments/{amendment_id}/{verb}", json=body or None)


def read(ask: Ask, customer_id: str, what: str = "", who: Who = MANAGER) -> Any:
    return ask(who, "GET", f"{BASE}/{customer_id}{what}").get_json()


def test_a_change_is_a_request_until_somebody_else_signs_it(quick_ask: Ask, quick_database: Database) -> None:
    """一.3: asked for it has no effect and is seen; signed it counts from the signature, in the register as well."""
    customer_id = registered(quick_ask)["customer_id"]
    wish = asked(quick_ask, customer_id, name="王大明", phone="139-0013-9000")
    assert (wish.status_code, wish.get_json()["state"], wish.get_json()["phone"]) == (201, "asked", OTHER_PHONE)
    assert read(quick_ask, customer_id)["name"] == "王小明"
    waiting = quick_ask(SUPERVISOR, "GET", f"{BASE}/amendments?state=asked").get_json()["items"]
    assert [one["name"] for one in waiting] == ["王大明"]
    assert read(quick_ask, customer_id, "/amendments", LI)["items"][0]["state"] == "asked"
    signed = decided(quick_ask, wish.get_json()["amendment_id"])
    assert (signed.get_json()["state"], signed.get_json()["decided_by"]) == ("signed", named("supervisor"))
    file = read(quick_ask, customer_id)
    assert (file["name"], file["phone"], file["owner_id"]) == ("王大明", OTHER_PHONE, named("li"))
    assert [entry["kind"] for entry in read(quick_ask, customer_id, "/register")["entries"]] == [
        "registered",
        "amended",
    ]
    facts = announced(quick_database, "amendment.changed.v1")
    assert [(fact.sequence, fact.data["state"]) for fact in facts] == [(1, "asked"), (2, "signed")]
    with quick_database.read() as tx:
        assert verify(tx) == []


def test_nobody_signs_their_own_request(quick_ask: Ask) -> None:
    """一.3: not the salesperson, and not the supervisor who asked; another one does."""
    customer_id = registered(quick_ask)["customer_id"]
    wish = asked(quick_ask, customer_id, SUPERVISOR, name="王大明").get_json()["amendment_id"]
    assert code_of(decided(quick_ask, wish, LI)) == "permission_missing"
    assert code_of(decided(quick_ask, wish, SUPERVISOR)) == "signature_needed"
    assert read(quick_ask, customer_id)["name"] == "王小明"
    assert decided(quick_ask, wish, MANAGER).status_code == 200


def test_a_request_is_refused_with_a_reason_once(quick_ask: Ask) -> None:
    """Refused it stays as it was, with the reason; what is decided is decided."""
    customer_id = registered(quick_ask)["customer_id"]
    wish = asked(quick_ask, customer_id, name="王大明").get_json()["amendment_id"]
    assert code_of(decided(quick_ask, wish, verb="refuse", reason=" ")) == "invalid"
    assert decided(quick_ask, wish, verb="refuse", reason="没有证件").get_json()["reason"] == "没有证件"
    assert code_of(decided(quick_ask, wish)) == "already_decided"
    assert read(quick_ask, customer_id)["name"] == "王小明"


def test_a_refusal_names_its_article(quick_ask: Ask) -> None:
    """Who types a form of address reads what is asked for and where it is written."""
    answer = asked(quick_ask, registered(quick_ask)["customer_id"], name="王先生")
    assert "Give the full name" in answer.get_json()["detail"] and "一.4" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "王先生"}, "full_name_needed"),
        ({"name": "王小明"}, "nothing_to_amend"),
        ({"phone": "65529988"}, "phone_without_area_code"),
        ({"phone": "13900139000"}, "phone_held"),
        ({}, "invalid"),
    ],
)
def test_what_cannot_be_asked_for(quick_ask: Ask, body: dict[str, str], code: str) -> None:
    """A correction brings the full name, changes something, has a phone that can be dialled, and merges nobody."""
    registered(quick_ask, name="真机主", phone="13900139000")
    customer_id = registered(quick_ask)["customer_id"]
    assert code_of(asked(quick_ask, customer_id, **body)) == code
    assert read(quick_ask, customer_id, "/amendments")["items"] == []


def test_a_phone_that_was_taken_meanwhile_is_not_signed(quick_ask: Ask) -> None:
    """Between request and signature somebody else registered with it: nothing is done, and the request still waits."""
    customer_id = registered(quick_ask)["customer_id"]
    wish = asked(quick_ask, customer_id, phone="13900139000").get_json()["amendment_id"]
    registered(quick_ask, ZHAO, name="真机主", phone="13900139000")
    assert code_of(decided(quick_ask, wish)) == "phone_held"
    assert read(quick_ask, customer_id, "/amendments")["items"][0]["state"] == "asked"


def test_a_corrected_phone_frees_the_old_one(quick_ask: Ask) -> None:
    """Whoever is registered with it from the signature on is a customer of their own; who was before stays one."""
    customer_id = registered(quick_ask)["customer_id"]
    registered(quick_ask, ZHAO, name="王先生")
    wish = asked(quick_ask, customer_id, phone="13900139000").get_json()["amendment_id"]
    assert decided(quick_ask, wish).status_code == 200
    told = registered(quick_ask, ZHAO, name="真机主")
    assert (told["is_new"], told["code"], told["owner_id"]) == (True, "A002", named("zhao"))
    assert len(read(quick_ask, customer_id, "/register")["entries"]) == 3


def test_the_full_name_is_given_by_registering_again(quick_ask: Ask) -> None:
    """一.4: 王先生 is asked for the full name; one more registration brings it, counts from now and alters nothing."""
    made = registered(quick_ask, name="王先生")
    assert made["ruling"]["asks_for_full_name"]
    path = f"{BASE}/{made['customer_id']}/register"
    again = quick_ask(LI, "POST", path, json={"name": "王小明"}).get_json()
    assert (again["name"], again["is_new"], again["ruling"]["asks_for_full_name"]) == ("王小明", False, False)
    assert again["ruling"]["rule"] == "first_full_name_and_correct_phone"
    registered(quick_ask, ZHAO, name="真机主", phone="13900139000")
    held = quick_ask(LI, "POST", path, json={"name": "王小明", "phone": "13900139000"})
    assert code_of(held) == "phone_held"
    assert quick_ask(CHEN, "POST", path, json={"name": "王小明"}).status_code == 404


def test_a_phone_proved_wrong_lets_the_later_one_hold(quick_ask: Ask, quick_database: Database) -> None:
    """一.4: from the manager's signature on Li's wrong phone does not count; Zhao's registration, decided to be of the
    same person, holds, and Li's is told why it does not."""
    li_s = registered(quick_ask, phone="13800138001")["customer_id"]
    zhao_s = registered(quick_ask, ZHAO)["customer_id"]
    path = f"{BASE}/{li_s}/candidates/{zhao_s}/decide"
    assert quick_ask(MANAGER, "POST", path, json={"same": True, "reason": "本人确认"}).status_code == 200
    assert read(quick_ask, zhao_s)["owner_id"] == named("li")
    entry = read(quick_ask, li_s, "/register")["entries"][0]["entry_id"]
    wrong = {"entry_ids": [entry], "reason": "打过去是别人"}
    assert code_of(quick_ask(SUPERVISOR, "POST", f"{BASE}/{li_s}/wrong-phones", json=wrong)) == "permission_missing"
    told = quick_ask(MANAGER, "POST", f"{BASE}/{li_s}/wrong-phones", json=wrong, language="zh").get_json()
    assert told["ruling"]["registered_by"] == named("zhao")
    assert told["ruling"]["losers"][0]["text"] == "没有登记正确的电话（制度 一.4）。"
    file = read(quick_ask, li_s)
    assert (file["owner_id"], file["phone"], file["customer_id"]) == (named("zhao"), PHONE, zhao_s)
    assert quick_ask(MANAGER, "POST", f"{BASE}/{li_s}/wrong-phones", json=wrong, language="zh").get_json() == told
    unknown = wrong | {"entry_ids": ["?"]}
    assert code_of(quick_ask(MANAGER, "POST", f"{BASE}/{li_s}/wrong-phones", json=unknown)) == "unknown_entry"
    with quick_database.read() as tx:
        assert verify(tx) == []


def test_a_wrong_phone_can_be_corrected(quick_ask: Ask) -> None:
    """The file has no phone until one is given again; the right one needs no signature where none stands."""
    customer_id = registered(quick_ask)["customer_id"]
    entry = read(quick_ask, customer_id, "/register")["entries"][0]["entry_id"]
    wrong = {"entry_ids": [entry], "reason": "空号"}
    quick_ask(MANAGER, "POST", f"{BASE}/{customer_id}/wrong-phones", json=wrong)
    assert read(quick_ask, customer_id)["phone"] is None
    again = quick_ask(LI, "POST", f"{BASE}/{customer_id}/register", json={"name": "王小明", "phone": "13900139000"})
    assert (again.get_json()["phone"], again.get_json()["owner_id"]) == (OTHER_PHONE, named("li"))


@pytest.mark.parametrize(
    ("who", "status"),
    [(LI, 200), (ZHAO, 404), (SUPERVISOR, 200), (MANAGER, 200), (HEADQUARTERS, 200), (WEST_MANAGER, 404)],
)
def test_who_sees_a_request(quick_ask: Ask, who: Who, status: int) -> None:
    """Who asked, who owns, who leads them; for everyone else neither request nor customer exists."""
    customer_id = registered(quick_ask)["customer_id"]
    wish = asked(quick_ask, customer_id, phone="13900139000").get_json()["amendment_id"]
    assert quick_ask(who, "GET", f"{BASE}/{customer_id}/amendments").status_code == status
    assert len(quick_ask(who, "GET", f"{BASE}/amendments").get_json()["items"]) == (status == 200)
    if status == 404 and who.may("customers.sign"):
        assert code_of(decided(quick_ask, wish, who)) == "unknown_amendment"
        assert code_of(decided(quick_ask, wish, who, "refuse", reason="x")) == "unknown_amendment"
    if status == 404:
        assert code_of(asked(quick_ask, customer_id, who, name="王大明")) == "unknown_customer"


def test_eight_sign_the_same_request(ask: Ask) -> None:
    """One signs; the others are told that it is decided; the register has one change."""
    customer_id = registered(ask)["customer_id"]
    wish = asked(ask, customer_id, name="王大明").get_json()["amendment_id"]
    signers = [person(f"s{n}", "branch", MANAGER.branch_id, *MANAGER.permissions) for n in range(8)]
    answers = at_once(8, lambda n: decided(ask, wish, signers[n]).status_code)
    assert sorted(answers) == [200] + [409] * 7
    assert [one["kind"] for one in read(ask, customer_id, "/register")["entries"]] == ["registered", "amended"]
