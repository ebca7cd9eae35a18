"""Who is the same person, and which persons are one customer (rules 3 and 4 of the register; 一.4, 一.5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.customers.register.rules import Entry, Kind, Origin, Rule
from services.customers.register.rules_of_persons import Standing, alone, holders, share_a_phone, spells_of, standings
from services.customers.relations.rules import Kin, Ties, pair
from tests.services.synthetic import EAST, NOW

PHONE, OTHER, NAMESAKES = "+8613800138000", "+8613900139000", "+8615912348000"


def entry(of: str, minute: int, name: str | None = "王小明", phone: str | None = PHONE, **changes: object) -> Entry:
    """A registration of the customer `of` by somebody of that name, so many minutes after NOW."""
    number = f"{of}{minute}{changes.get('kind', '')}"
    one = Entry(
        entry_id=number,
        branch_id=EAST,
        customer_id=of,
        kind=Kind.REGISTERED,
        at=NOW + timedelta(minutes=minute),
        local_day=date(2026, 3, 2),
        name=name,
        phone=phone,
        phone_correct=phone is not None,
        registered_by=f"staff of {of}",
        origin=Origin.PERSON,
        origin_key=number,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def groups(entries: Sequence[Entry], ties: Ties = Ties()) -> list[tuple[str, str]]:  # noqa: B008 - a value
    """Each customer: whose registration holds, and all ids, as one word."""
    return [(one.customer_id, "".join(sorted(one.ids))) for one in standings(entries, ties)]


def kin(*said: tuple[str, str, Kin]) -> Ties:
    return Ties(kin={(first, second): kind for first, second, kind in said})


@pytest.mark.parametrize(
    ("second", "same"),
    [
        ({"phone": PHONE, "name": "李四"}, True),
        ({"phone": PHONE, "name": None}, True),
        ({"phone": NAMESAKES, "name": "王 小明先生"}, True),
        ({"phone": NAMESAKES, "name": "王晓明"}, False),
        ({"phone": OTHER, "name": "王小明"}, False),
        ({"phone": "+8613800138001", "name": "王小明"}, False),
        ({"phone": None, "name": "王小明"}, False),
        ({"phone": NAMESAKES, "phone_correct": False}, False),
    ],
)
def test_same_phone_or_same_full_name_with_the_same_tail(second: dict[str, object], same: bool) -> None:
    """Rule 4: without asking; a name alone, or a near phone, is for a person to decide."""
    found = groups([entry("a", 0), entry("b", 1, **second)])  # type: ignore[arg-type]
    assert found == ([("a", "ab")] if same else [("a", "a"), ("b", "b")])


def test_a_name_that_is_not_full_makes_nobody_the_same() -> None:
    """王先生 …8000 and 王先生 …8000 are a great many people."""
    assert len(groups([entry("a", 0, "王先生"), entry("b", 1, "王先生", NAMESAKES)])) == 2


def test_who_was_recognised_by_a_phone_stays_so_after_a_signed_change() -> None:
    """一.3: the change counts from the signature. Who registered with the old phone before is the same customer; who
    does so afterwards is somebody else, and the new phone is the customer's."""
    before, changed = entry("b", 1), entry("a", 5, phone=OTHER, kind=Kind.AMENDED)
    entries = [entry("a", 0), before, changed, entry("c", 6)]
    assert groups(entries) == [("a", "ab"), ("c", "c")]
    first, second = standings(entries, Ties())
    assert (first.phones, second.phones) == ((OTHER,), (PHONE,))
    assert holders(spells_of(entries), PHONE) == {"c"}
    again = entry("a", 9, phone="+8613700137000", kind=Kind.AMENDED)
    assert groups([*entries, again, entry("d", 10)]) == [("a", "ab"), ("c", "cd")]


def test_a_phone_proved_wrong_counts_no_longer_and_frees_it() -> None:
    """Rule 1: the registration with it loses to a later one that counts; whoever really has the phone is another."""
    wrong = entry("a", 0, proved_wrong=True)
    assert groups([wrong, entry("b", 1)]) == [("b", "b"), ("a", "a")]
    together = Ties(same=frozenset({("a", "b")}))
    (one,) = standings([wrong, entry("b", 1, phone=OTHER)], together)
    assert (one.customer_id, one.ruling.rule, one.phones) == ("b", Rule.FIRST_CORRECT, (OTHER,))
    assert [loser.reason for loser in one.ruling.losers] == ["phone_not_correct"]


def test_two_registrations_of_one_wrong_phone_stay_one_customer() -> None:
    """That the phone is wrong does not make two customers of one."""
    entries = [entry("a", 0, proved_wrong=True), entry("b", 1, proved_wrong=True)]
    assert groups(entries) == [("a", "ab")]
    assert standings(entries, Ties())[0].phones == ()


def test_a_person_s_word_holds_over_a_name_and_never_over_a_phone() -> None:
    """Not the same: 王小明 …8000 twice are two; with one phone they are one, whatever was said."""
    apart = Ties(apart=frozenset({("a", "b")}))
    namesakes = [entry("a", 0), entry("b", 1, phone=NAMESAKES)]
    assert groups(namesakes, apart) == [("a", "a"), ("b", "b")]
    assert groups([*namesakes, entry("b", 2)], apart) == [("a", "ab")]
    assert share_a_phone(spells_of([*namesakes, entry("b", 2)]), "a", "b")
    assert not share_a_phone(spells_of(namesakes), "a", "b")
    assert groups([*namesakes, entry("c", 3, phone=NAMESAKES.replace("159", "158"))], apart) == [("a", "abc")]


@pytest.mark.parametrize(
    ("kind", "other_way"),
    [
        (Kin.SPOUSE, Kin.SPOUSE),
        (Kin.PARENT, Kin.CHILD),
        (Kin.CHILD, Kin.PARENT),
        (Kin.BETROTHED, Kin.BETROTHED),
    ],
)
def test_family_is_one_customer(kind: Kin, other_way: Kin) -> None:
    """一.5: 夫妻、父母、子女、准未婚夫妻 — who registered first holds, and the loser is told what they are to them."""
    husband, wife = entry("a", 0), entry("b", 1, "李小红", OTHER)
    (one,) = standings([husband, wife], kin(("a", "b", kind)))
    assert (one.customer_id, one.ruling.article, one.phones) == ("a", "一.5", (PHONE,))
    assert list(one.bearers.items()) == [(PHONE, "a"), (OTHER, "b")]
    assert [(loser.kin, loser.reason, loser.article) for loser in one.ruling.losers] == [(kind, "later", "一.5")]
    (other,) = standings([replace(husband, at=NOW + timedelta(hours=1)), wife], kin(("a", "b", kind)))
    assert (other.customer_id, other.ruling.losers[0].kin) == ("b", other_way)
    assert (one.article_of("a"), one.article_of("b")) == ("一.4", "一.5")


def test_rule_1_holds_across_a_family() -> None:
    """Among all registrations of the family only those with full name and correct phone count, if there is one."""
    (one,) = standings([entry("a", 0, "王先生"), entry("b", 1, "李小红", OTHER)], kin(("a", "b", Kin.SPOUSE)))
    assert (one.customer_id, one.ruling.rule) == ("b", Rule.FIRST_CORRECT)
    assert [loser.reason for loser in one.ruling.losers] == ["name_not_full"]


@pytest.mark.parametrize(
    ("order", "customers"),
    [
        ("abc", [("a", "ab"), ("c", "c")]),
        ("acb", [("a", "ab"), ("c", "c")]),
        ("bac", [("b", "abc")]),
        ("cab", [("c", "bc"), ("a", "a")]),
        ("cba", [("c", "bc"), ("a", "a")]),
    ],
)
def test_one_hop_and_no_further(order: str, customers: list[tuple[str, str]]) -> None:
    """b is the child of a and the spouse of c: each joins the earliest winner they are directly related to, and the
    in-laws a and c are nobody's family by that."""
    phones = {"a": PHONE, "b": OTHER, "c": "+8613700137000"}
    entries = [
        entry(one, minute, f"人{one}某{one}"[:2] + "甲乙丙"["abc".index(one)], phones[one])
        for minute, one in enumerate(order)
    ]
    assert groups(entries, kin(("a", "b", Kin.CHILD), ("b", "c", Kin.SPOUSE))) == customers


def test_a_family_of_persons_with_several_ids() -> None:
    """Who is the same person by phone brings all their ids along; what one gave up may be the other's."""
    ties = kin(("b", "c", Kin.SPOUSE))
    entries = [entry("a", 0), entry("b", 1), entry("c", 2, "李小红", OTHER), entry("d", 3, "李小红", OTHER)]
    assert groups(entries, ties) == [("a", "abcd")]
    amended = entry("a", 8, phone="+8613700137000", kind=Kind.AMENDED)
    (one,) = standings([*entries, amended, entry("c", 9, "李小红", PHONE)], ties)
    assert ({own.customer_id for own in one.own}, one.phones) == ({"a", "b"}, ("+8613700137000",))
    assert one.phones_in([other for other in one.entries if other.customer_id == "c"]) == (OTHER, PHONE)


REGISTRATIONS = some.lists(
    some.tuples(
        some.sampled_from("abcdef"),
        some.integers(0, 4),
        some.sampled_from(["王小明", "王先生", "李小红", None]),
        some.sampled_from([PHONE, OTHER, NAMESAKES, None]),
        some.sampled_from([Kind.REGISTERED, Kind.REGISTERED, Kind.AMENDED]),
        some.booleans(),
    ),
    min_size=1,
    max_size=9,
)
_PAIRS = some.lists(
    some.tuples(some.sampled_from("abcdef"), some.sampled_from("abcdef")).filter(lambda two: two[0] < two[1]),
    max_size=4,
)


def entries_of(registrations: Sequence[tuple[str, int, str | None, str | None, Kind, bool]]) -> list[Entry]:
    return [
        entry(
            one,
            minute,
            name,
            phone,
            kind=kind,
            proved_wrong=wrong and phone is not None,
            entry_id=f"e{n}",
            origin_key=f"k{n}",
        )
        for n, (one, minute, name, phone, kind, wrong) in enumerate(registrations)
    ]


def _outcome(found: Sequence[Standing]) -> list[object]:
    return [(one.ruling, sorted(one.ids), list(one.bearers.items()), one.phones, one.name, one.phone) for one in found]


@settings(max_examples=60, deadline=None)
@given(REGISTRATIONS, _PAIRS, _PAIRS, _PAIRS, some.randoms(use_true_random=False))
def test_the_order_of_telling_changes_nothing(
    registrations: Sequence[tuple[str, int, str | None, str | None, Kind, bool]],
    related: Sequence[tuple[str, str]],
    same: Sequence[tuple[str, str]],
    apart: Sequence[tuple[str, str]],
    random: Random,
) -> None:
    """Whatever was registered, changed, proved wrong and decided: told in any order and twice, the same customers."""
    entries = entries_of(registrations)
    ties = Ties(dict.fromkeys(related, Kin.CHILD), frozenset(same), frozenset(apart))
    shuffled = random.sample(entries, len(entries))
    kin_shuffled = dict.fromkeys(random.sample(list(dict.fromkeys(related)), len(set(related))), Kin.CHILD)
    told_otherwise = Ties(kin_shuffled, ties.same, ties.apart) | ties
    assert _outcome(standings(shuffled, told_otherwise)) == _outcome(standings(entries, ties))


@settings(max_examples=60, deadline=None)
@given(REGISTRATIONS)
def test_who_is_alone_is_ruled_as_among_all(
    registrations: Sequence[tuple[str, int, str | None, str | None, Kind, bool]],
) -> None:
    """The short way for one registration says what the long one says, whatever its name and phone are."""
    for one in entries_of(registrations):
        assert [alone(one)] == standings([one], Ties())


@settings(max_examples=60, deadline=None)
@given(REGISTRATIONS, _PAIRS)
def test_every_registration_belongs_to_one_customer(
    registrations: Sequence[tuple[str, int, str | None, str | None, Kind, bool]], related: Sequence[tuple[str, str]]
) -> None:
    """None is lost, none counted twice; no two customers are recognised by one phone; a winner is no direct relative
    of an earlier winner; and whoever holds counts if anyone of theirs does."""
    entries = entries_of(registrations)
    found = standings(entries, Ties(kin=dict.fromkeys(related, Kin.SPOUSE)))
    assert sorted(one.entry_id for each in found for one in each.entries) == sorted(one.entry_id for one in entries)
    phones = [phone for each in found for phone in each.bearers]
    assert len(phones) == len(set(phones))
    spells = spells_of(entries)
    assert all(one in holders(spells, phone) <= each.ids for each in found for phone, one in each.bearers.items())
    assert all(list(each.bearers)[: len(each.phones)] == list(each.phones) for each in found)
    heads = [{own.customer_id for own in each.own} for each in found]
    crossing = [
        two for two in related for n, one in enumerate(heads) for other in heads[:n] if _lies_between(two, one, other)
    ]
    assert crossing == []
    assert all(each.ruling.winner.counts or not any(one.counts for one in each.entries) for each in found)


def _lies_between(two: tuple[str, str], one: set[str], other: set[str]) -> bool:
    return pair(*two) in {pair(a, b) for a in one for b in other if a != b}


@settings(max_examples=100, deadline=None)
@given(REGISTRATIONS, _PAIRS, _PAIRS)
def test_who_is_taken_out_leaves_the_others_as_they_were(
    registrations: Sequence[tuple[str, int, str | None, str | None, Kind, bool]],
    related: Sequence[tuple[str, str]],
    same: Sequence[tuple[str, str]],
) -> None:
    """Without all registrations and ties of one customer (erased), the other customers are ruled as before."""
    entries, ties = entries_of(registrations), Ties(dict.fromkeys(related, Kin.CHILD), frozenset(same))
    found = standings(entries, ties)
    for gone in found:
        left = [one for one in entries if one.customer_id not in gone.ids]
        kin_left = {two: kind for two, kind in ties.kin.items() if not gone.ids & set(two)}
        same_left = frozenset(two for two in ties.same if not gone.ids & set(two))
        assert _outcome(standings(left, Ties(kin_left, same_left))) == _outcome([one for one in found if one != gone])
