"""Every route of requests, families and candidates, asked by those out of whose reach the customer is."""

from typing import Any

import pytest

from chassis.identity import Who
from tests.services.asking import Ask, code_of
from tests.services.customers.house import CHEN, SUPERVISOR, person
from tests.services.customers.test_amendments import WEST_MANAGER, asked, read, registered
from tests.services.customers.test_candidates import near
from tests.services.customers.test_families import asked as related

BASE = "/api/v1/customers"
_EVERYTHING = ("customers.see", "customers.edit", "customers.register", "customers.sign", "customers.manage")
_REASON = {"reason": "x"}


def everything_of(one: str, other: str, amendment: str, relation: str) -> dict[str, tuple[str, dict[str, Any] | None]]:
    """Each route with a body that would be taken."""
    return {
        f"GET {BASE}/{one}/amendments": ("unknown_customer", None),
        f"POST {BASE}/{one}/amendments": ("unknown_customer", {"name": "王大明", "because": "x"}),
        f"POST {BASE}/{one}/register": ("unknown_customer", {"name": "王大明"}),
        f"POST {BASE}/{one}/wrong-phones": ("unknown_customer", {"entry_ids": ["x"], "reason": "x"}),
        f"POST {BASE}/amendments/{amendment}/sign": ("unknown_amendment", None),
        f"POST {BASE}/amendments/{amendment}/refuse": ("unknown_amendment", _REASON),
        f"GET {BASE}/{one}/relations": ("unknown_customer", None),
        f"POST {BASE}/{one}/relations": ("unknown_customer", {"relative_id": other, "kind": "spouse"}),
        f"POST {BASE}/relations/{relation}/confirm": ("unknown_relation", None),
        f"POST {BASE}/relations/{relation}/refuse": ("unknown_relation", _REASON),
        f"POST {BASE}/relations/{relation}/end": ("unknown_relation", _REASON),
        f"GET {BASE}/{one}/candidates": ("unknown_customer", None),
        f"POST {BASE}/{one}/candidates/{other}/decide": ("unknown_customer", {"same": True, "reason": "x"}),
        f"POST {BASE}/{one}/candidates/{other}/take-back": ("unknown_customer", _REASON),
    }


@pytest.mark.parametrize(
    "who",
    [
        person("west", "branch", WEST_MANAGER.branch_id, *_EVERYTHING),
        person("chen", "own", CHEN.branch_id, *_EVERYTHING),
    ],
    ids=["another branch", "a colleague"],
)
def test_what_is_out_of_reach_does_not_exist(quick_ask: Ask, who: Who) -> None:
    """Whatever one may do elsewhere: here is no such customer, request or relation, and nothing is done."""
    one, other = registered(quick_ask)["customer_id"], near(quick_ask)
    amendment = asked(quick_ask, one, name="王大明").get_json()["amendment_id"]
    relation = related(quick_ask, one, other).get_json()["relation_id"]
    answers = {}
    routes = everything_of(one, other, amendment, relation)
    for route, (_code, body) in routes.items():
        method, path = route.split()
        answers[route] = code_of(quick_ask(who, method, path, json=body))
    assert answers == {route: code for route, (code, _body) in routes.items()}
    for listing in ("amendments", "relations", "candidates"):
        assert quick_ask(who, "GET", f"{BASE}/{listing}").get_json()["items"] == []
    assert read(quick_ask, one, "/amendments", SUPERVISOR)["items"][0]["state"] == "asked"
    assert read(quick_ask, one, "/relations", SUPERVISOR)["items"][0]["state"] == "asked"
