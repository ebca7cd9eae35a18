"""Contacts: exactly one primary at all times while there are any."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.database import Database
from services.customers.contacts.actions import add_contact, delete_contact, make_primary
from services.customers.contacts.rules import Contact, in_order
from services.customers.contacts.tables import contacts
from services.customers.contacts.views import contacts_of
from services.customers.files.actions import register_by_hand
from tests.services.asking import Ask, code_of
from tests.services.customers.house import LI, SUPERVISOR
from tests.services.customers.test_at_once import at_once
from tests.services.synthetic import rows_of

BASE = "/api/v1/customers"


def customer(ask: Ask) -> str:
    made = ask(LI, "POST", BASE, json={"name": "张三丰", "phone": "13900139000"}).get_json()
    return f"{BASE}/{made['customer_id']}/contacts"


def add(ask: Ask, path: str, name: str, **said: Any) -> Any:
    answer = ask(LI, "POST", path, json={"name": name} | said)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def listed(ask: Ask, path: str) -> list[tuple[str, bool]]:
    return [(one["name"], one["is_primary"]) for one in ask(LI, "GET", path).get_json()["items"]]


def contact(number: int, chosen: bool = False, customer_id: str = "c") -> Contact:
    return Contact(f"id{number:03}", customer_id, "east", f"{number}", None, (), None, None, None, chosen, 1)


_STEPS = st.lists(st.tuples(st.sampled_from([add_contact, make_primary, delete_contact]), st.integers(0, 9)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_STEPS)
def test_there_is_one_primary_after_any_steps(quick_database: Database, steps: list[tuple[Any, int]]) -> None:
    """Whatever is added, chosen and deleted: the first, then the one chosen last, after whom it is the oldest."""
    said = dict.fromkeys(("phone", "branch_id", "customer_type")) | {"name": "张三丰", "demand": {}, "details": {}}
    new = {"name": "甲", "phones": [], "position": None, "email": None, "wechat": None, "remarks": None}
    with quick_database.write() as tx:
        one = register_by_hand(tx, LI, said).file.customer_id
        there: list[str] = []  # the oldest first
        expected = None
        for step, which in steps:
            if step is add_contact:
                there.append(str(add_contact(tx, LI, one, new)["contact_id"]))
                expected = expected or there[0]
            elif there:
                meant = there[which % len(there)]
                step(tx, LI, one, meant)
                if step is delete_contact:
                    there.remove(meant)
                    expected = expected if expected in there else next(iter(there), None)
                else:
                    expected = meant
            primary = [each["contact_id"] for each in contacts_of(tx, LI, one) if each["is_primary"]]
            assert primary == ([expected] if there else [])


def test_two_chosen_by_a_merge_are_one_primary() -> None:
    """Of two customers that became one, the primary of the one that remained is it."""
    there = [contact(1), contact(2, True, "loser"), contact(3, True)]
    assert [one.contact_id for one in in_order(there, "c")] == ["id003", "id002", "id001"]


def test_the_primary_moves_and_is_followed_by_the_oldest(quick_ask: Ask) -> None:
    """The first is the primary; another may be made it; after the primary is deleted the oldest is it again."""
    path = customer(quick_ask)
    made = [add(quick_ask, path, name) for name in ("甲", "乙", "丙")]
    assert [one["is_primary"] for one in made] == [True, False, False]
    quick_ask(LI, "POST", f"{path}/{made[1]['contact_id']}/make-primary")
    moved = quick_ask(LI, "POST", f"{path}/{made[2]['contact_id']}/make-primary").get_json()
    assert moved["is_primary"] and listed(quick_ask, path) == [("丙", True), ("甲", False), ("乙", False)]
    assert quick_ask(LI, "DELETE", f"{path}/{made[1]['contact_id']}").status_code == 204
    assert listed(quick_ask, path) == [("丙", True), ("甲", False)]
    quick_ask(LI, "DELETE", f"{path}/{made[2]['contact_id']}")
    quick_ask(LI, "DELETE", f"{path}/{made[2]['contact_id']}")
    assert listed(quick_ask, path) == [("甲", True)]


def test_contacts_are_changed_and_their_phones_masked(quick_ask: Ask) -> None:
    """Phones come in any writing, each once, and are shown as the customer's own is; versions are checked."""
    path = customer(quick_ask)
    made = add(quick_ask, path, "王经理", phones=["138-0013-8000", "+86 13800138000"], email="w@example.com")
    one = f"{path}/{made['contact_id']}"
    assert made["phones"] == ["+8613800138000"]
    assert quick_ask(SUPERVISOR, "GET", path).get_json()["items"][0]["phones"] == ["138****8000"]
    changed = quick_ask(LI, "PATCH", one, json={"wechat": "wang", "email": None}, headers={"If-Match": '"1"'})
    assert changed.get_json() | {"wechat": "wang", "email": None, "version": 2} == changed.get_json()
    assert code_of(quick_ask(LI, "PATCH", one, json={}, headers={"If-Match": '"1"'})) == "stale_version"
    assert code_of(quick_ask(LI, "POST", path, json={"name": "李", "phones": ["12345"]})) == "phone_not_valid"
    assert code_of(quick_ask(LI, "DELETE", f"{path}/nobody")) == "unknown_contact"


def test_customers_are_found_by_their_contacts(quick_ask: Ask) -> None:
    """By part of a contact's name or its reading, and by a phone; no longer once the contact is gone."""
    path = customer(quick_ask)
    made = add(quick_ask, path, "欧阳雪", phones=["13800138000"])

    def found(text: str) -> int:
        return len(quick_ask(LI, "POST", f"{BASE}/search", json={"text": text}).get_json()["items"])

    assert [found(text) for text in ("阳雪", "ouyangxue", "13800138000", "张三丰")] == [1, 1, 1, 1]
    quick_ask(LI, "DELETE", f"{path}/{made['contact_id']}")
    assert [found(text) for text in ("欧阳雪", "13800138000", "张三丰")] == [0, 0, 1]


def test_many_who_choose_at_once_leave_one_primary(ask: Ask, database: Database) -> None:
    """Eight people make eight different contacts the primary, and delete some meanwhile: one is it."""
    path = customer(ask)
    ids = [add(ask, path, f"联系人{n}")["contact_id"] for n in range(8)]

    def choose(number: int) -> int:
        if number % 4 == 3:
            return ask(LI, "DELETE", f"{path}/{ids[number]}").status_code
        return ask(LI, "POST", f"{path}/{ids[number]}/make-primary").status_code

    assert set(at_once(8, choose)) == {200, 204}
    assert [primary for _name, primary in listed(ask, path)] == [True] + [False] * 5
    assert sum(row[list(contacts.c).index(contacts.c.chosen)] for row in rows_of(database, contacts)) <= 1
