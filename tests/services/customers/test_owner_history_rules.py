"""What the history of a customer's owners says when some joined the customer as somebody else's, and did so no more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.customers.ownership.rules import Change, is_first_visit, joined_at, owned_since, owner_by_visit
from services.customers.register.rules import Entry, Kind, Origin

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
VISIT = Entry(
    *("r1", "east", "his", Kind.REGISTERED, AT, date(2026, 3, 2), "王小明", "+8613800138000", True),
    *("zhao", Origin.RECEPTION, "r1"),
)


def change(customer: str, owner: str | None, hours: int, because: str = "assigned") -> Change:
    return Change(customer, owner, AT + timedelta(hours=hours), because)


HIS = [change("his", None, -5, "taken_back"), change("his", "li", -9, "registered")]
HERS = [change("hers", None, 2, "merged"), change("hers", "chen", -2, "registered")]


def whose(visit: Entry, owner: str | None, changes: list[Change]) -> str | None:
    return owner_by_visit(visit, [visit], owner, changes)


def test_who_joins_a_customer_of_the_pool_changes_nothing_for_a_visit_of_before() -> None:
    """He was in the pool when he came; hers was another's when she came, though both are told of now only."""
    changes = [*HERS, *HIS]
    assert joined_at(changes) == {"hers": AT + timedelta(hours=2)}
    assert whose(VISIT, None, changes) == "zhao"
    assert whose(replace(VISIT, customer_id="hers"), None, changes) is None
    after = replace(VISIT, customer_id="hers", at=AT + timedelta(hours=2))
    assert whose(after, None, changes) == "zhao"


def test_who_stands_alone_again_is_as_before() -> None:
    """What a merge did, and undoing it, puts nobody into the pool, nor takes anybody out of it."""
    undone = [change("his", None, 3, "parted"), change("his", "chen", 2, "merged"), *HIS]
    assert joined_at(undone) == {}
    assert is_first_visit(None, undone, AT)
    assert not is_first_visit("chen", [change("his", "chen", 3, "parted")], AT + timedelta(hours=4))


@pytest.mark.parametrize(
    ("changes", "hours"),
    [
        ([change("his", "li", -9, "registered")], -9),
        ([change("his", "li", 4), change("his", "zhao", -1), change("his", "li", -9, "registered")], 4),
        ([change("his", "li", -3, "visited"), change("his", "boss", 1, "visited"), *HIS], -3),
        ([change("hers", "li", 2, "merged"), *HERS[1:], change("his", "li", -9, "registered")], -9),
        ([change("his", "li", 3, "parted"), change("his", "chen", 2, "merged"), change("his", "li", -9)], 3),
    ],
)
def test_since_when_the_owner_has_been_it(changes: list[Change], hours: int) -> None:
    """Without a break; who joined makes nothing anew, who got a customer back by an undone merge begins anew."""
    assert owned_since("li", changes) == AT + timedelta(hours=hours)


def test_the_owner_of_the_beginning_has_no_line() -> None:
    """Where nothing was written down, the owner has been it since the registration."""
    assert owned_since("li", []) is None
