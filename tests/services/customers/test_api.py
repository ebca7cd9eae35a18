"""Customers over HTTP: who sees what, who may change what, and what is told to whom."""

from typing import Any

import pytest
from sqlalchemy import event

from chassis.database import Database
from chassis.identity import Who
from services.customers.app import SERVICE
from services.customers.files.tables import customers
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
    visit,
)
from tests.services.synthetic import EAST, WEST, deliver, named, rows_of

BASE = "/api/v1/customers"
OTHER_PHONE = "+8613900139000"
WEST_MANAGER = person("west", "branch", WEST)
AUDITOR = person("auditor", "all", None, "customers.see")


@pytest.fixture
def li_has_one(database: Database) -> str:
    """A customer of li's, from a reception; answers the id."""
    deliver(database, SERVICE.consumers, [visit("r1", "c1", minute=-5)])
    return named("c1")


@pytest.fixture
def li_has_one_quickly(quick_database: Database) -> str:
    """The same, where the kind of database makes no difference."""
    deliver(quick_database, SERVICE.consumers, [visit("r1", "c1", minute=-5)])
    return named("c1")


def registered(ask: Ask, who: Who = LI, **body: Any) -> Any:
    answer = ask(who, "POST", BASE, json={"name": "张三丰", "phone": "139-0013-9000"} | body)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def change(ask: Ask, who: Who, customer_id: str, version: int = 1, **changes: Any) -> Any:
    return ask(who, "PATCH", f"{BASE}/{customer_id}", json=changes, headers={"If-Match": f'"{version}"'})


def test_a_customer_registered_by_hand_has_a_file(ask: Ask, database: Database) -> None:
    """The next code, the phone in one form, owned by who registered; announced once, with everything in it."""
    made = registered(ask, customer_type="优质客户")
    expected = {
        "code": "A001",
        "phone": OTHER_PHONE,
        "owner_id": named("li"),
        "customer_type": "优质客户",
        "is_new": True,
    }
    assert made | expected == made
    assert (made["source"], made["local_day"], made["grade"]) == ("person", "2026-03-02", None)
    assert made["ruling"]["rule"] == "only_registration"
    (fact,) = announced(database, "customer.registered.v1")
    assert fact.data["customer_type"] == "优质客户"
    assert announced(database, "customer.changed.v1") == []


def test_what_is_answered_is_what_was_stored(ask: Ask) -> None:
    """Registering answers the file as it is read afterwards, the first time and when the phone is known."""
    for name, is_new in (("张三丰", True), ("张三", False)):
        made = registered(ask, name=name)
        assert (made.pop("is_new"), made.pop("is_back"), made.pop("ruling") is not None) == (is_new, False, True)
        assert made == ask(LI, "GET", f"{BASE}/{made['customer_id']}").get_json()


def test_registering_a_stranger_asks_little_while_others_wait(ask: Ask, database: Database) -> None:
    """Under the branch's lock it looks for the phone and for the end of the chain, and reads nothing that it wrote."""
    registered(ask)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    registered(ask, name="李四光", phone="13900139001")
    lock = next(at for at, statement in enumerate(asked) if "FROM codes" in statement)
    reads = [statement for statement in asked[lock + 1 :] if statement.startswith("SELECT") and "FROM " in statement]
    under_it = [statement.split("FROM ")[1].split()[0] for statement in reads]
    assert under_it == ["register", "ledger_heads"]


def test_a_known_phone_is_answered_with_its_customer(ask: Ask, li_has_one: str) -> None:
    """Whose customer it is, since when, and why, the moment the phone is typed; of phones only the one typed."""
    told = registered(ask, ZHAO, name="王小明", phone="138 0013 8000")
    assert (told["customer_id"], told["is_new"], told["owner_id"]) == (li_has_one, False, named("li"))
    assert told["phone"] == "+8613800138000"
    assert told["ruling"]["registered_by"] == named("li")
    (loser,) = told["ruling"]["losers"]
    assert (loser["registered_by"], loser["reason"], loser["text"]) == (
        named("zhao"),
        "later",
        "It was registered later (article 一.4).",
    )


def test_a_full_name_is_asked_for(ask: Ask, database: Database) -> None:
    """一.4: a surname is taken, and told not to be enough; the full name later wins."""
    assert registered(ask, LI, name="张先生")["ruling"]["asks_for_full_name"]
    told = registered(ask, ZHAO, name="张三丰")
    assert (told["owner_id"], told["ruling"]["rule"]) == (named("zhao"), "first_full_name_and_correct_phone")
    assert len(rows_of(database, customers)) == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [(LI, 200), (ZHAO, 404), (CHEN, 404), (SUPERVISOR, 200), (MANAGER, 200), (HEADQUARTERS, 200), (WEST_MANAGER, 404)],
    ids=["owner", "colleague", "stranger", "supervisor", "manager", "headquarters", "other branch"],
)
def test_who_sees_a_customer(quick_ask: Ask, li_has_one_quickly: str, who: Who, status: int) -> None:
    """One's own, one's team's, one's branch's; what is out of reach does not exist, on every route."""
    assert quick_ask(who, "GET", f"{BASE}/{li_has_one_quickly}").status_code == status
    assert quick_ask(who, "GET", f"{BASE}/{li_has_one_quickly}/register").status_code == status
    assert change(quick_ask, who, li_has_one_quickly, grade="A").status_code == status
    seen = quick_ask(who, "GET", BASE).get_json()["items"]
    found = quick_ask(who, "POST", f"{BASE}/search", json={"phone": PHONE}).get_json()["items"]
    assert len(seen) == len(found) == (1 if status == 200 else 0)


@pytest.mark.parametrize(
    ("who", "phone"),
    [(LI, PHONE), (MANAGER, PHONE), (HEADQUARTERS, PHONE), (SUPERVISOR, "138****8000"), (AUDITOR, "138****8000")],
    ids=["owner", "manager", "headquarters", "supervisor", "auditor"],
)
def test_phones_of_others_are_masked(quick_ask: Ask, li_has_one_quickly: str, who: Who, phone: str) -> None:
    """The owner and who keeps the branch's files read the phone; everyone else its two ends, everywhere."""
    assert quick_ask(who, "GET", f"{BASE}/{li_has_one_quickly}").get_json()["phone"] == phone
    assert quick_ask(who, "GET", BASE).get_json()["items"][0]["phone"] == phone
    assert quick_ask(who, "POST", f"{BASE}/search", json={"text": "小明"}).get_json()["items"][0]["phone"] == phone
    (entry,) = quick_ask(who, "GET", f"{BASE}/{li_has_one_quickly}/register").get_json()["entries"]
    assert entry["phone"] == phone


def test_the_register_tells_every_registration(ask: Ask, database: Database) -> None:
    """In order, with the ruling in the reader's language; a merged id leads to the same customer."""
    deliver(database, SERVICE.consumers, [visit("r2", "c2", "zhao", minute=1), visit("r1", "c1")])
    told = ask(MANAGER, "GET", f"{BASE}/{named('c2')}/register", language="zh").get_json()
    assert told["customer_id"] == named("c1")
    assert [entry["registered_by"] for entry in told["entries"]] == [named("li"), named("zhao")]
    assert told["ruling"]["text"] == "先登记的为准（制度 一.4）。"
    assert told["ruling"]["losers"][0]["text"] == "登记得更晚（制度 一.4）。"
    assert ask(MANAGER, "GET", f"{BASE}/{named('c2')}").get_json()["customer_id"] == named("c1")


def test_a_change_needs_the_version_that_was_read(ask: Ask, li_has_one: str, database: Database) -> None:
    """Without If-Match 428, with an old one 412 and nothing done; with the right one changed and announced."""
    read = ask(LI, "GET", f"{BASE}/{li_has_one}")
    assert read.headers["ETag"] == '"1"'
    missing = ask(LI, "PATCH", f"{BASE}/{li_has_one}", json={"grade": "A"})
    assert (missing.status_code, code_of(missing)) == (428, "version_required")
    changed = change(ask, LI, li_has_one, grade="A", key_account=True, customer_type="超级VIP客户")
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (changed.get_json()["grade"], changed.get_json()["key_account"]) == ("A", True)
    stale = change(ask, LI, li_has_one, grade="B")
    assert (stale.status_code, code_of(stale)) == (412, "stale_version")
    (fact,) = announced(database, "customer.changed.v1")
    assert (fact.sequence, fact.data["grade"], fact.data["code"]) == (2, "A", "A001")


def test_a_change_that_changes_nothing_is_no_news(ask: Ask, li_has_one: str, database: Database) -> None:
    """Setting what is so already keeps the version and announces nothing."""
    assert change(ask, LI, li_has_one, grade=None).headers["ETag"] == '"1"'
    assert announced(database, "customer.changed.v1") == []


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"text": "三丰"}, True),
        ({"text": "a00"}, True),
        ({"text": "0013900"}, True),
        ({"text": "%"}, False),
        ({"text": "_"}, False),
        ({"phone": "+86 139 0013 9000"}, True),
        ({"phone": "9000"}, True),
        ({"phone": "1390"}, False),
        ({"code": "a001"}, True),
        ({"code": "A00"}, False),
    ],
)
def test_customers_are_found(quick_ask: Ask, question: dict[str, str], found: bool) -> None:
    """By part of a name, code or phone; by a phone as anyone writes it or its last digits; by the code."""
    registered(quick_ask)
    answer = quick_ask(LI, "POST", f"{BASE}/search", json=question)
    assert [one["code"] for one in answer.get_json()["items"]] == (["A001"] if found else [])


def test_lists_come_in_pages_the_newest_first(ask: Ask) -> None:
    """Nothing is skipped or shown twice."""
    made = [registered(ask, name=f"客户{n}", phone=f"1390013900{n}")["customer_id"] for n in range(5)]
    first = ask(LI, "GET", f"{BASE}?limit=3").get_json()
    rest = ask(LI, "GET", f"{BASE}?limit=3&after={first['next_after']}").get_json()
    assert [one["customer_id"] for one in [*first["items"], *rest["items"]]] == made[::-1]
    assert rest["next_after"] is None


def test_the_same_request_twice_registers_once(ask: Ask, database: Database) -> None:
    """An idempotency key makes a repeated registration one entry."""
    body = {"name": "张三丰", "phone": "13900139000"}
    answers = [ask(LI, "POST", BASE, json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert len(answers[0].get_json()["ruling"]["losers"]) == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": "  "}, "invalid"),
        ({}, "invalid"),
        ({"name": "张三", "colour": "red"}, "invalid"),
        ({"name": "张三", "phone": "12345"}, "phone_not_valid"),
        ({"name": "张三", "branch_id": WEST}, "unknown_branch"),
        ({"name": "张" * 81}, "invalid"),
    ],
)
def test_bad_registrations_are_refused(
    quick_ask: Ask, quick_database: Database, body: dict[str, Any], code: str
) -> None:
    """Each mistake by its own words, and nothing is left behind."""
    answer = quick_ask(LI, "POST", BASE, json=body)
    assert code_of(answer) == code
    assert rows_of(quick_database, customers) == []


@pytest.mark.parametrize("body", [{}, {"text": "a", "code": "b"}, {"phone": "123"}, {"text": " "}])
def test_a_search_asks_one_question(quick_ask: Ask, body: dict[str, str]) -> None:
    """None, two, or too little to look for: told so."""
    assert code_of(quick_ask(LI, "POST", f"{BASE}/search", json=body)) == "invalid"


def test_who_may_only_see_changes_nothing(ask: Ask, li_has_one: str) -> None:
    """The auditor reads and is refused every act; nobody unknown reads anything."""
    assert change(ask, AUDITOR, li_has_one, grade="A").status_code == 403
    assert ask(AUDITOR, "POST", BASE, json={"name": "张三"}).status_code == 403
    assert ask(None, "GET", BASE).status_code == 401


def test_the_whole_company_says_which_branch(ask: Ask) -> None:
    """Headquarters registers in the branch it names."""
    assert code_of(ask(HEADQUARTERS, "POST", BASE, json={"name": "张三"})) == "branch_needed"
    assert registered(ask, HEADQUARTERS, branch_id=EAST)["branch_id"] == EAST


def test_an_empty_change_and_an_unknown_customer(ask: Ask, li_has_one: str) -> None:
    """Nothing to change is no mistake; nobody to change is."""
    assert change(ask, LI, li_has_one).status_code == 200
    assert code_of(change(ask, LI, "nobody", grade="A")) == "unknown_customer"
    assert code_of(ask(LI, "GET", f"{BASE}/nobody/register")) == "unknown_customer"
