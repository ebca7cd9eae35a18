"""Merges of customers on the day of a reception: whose the visitor was, and so whose the credit is (一.6)."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from chassis.events import Envelope
from tests.services import synthetic
from tests.services.reception.office import SUPERVISOR, Office
from tests.services.reception.test_receiving import announced
from tests.services.synthetic import NOW, named

PHONE = "13800138000"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    """Li and Zhao are on duty, Wu is not; nothing here depends on the kind of database."""
    opened = Office(f"sqlite:///{tmp_path / 'x.db'}", ["li", "wu", "zhao"])
    opened.come("li", "zhao")
    yield opened
    opened.database.close()


def at(event: Envelope, **later: float) -> Envelope:
    """The same event, told by its service at this time after NOW."""
    return Envelope(**{**vars(event), "time": NOW + timedelta(**later)})


def merge(reception: dict[str, Any], winner: str, sequence: int = 1, active: bool = True, **later: float) -> Envelope:
    event = synthetic.merged("x", winner, sequence, active)
    own = {"loser_id": reception["customer_id"]}
    return at(Envelope(**{**vars(event), "data": event.data | own}), **later)


def owned(customer: str, owner: str, sequence: int = 1, **later: float) -> Envelope:
    return at(synthetic.customer(customer, sequence, owner_id=named(owner)), **later)


def credit(office: Office, reception: dict[str, Any]) -> tuple[Any, ...]:
    seen = office.seen(reception)
    return tuple(seen[name] for name in ("kind", "original_id", "credit_rule", "owner_id", "turn"))


def first_visit(office: Office) -> dict[str, Any]:
    return office.complete("li", office.visit(), PHONE)


def test_a_merge_of_the_day_corrects_the_credit(hall: Office) -> None:
    """The new customer is Wu's old one; Wu was off duty: credit is halved, and the line is left as it is."""
    done = first_visit(hall)
    hall.hear(owned("old", "wu", days=-1), merge(done, "old", hours=3))
    assert credit(hall, done) == ("returning", named("wu"), "half_each", named("wu"), "used")
    (told,) = announced(hall, "reception.credit_corrected.v1")
    assert (told["customer_id"], told["credit_rule"]) == (done["customer_id"], "half_each")
    assert hall.line()[-1] == named("li")


def test_on_duty_the_credit_is_the_owners(hall: Office) -> None:
    """Zhao was on duty at the assignment: the deal of the day is Zhao's."""
    done = first_visit(hall)
    hall.hear(owned("old", "zhao", days=-1), merge(done, "old", hours=3))
    assert credit(hall, done)[1:4] == (named("zhao"), "owner", named("zhao"))


def test_later_merges_move_nothing(hall: Office) -> None:
    """From the next local day on a merge changes no credit."""
    done = first_visit(hall)
    hall.hear(owned("old", "wu", days=-1), merge(done, "old", hours=15))
    assert announced(hall, "reception.credit_corrected.v1") == []
    assert credit(hall, done)[0] == "first_visit"


def test_a_merge_taken_back_the_same_day(hall: Office) -> None:
    """The reception says again what it said."""
    done = first_visit(hall)
    before = credit(hall, done)
    hall.hear(owned("old", "wu", days=-1), merge(done, "old", hours=3), merge(done, "old", 2, active=False, hours=4))
    assert credit(hall, done) == before
    assert len(announced(hall, "reception.credit_corrected.v1")) == 2


def test_what_a_supervisor_ruled_holds(hall: Office) -> None:
    """A merge does not overrule who looked at it."""
    done = first_visit(hall)
    said = {"original_id": named("zhao"), "reason": "是老客户", "confirm": True}
    assert hall.act(SUPERVISOR, done, "re-ruling", said).status_code == 201
    hall.hear(owned("old", "wu", days=-1), merge(done, "old", hours=3))
    assert credit(hall, done)[1] == named("zhao")


def test_the_order_of_the_news_makes_no_difference(tmp_path: Path) -> None:
    """Owners and merges heard in any order, and twice, leave the same credit."""
    ends = set()
    for n, order in enumerate(permutations(range(4))):
        office = Office(f"sqlite:///{tmp_path / f'{n}.db'}", ["li", "wu", "zhao"])
        office.come("li", "zhao")
        done = first_visit(office)
        news = [
            owned("old", "wu", days=-1),
            owned("old", "zhao", 2, hours=2),
            merge(done, "old", hours=3),
            merge(done, "old", 2, active=False, hours=20),
        ]
        office.hear(*(news[one] for one in (*order, *order)))
        ends.add(credit(office, done))
        office.database.close()
    assert ends == {("returning", named("wu"), "half_each", named("wu"), "used")}
