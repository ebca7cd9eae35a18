"""How `./run kills` counts: what each kind of damage in a reader shows as."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.faults.count import Count
from tests.faults.kills import count
from tests.faults.totals import IMPORTED

ANSWERED = {f"1390000000{n}": {"customer_id": name, "local_day": "2026-03-02"} for n, name in enumerate("ab")}


class Told:
    """A manager to whom the system says this."""

    def __init__(self, customers: Sequence[str], followups: Sequence[str], completed: int) -> None:
        imported = {"customer_id": "imported", "source": "import", "origin": "import"}
        own = {"source": "reception", "origin": "reception"}
        self._pages = {
            "/api/v1/customers": [imported, *({"customer_id": name, **own} for name in customers)],
            "/api/v1/followups/records": [imported, *({"customer_id": name, **own} for name in followups)],
        }
        self._day = {"receptions_completed": completed, "turns_used": 2, "new_customers": 2 + IMPORTED}

    def get(self, path: str, **_query: str) -> Mapping[str, Any]:
        if path == "/api/v1/reporting/days/2026-03-02":
            return self._day
        return {"items": self._pages[path], "next_after": None}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Told("ab", "ab", 2), Count(0, 0, 0, 1)),
        (Told("a", "ab", 2), Count(1, 0, 0, 1)),
        (Told("ab", "b", 1), Count(2, 0, 0, 1)),
        (Told("ab", "abb", 3), Count(0, 2, 0, 1)),
        (Told("abc", "ab", 2), Count(0, 0, 1, 1)),
    ],
    ids=["clean", "customer-lost", "followup-and-total-lost", "followup-and-total-twice", "unexpected-customer"],
)
def test_each_kind_of_damage_is_counted(told: Told, expected: Count) -> None:
    """Two were answered, one act was cut off on the way: every reader that says otherwise shows."""
    assert count(told, ANSWERED, {"key"}) == expected
