"""A customer's receptions, for the page that shows all of a customer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.reception.office import WEST_MANAGER, Office, seller
from tests.services.reception.test_merging import merge


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    """Li and Zhao are on duty; nothing here depends on the kind of database."""
    opened = Office(f"sqlite:///{tmp_path / 'x.db'}", ["li", "zhao"])
    opened.come("li", "zhao")
    yield opened
    opened.database.close()


def visits(office: Office, customer_id: str, who: Any = None) -> list[dict[str, Any]]:
    path = f"/api/v1/reception/customers/{customer_id}/receptions"
    return list(office.did(who or seller("zhao"), "GET", path)["items"])


def test_a_customers_receptions_are_listed(hall: Office) -> None:
    """As the visitor and as who came along, with why it was this person's; in the branch alone."""
    along = {"companions": [{"name": "李小红", "phone": "13900139000"}]}
    done = hall.complete("li", hall.visit(party_size=2), "13800138000", **along)
    (one,) = visits(hall, done["customer_id"])
    assert (one["reception_id"], one["state"], one["why"]["article"]) == (done["reception_id"], "completed", "一.1")
    assert one["why"]["text"]
    (companion,) = done["companions"]
    assert [seen["reception_id"] for seen in visits(hall, companion["customer_id"])] == [done["reception_id"]]
    assert visits(hall, done["customer_id"], WEST_MANAGER) == []


def test_receptions_of_merged_customers_are_one_list(hall: Office) -> None:
    """Two that became one have the receptions of both, the newest first, under either id."""
    first = hall.complete("li", hall.visit(), "13800138000")
    hall.later(minutes=10)
    second = hall.complete("zhao", hall.visit(), "13900139000")
    told = merge(first, "x")
    told.data["winner_id"] = second["customer_id"]
    hall.hear(told)
    both = [second["reception_id"], first["reception_id"]]
    for one in (first, second):
        assert [seen["reception_id"] for seen in visits(hall, one["customer_id"])] == both
