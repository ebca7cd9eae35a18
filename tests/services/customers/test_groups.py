"""Groups over HTTP: parents, totals by events, and two who move at once."""

from typing import Any

from chassis.database import Database
from services.customers.app import SERVICE
from tests.services import synthetic as say
from tests.services.asking import Ask, code_of
from tests.services.customers.house import LI, MANAGER, ZHAO, announced, person, visit
from tests.services.customers.test_at_once import at_once
from tests.services.synthetic import WEST, deliver, named

BASE = "/api/v1/customers"
COMPANY = person("hq", "all")


def customer(ask: Ask, number: int, who: Any = LI) -> str:
    body = {"name": f"客户{number}", "phone": f"1390013900{number}"}
    return str(ask(who, "POST", BASE, json=body).get_json()["customer_id"])


def move(ask: Ask, one: str, parent: str | None, version: int = 1, who: Any = LI) -> Any:
    path, headers = f"{BASE}/{one}/parent", {"If-Match": f'"{version}"'}
    return ask(who, "PUT", path, json={"parent_id": parent}, headers=headers)


def group(ask: Ask, one: str, who: Any = LI) -> list[tuple[Any, ...]]:
    members = ask(who, "GET", f"{BASE}/{one}/group").get_json()["members"]
    sums = ("customers", "deals", "amount")
    return [(each["code"], each["depth"], *(each["totals"][one] for one in sums)) for each in members]


def deal(name: str, customer_id: str, amount: int | None, sequence: int = 1) -> Any:
    return say.deal(name, sequence, customer_id=customer_id, amount=amount)


def test_a_group_comes_to_its_totals(ask: Ask, database: Database) -> None:
    """Customers, deals and amounts add up to the top, once per deal whatever is told twice; the file is announced."""
    top, middle, bottom = (customer(ask, n) for n in range(3))
    assert move(ask, middle, top).get_json()["parent_id"] == top
    move(ask, bottom, middle)
    (told, _) = announced(database, "customer.changed.v1")
    assert told.data["parent_id"] == top
    news = [deal("d1", bottom, 500), deal("d1", bottom, 700, sequence=2), deal("d2", middle, None)]
    deliver(database, SERVICE.consumers, [*news, news[0]])
    expected = [("A001", 0, 3, 2, 700), ("A002", 1, 2, 2, 700), ("A003", 2, 1, 1, 700)]
    assert group(ask, bottom) == group(ask, top) == expected
    move(ask, bottom, None, version=2)
    assert group(ask, bottom) == [("A003", 0, 1, 1, 700)]


def test_a_parent_is_one_of_the_branch_in_reach_and_not_below(quick_ask: Ask, quick_database: Database) -> None:
    """Circles, strangers' customers and other branches are refused, and nothing is done."""
    top, below, zhaos = customer(quick_ask, 1), customer(quick_ask, 2), customer(quick_ask, 3, ZHAO)
    deliver(quick_database, SERVICE.consumers, [visit("r1", "far", "west", branch_id=WEST)])
    move(quick_ask, below, top)
    assert code_of(move(quick_ask, top, below)) == "parent_below"
    assert code_of(move(quick_ask, top, top)) == "parent_below"
    assert code_of(move(quick_ask, top, zhaos)) == "unknown_parent"
    assert code_of(move(quick_ask, top, named("far"), who=COMPANY)) == "unknown_parent"
    assert code_of(move(quick_ask, below, None)) == "stale_version"


def test_others_customers_in_a_group_stay_theirs(quick_ask: Ask) -> None:
    """A salesperson sees their own with their totals; a colleague's between them shows as a place without a name."""
    top, middle, bottom = customer(quick_ask, 1), customer(quick_ask, 2, ZHAO), customer(quick_ask, 3)
    for one, parent in ((middle, top), (bottom, middle)):
        move(quick_ask, one, parent, who=MANAGER)
    assert group(quick_ask, top) == [("A001", 0, 2, 0, 0), (None, 1, 1, 0, 0), ("A003", 2, 1, 0, 0)]
    assert [each[0] for each in group(quick_ask, middle, ZHAO)] == [None, "A002"]
    assert [each[2] for each in group(quick_ask, middle, MANAGER)] == [3, 2, 1]


def test_a_merged_customer_brings_what_stands_under_it(quick_ask: Ask, quick_database: Database) -> None:
    """Two that become one by the same phone have the children and the deals of both."""
    late, child = customer(quick_ask, 1), customer(quick_ask, 2)
    move(quick_ask, child, late)
    deliver(quick_database, SERVICE.consumers, [deal("d", late, 900)])
    merging = visit("r1", "earlier", name="客户1", phone="+8613900139001", minute=-60)
    deliver(quick_database, SERVICE.consumers, [merging])
    assert [each[1:] for each in group(quick_ask, late)] == [(0, 2, 1, 900), (1, 1, 0, 0)]


def test_moves_at_once_close_no_circle(ask: Ask) -> None:
    """Each of six is moved under the next in the same moment: at most five succeed, and every group has a top."""
    ids = [customer(ask, n) for n in range(6)]
    answers = at_once(6, lambda n: move(ask, ids[n], ids[(n + 1) % 6]).status_code)
    assert sorted(answers) == [200] * 5 + [409]
    tops = {ask(LI, "GET", f"{BASE}/{one}/group").get_json()["members"][0]["customer_id"] for one in ids}
    assert len(tops) == 1 and len(group(ask, ids[0])) == 6
