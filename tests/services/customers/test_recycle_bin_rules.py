"""The recycle bin, as rules: what brings a customer back, until when one stays, and what is told on the way back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.files.rules import File, file_by_ruling, is_registered_again, merged_file
from services.customers.policy.rules import BUILT_IN, Policy
from services.customers.recycle_bin.rules import Notice, notices, purged_on
from services.customers.register.rules_of_persons import Standing, standings
from services.customers.relations.rules import Ties
from tests.services.customers.test_register_rules import FIRST, later

DELETED = FIRST.at + timedelta(minutes=30)


def standing_of(*entries: object) -> Standing:
    (one,) = standings([FIRST, *entries], Ties())  # type: ignore[list-item]
    return one


def file(**changes: object) -> File:
    return replace(file_by_ruling(standing_of(), None, "A001"), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("minutes", "is_back"), [(29, False), (30, True), (31, True)])
def test_what_is_registered_since_brings_back(minutes: int, is_back: bool) -> None:
    """From the moment of the deletion on; what is heard late of a time before takes nobody out."""
    assert is_registered_again(DELETED, {FIRST.customer_id}, [later(minutes)]) is is_back


def test_another_customers_registration_brings_nobody_back() -> None:
    """Only one under an id that stands for the customer does, and one that is known already never."""
    assert not is_registered_again(DELETED, {FIRST.customer_id}, [later(60, customer_id="another")])
    assert not is_registered_again(DELETED, {FIRST.customer_id}, [])


@given(st.lists(st.integers(0, 60), max_size=5), st.randoms())
def test_in_whatever_order_it_is_told(minutes: list[int], random: object) -> None:
    """Entries told one by one leave a deleted customer where all of them together do."""
    entries = [later(n, entry_id=f"e{number}") for number, n in enumerate(minutes)]
    together = is_registered_again(DELETED, {FIRST.customer_id}, entries)
    random.shuffle(entries)  # type: ignore[attr-defined]
    assert any(is_registered_again(DELETED, {FIRST.customer_id}, [one]) for one in entries) is together


def test_a_ruling_leaves_the_deleted_where_they_are() -> None:
    """A file that was deleted follows the ruling in the bin; who is merged into another is in no bin of their own."""
    deleted = file(active=False, deleted_at=DELETED)
    ruled = file_by_ruling(standing_of(later(5, name="王大明")), deleted, "A001")
    assert (ruled.active, ruled.deleted_at) == (False, DELETED)
    merged = merged_file(standing_of(), FIRST.customer_id, replace(file(), customer_id="winner"), deleted)
    assert (merged.active, merged.deleted_at, merged.merged_into) == (False, None, "winner")


@pytest.mark.parametrize(("days", "day"), [(1, date(2026, 3, 3)), (90, date(2026, 5, 31))])
def test_until_when_the_bin_keeps(days: int, day: date) -> None:
    """So many days after that of the deletion, as the policy says: ninety where nothing was decided."""
    assert purged_on(date(2026, 3, 2), Policy(bin_days=days)) == day
    assert BUILT_IN.bin_days == 90


PARENT = {"customer_id": "parent"}


@pytest.mark.parametrize(
    ("mine", "parent", "works_here", "told"),
    [
        ({"owner_id": "li", "parent_id": "parent"}, file(**PARENT), True, []),
        ({"owner_id": None}, None, False, []),
        ({"owner_id": "li"}, None, False, [Notice.OWNER_LEFT]),
        ({"parent_id": "parent"}, file(**PARENT, active=False, deleted_at=DELETED), True, [Notice.PARENT_IN_BIN]),
    ],
)
def test_what_is_told_of_one_who_comes_back(
    mine: dict[str, object], parent: File | None, works_here: bool, told: list[Notice]
) -> None:
    """Whether the owner still works there, and what became of the customer above."""
    assert list(notices(file(**mine), parent, owner_works_here=works_here)) == told
