"""The ruling among registrations of one customer, by the articles."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.customers.register.rules import (
    Entry,
    Kind,
    Origin,
    Rule,
    entry_id_of,
    last_amendment,
    rule,
)
from tests.services.synthetic import EAST, NOW

FIRST = Entry(
    entry_id="1",
    branch_id=EAST,
    customer_id="c1",
    kind=Kind.REGISTERED,
    at=NOW,
    local_day=date(2026, 3, 2),
    name="王小明",
    phone="+8613800138000",
    phone_correct=True,
    registered_by="li",
    origin=Origin.RECEPTION,
    origin_key="r1",
)


def later(minutes: int = 1, **changes: object) -> Entry:
    return replace(FIRST, **{"entry_id": f"{minutes + 1}", "at": FIRST.at + timedelta(minutes=minutes)} | changes)  # type: ignore[arg-type]


def test_a_single_registration_holds() -> None:
    """One registration holds, full or not."""
    ruling = rule([replace(FIRST, name="王先生")])
    assert (ruling.rule, ruling.losers, ruling.article) == (Rule.ONLY, (), "一.4")


def test_who_registered_first_holds() -> None:
    """一.4: 以先登记的为准; the later one is told that it is later."""
    ruling = rule([later(), FIRST])
    assert (ruling.winner, ruling.rule) == (FIRST, Rule.FIRST)
    assert [(loser.entry.entry_id, loser.reason) for loser in ruling.losers] == [("2", "later")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "王先生"}, "name_not_full"),
        ({"phone_correct": False}, "phone_not_correct"),
        ({"name": "王", "phone_correct": False}, "name_and_phone_not_correct"),
        ({"name": None}, "name_not_full"),
    ],
)
def test_only_full_name_and_correct_phone_count(changes: dict[str, object], reason: str) -> None:
    """一.4: 只认可全名登记并电话正确的记录 — an earlier one without loses to a later one with, and is told why."""
    ruling = rule([replace(FIRST, **changes), later()])  # type: ignore[arg-type]
    assert (ruling.winner.entry_id, ruling.rule) == ("2", Rule.FIRST_CORRECT)
    assert [(loser.entry.entry_id, loser.reason) for loser in ruling.losers] == [("1", reason)]


def test_if_none_counts_the_first_holds() -> None:
    """一.4: with no full and correct one among them, the first registered; the reason of the others is the time."""
    ruling = rule([later(name="王女士"), replace(FIRST, name="王先生")])
    assert (ruling.winner.entry_id, ruling.rule) == ("1", Rule.NONE_CORRECT)
    assert [loser.reason for loser in ruling.losers] == ["later"]


def test_a_signed_change_counts_from_the_signature() -> None:
    """一.3: 王先生 made 王小明 at noon loses to a full registration made at eleven."""
    surname, other = replace(FIRST, name="王先生"), later(60, registered_by="zhao")
    signed = later(120, kind=Kind.AMENDED)
    assert rule([surname, signed, other]).winner.registered_by == "zhao"
    assert last_amendment([surname, signed, other]) == signed


def test_the_same_origin_is_the_same_entry() -> None:
    """What a reception told twice is one entry; another branch's is another."""
    assert entry_id_of("b", Origin.RECEPTION, "r") == entry_id_of("b", Origin.RECEPTION, "r")
    assert entry_id_of("b", Origin.RECEPTION, "r") != entry_id_of("c", Origin.RECEPTION, "r")
    assert entry_id_of("b", Origin.RECEPTION, "r") != entry_id_of("b", Origin.IMPORT, "r")


_ENTRIES = some.lists(
    some.tuples(
        some.integers(0, 3), some.sampled_from(["王小明", "王先生", None]), some.booleans(), some.sampled_from(Kind)
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(_ENTRIES, some.randoms(use_true_random=False))
def test_the_order_of_telling_changes_no_ruling(told: list[tuple[int, str, bool, Kind]], random: Random) -> None:
    """A ruling is about a set: however the entries are told, the same one holds, for the same reasons."""
    entries = [
        later(minute, entry_id=f"{number}", name=name, phone_correct=correct, kind=kind)
        for number, (minute, name, correct, kind) in enumerate(told)
    ]
    shuffled = random.sample(entries, len(entries))
    assert rule(shuffled) == rule(entries)
    assert {loser.entry for loser in rule(entries).losers} | {rule(entries).winner} == set(entries)


@settings(deadline=None)
@given(_ENTRIES)
def test_nobody_who_counts_loses_to_one_who_does_not(told: list[tuple[int, str, bool, Kind]]) -> None:
    """The winner counts whenever anyone does, and no one who counts came before."""
    entries = [
        replace(FIRST, entry_id=f"{n}", at=NOW + timedelta(minutes=m), name=name, phone_correct=ok, kind=kind)
        for n, (m, name, ok, kind) in enumerate(told)
    ]
    winner = rule(entries).winner
    counting = [entry for entry in entries if entry.counts]
    assert winner.counts == bool(counting)
    assert all(winner.order <= entry.order for entry in counting or entries)
