"""Whoever has left the branch gets no customer of it, in whatever way one gets them."""

from typing import Any

import pytest

from chassis.database import Database
from services.customers.app import SERVICE
from tests.services import synthetic as say
from tests.services.asking import Ask, code_of
from tests.services.customers.house import announced
from tests.services.customers.test_applications import applied, approved, read
from tests.services.customers.test_ownership import BASE, BOSS, LI, ZHAO, draw, given, history, pooled, registered
from tests.services.synthetic import WEST, deliver, named

GONE = [{"active": False}, {"branch_id": WEST}]


@pytest.mark.parametrize("gone", GONE, ids=["left", "moved"])
def test_who_has_left_gets_nothing(quick_ask: Ask, quick_database: Database, gone: dict[str, Any]) -> None:
    """Not by assigning, nor by an application of before, nor by drawing or applying: each is refused, nothing moves."""
    free, taken = pooled(quick_ask, 1)[0], registered(quick_ask, 2, LI)[1]
    wishes = [applied(quick_ask, ZHAO, one) for one in (free, taken)]
    deliver(quick_database, SERVICE.consumers, [say.staff("zhao", 2, **gone)])
    before = len(announced(quick_database, "customer.changed.v1"))
    for one, wish in zip((free, taken), wishes, strict=True):
        assert code_of(given(quick_ask, one, "zhao")) == "owner_not_in_reach"
        assert code_of(approved(quick_ask, wish)) == "owner_not_in_reach"
        assert read(quick_ask, wish, BOSS) == ("open", None)
    assert code_of(draw(quick_ask, ZHAO, 1)) == "only_staff_draw"
    again = {"customer_id": taken, "reason": "认识"}
    assert code_of(quick_ask(ZHAO, "POST", f"{BASE}/applications", json=again)) == "owner_not_in_reach"
    assert len(announced(quick_database, "customer.changed.v1")) == before
    assert [history(quick_ask, one)[-1][0] for one in (free, taken)] == [None, named("li")]


@pytest.mark.parametrize("gone", GONE, ids=["left", "moved"])
def test_a_hand_over_to_one_who_has_left_moves_nobody(
    quick_ask: Ask, quick_database: Database, gone: dict[str, Any]
) -> None:
    """Even if others who are to have a share work there: it is one act, and it is not done."""
    ids = registered(quick_ask, 4)
    deliver(quick_database, SERVICE.consumers, [say.staff("zhao", 2, **gone)])
    body = {"from_id": named("li"), "to_ids": [named("chen"), named("zhao")], "reason": "离职"}
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/handovers", json=body)) == "owner_not_in_reach"
    assert [history(quick_ask, one) for one in ids] == [[(named("li"), "registered")]] * 4
    assert announced(quick_database, "handover.made.v1") == []
