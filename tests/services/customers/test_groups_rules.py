"""Groups of customers: no circles after any moves, and totals that add up."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.customers.groups.rules import (
    Member,
    ParentBelow,
    ParentBelowOnceParted,
    Totals,
    chain,
    check_parent,
    top_of,
    tree,
)

_IDS = [f"c{n}" for n in range(7)]


def member(one: str, in_reach: bool = True, amount: int = 100) -> Member:
    own = Totals(1, 1, amount) if in_reach else Totals()
    return Member(one, f"A00{one[1:]}" if in_reach else None, None, in_reach, own)


def shown(top: str, above: dict[str, str], **out_of_reach: bool) -> list[Any]:
    members = {one: member(one, one not in out_of_reach) for one in _IDS[:5]}
    placed = tree(top, members, above)
    return [(each.member.customer_id, each.parent_id, each.depth, each.totals.customers) for each in placed]


@given(st.lists(st.tuples(st.sampled_from(_IDS), st.sampled_from([*_IDS, None]))))
def test_no_moves_make_a_circle(moves: list[tuple[str, str | None]]) -> None:
    """Whatever is moved where in whatever order, every customer has a way to a top, and every group one top."""
    above: dict[str, str] = {}
    for one, parent in moves:
        if parent is None:
            above.pop(one, None)
            continue
        try:
            check_parent(one, parent, above, {})
        except ParentBelow:
            assert one in chain(parent, above)
            continue
        above[one] = parent
    for one in _IDS:
        assert above.get(chain(one, above)[-1]) is None
    tops = {top_of(one, above, _IDS) for one in _IDS}
    placed = [each.member.customer_id for top in tops for each in tree(top, {o: member(o) for o in _IDS}, above)]
    assert sorted(placed) == _IDS


class Merged:
    """Customers who are decided to be one: the least id stands for all that are connected."""

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self.same: set[frozenset[str]] = set()

    def winner(self, one: str) -> str:
        ids = {one}
        while more := {other for two in self.same if two & ids for other in two} - ids:
            ids |= more
        return min(ids)

    def move(self, one: str, parent: str) -> None:
        one, parent = self.winner(one), self.winner(parent)
        losers = {each: self.winner(each) for each in _IDS if self.winner(each) != each}
        stand = {each: parent for each, parent in self.parents.items() if each not in losers}
        parted = {each: parent for each, parent in self.parents.items() if each in losers}
        check_parent(one, parent, stand | losers, parted)
        self.parents[one] = parent


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("mmmsp"), st.sampled_from(_IDS[:5]), st.sampled_from(_IDS[:5])), max_size=20))
def test_no_parents_make_a_circle_whatever_is_merged_and_parted(steps: list[tuple[str, str, str]]) -> None:
    """Moves, merges and merges taken back in any order: by the parents that were set everybody has a way to a top."""
    customers = Merged()
    for step, one, other in steps:
        if step == "m":
            with suppress(ParentBelow):
                customers.move(one, other)
        elif one != other:
            (customers.same.add if step == "s" else customers.same.discard)(frozenset((one, other)))
        assert all(customers.parents.get(chain(each, customers.parents)[-1]) is None for each in _IDS)


def test_a_parent_that_would_stand_below_once_parted_is_refused_as_such() -> None:
    """c1 stands under c0 by itself and was merged into c3; under it stands c2, under which c0 is not put."""
    now, parted = {"c2": "c1", "c1": "c3"}, {"c1": "c0"}
    with pytest.raises(ParentBelowOnceParted):
        check_parent("c0", "c2", now, parted)
    with pytest.raises(ParentBelow) as refused:
        check_parent("c3", "c2", now, parted)
    assert refused.type is ParentBelow
    check_parent("c0", "c3", now, parted)


@pytest.mark.parametrize(("one", "parent"), [("c0", "c0"), ("c0", "c2"), ("c1", "c2")])
def test_a_parent_that_stands_below_is_refused(one: str, parent: str) -> None:
    """Neither oneself nor anybody below, however deep."""
    with pytest.raises(ParentBelow):
        check_parent(one, parent, {"c1": "c0", "c2": "c1"}, {})


def test_totals_roll_up() -> None:
    """Each member is followed by those under it, and counts them all."""
    above = {"c1": "c0", "c2": "c0", "c3": "c1", "c4": "c3"}
    expected = [("c0", None, 0, 5), ("c1", "c0", 1, 3), ("c3", "c1", 2, 2), ("c4", "c3", 3, 1), ("c2", "c0", 1, 1)]
    assert shown("c0", above) == expected


def test_what_is_out_of_reach_counts_for_nothing() -> None:
    """It shows only where somebody in reach stands under it."""
    above = {"c1": "c0", "c2": "c0", "c3": "c1", "c4": "c2"}
    assert shown("c0", above, c1=True, c2=True, c4=True) == [("c0", None, 0, 2), ("c1", "c0", 1, 1), ("c3", "c1", 2, 1)]


def test_merged_ids_are_passed_through() -> None:
    """Who stands under an id that was merged stands under the customer it was merged into."""
    assert shown("c0", {"c1": "old", "old": "c0", "c2": "c1"}) == [
        ("c0", None, 0, 3),
        ("c1", "c0", 1, 2),
        ("c2", "c1", 2, 1),
    ]


def test_a_circle_closed_by_a_merge_has_a_top() -> None:
    """Two customers that became one may close a circle: read from anywhere in it, the group is the same and ends."""
    above = {"c1": "c0", "c2": "c1", "c0": "c2", "c3": "c2"}
    assert {top_of(one, above, _IDS) for one in ("c0", "c1", "c2", "c3")} == {"c0"}
    assert [one for one, *_ in shown("c0", {**above})] == ["c0", "c1", "c2", "c3"]


def test_a_deep_group_is_read() -> None:
    """Five thousand levels are as good as two."""
    ids = [f"c{n}" for n in range(5000)]
    above = dict(zip(ids[1:], ids, strict=False))
    placed = tree("c0", {one: member(one) for one in ids}, above)
    assert (placed[0].totals, placed[-1].depth) == (Totals(5000, 5000, 500_000), 4999)
