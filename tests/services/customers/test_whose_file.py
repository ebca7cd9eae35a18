"""Whoever registers a customer learns whose it is; the file is told to those who see the customer anyway."""

from typing import Any

import pytest

from chassis.database import Database
from chassis.identity import Who
from services.customers.files.schemas import RegisteredSchema, WholeFileSchema
from tests.services.asking import Ask
from tests.services.customers.house import CHEN, HEADQUARTERS, LI, MANAGER, PHONE, SUPERVISOR, ZHAO, imported, person
from tests.services.customers.test_amendments import asked, decided, read, registered
from tests.services.customers.test_registering_again import again
from tests.services.synthetic import EAST, WEST, named

BASE = "/api/v1/customers"
_TOLD = {"customer_id", "branch_id", "code", "owner_id", "name", "phone", "is_new", "is_back", "ruling"}
_SECRET: dict[str, Any] = {"remarks": "别告诉别人", "company": "某公司", "demand": {"budget": "两千万"}, "grade": "A"}


@pytest.mark.parametrize(
    ("who", "sees"),
    [(CHEN, False), (ZHAO, False), (LI, True), (SUPERVISOR, True), (MANAGER, True), (HEADQUARTERS, True)],
)
def test_a_known_phone_tells_no_more_than_whose_it_is(ask: Ask, who: Who, sees: bool) -> None:
    """Out of reach: the ruling, code, owner, and the name and phone as typed; in reach the whole file as well."""
    made = registered(ask, **_SECRET)
    branch = {"branch_id": EAST} if who is HEADQUARTERS else {}
    told = registered(ask, who, name="王 先生", phone="138-0013-8000", **branch)
    assert (told["code"], told["owner_id"], told["is_new"]) == ("A001", named("li"), False)
    assert told["ruling"]["registered_by"] == named("li") and told["ruling"]["losers"][0]["text"]
    assert told["customer_id"] == made["customer_id"]
    if sees:
        assert (told["name"], told["remarks"], told["demand"]) == ("王小明", "别告诉别人", {"budget": "两千万"})
    else:
        assert (told["name"], told["phone"], set(told)) == ("王 先生", PHONE, _TOLD)
    assert (ask(who, "GET", f"{BASE}/{made['customer_id']}").status_code == 200) is sees


def test_one_s_own_new_customer_is_told_whole(quick_ask: Ask) -> None:
    """Who registers somebody new owns them, and is told all that the file holds."""
    made = registered(quick_ask, **_SECRET)
    assert set(made) > _TOLD and made["remarks"] == "别告诉别人"
    assert {**made, "is_new": None} == {**made, **read(quick_ask, made["customer_id"], who=LI), "is_new": None}


def test_who_is_known_by_name_and_tail_is_told_by_what_was_typed(quick_ask: Ask) -> None:
    """Rule 4: one full name and the same last four digits. Of the phone in the file nothing is told."""
    registered(quick_ask, **_SECRET)
    told = registered(quick_ask, CHEN, phone="15912348000")
    assert (told["code"], told["phone"], set(told)) == ("A001", "+8615912348000", _TOLD)
    assert "13800138000" not in str(told)


def test_a_customer_who_turns_out_to_be_a_colleague_s_is_told_like_one(quick_ask: Ask) -> None:
    """With the full name li's customer is the one whom zhao registered before (one name, one tail): from then on li is
    told whose it is, and nothing of zhao's file; not even by phone, as none was typed."""
    registered(quick_ask, ZHAO, phone="15912348000", **_SECRET)
    mine = registered(quick_ask, name="王先生")["customer_id"]
    told = again(quick_ask, mine, name="王小明").get_json()
    assert (told["owner_id"], told["name"], told["phone"], set(told)) == (named("zhao"), "王小明", None, _TOLD)
    assert quick_ask(LI, "GET", f"{BASE}/{mine}").status_code == 404


def test_what_is_always_told_is_what_the_contract_promises() -> None:
    """All else of the file may be left out, and is there under the names and forms that the file has."""
    schema, file = RegisteredSchema(), WholeFileSchema()
    assert {name for name, field in schema.fields.items() if field.required} == _TOLD
    assert file.fields.keys() < schema.fields.keys()
    assert all(type(schema.fields[name]) is type(field) for name, field in file.fields.items())


def test_an_imported_row_tells_no_more(quick_ask: Ask, quick_database: Database) -> None:
    """Whoever takes a sheet in learns by each row's fate whose code it belongs to, and no word of that file."""
    registered(quick_ask, **_SECRET)
    chen = person("chen", "own", EAST, "customers.see", "customers.import")
    sheet = "姓名,电话\n王小明,13800138000\n".encode()
    (row,) = imported(quick_ask, quick_database, sheet, chen)["rows"]
    told = {name for name, value in row.items() if value not in (None, [])}
    assert (row["fate"], row["code"]) == ("known_customer", "A001")
    assert told == {"row_number", "fate", "fate_text", "customer_id", "code"}


def test_who_signs_reads_what_was_asked_for_and_no_file(quick_ask: Ask) -> None:
    """The answer to a signature is the change itself; once the customer is out of reach nobody signs it."""
    customer_id = registered(quick_ask, **_SECRET)["customer_id"]
    wish = asked(quick_ask, customer_id, name="王大明").get_json()
    given = {"owner_id": named("chen"), "reason": None}
    assert quick_ask(MANAGER, "POST", f"{BASE}/{customer_id}/owner", json=given).status_code == 200
    assert decided(quick_ask, wish["amendment_id"]).get_json()["code"] == "unknown_customer"
    signed = decided(quick_ask, wish["amendment_id"], MANAGER).get_json()
    assert signed.keys() == wish.keys() and "remarks" not in signed


def test_nobody_of_another_branch_is_recognised(quick_ask: Ask) -> None:
    """What one branch knows is not told in another, by no answer: there the customer is new."""
    registered(quick_ask, **_SECRET)
    told = registered(quick_ask, person("west", "own", WEST))
    assert (told["is_new"], told["code"], told["remarks"]) == (True, "A001", None)
