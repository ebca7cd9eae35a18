"""What customers earn and may spend: all of it the product's own rule."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.points.rules import (
    BUILT_IN,
    MOST,
    Balance,
    Came,
    Deal,
    Earned,
    Kind,
    NotEnoughPoints,
    Rules,
    Source,
    TooManyByHand,
    Visit,
    check,
    check_by_hand,
    check_spending,
    earned,
    known_before,
    rules_on,
)
from services.customers.policy.rules import BadSetting, SettingOutOfRange, UnknownSetting, Version
from services.customers.register.rules import Entry, Origin
from services.customers.register.rules import Kind as Kinds

DAY = date(2026, 3, 2)
RULES = Rules(on=True, deal_points=3, deal_per=1_000_00, visit_points=5, referral_points=50, by_hand_most=100)


def given_by(fact: Deal | Visit, rules: Rules = RULES, **types: str) -> dict[tuple[str, str], int]:
    return {(one.kind.value, one.customer_id): one.points for one in earned(fact, rules, types)}


@pytest.mark.parametrize(
    ("amount", "points"),
    [(None, 0), (0, 0), (-1, 0), (999_99, 0), (1_000_00, 3), (1_999_99, 3), (2_000_00, 6), (10**15, MOST)],
)
def test_a_deal_counts_by_whole_steps(amount: int | None, points: int) -> None:
    """Three points for each whole 1,000 yuan; none where the amount is not known; never more than a posting holds."""
    assert given_by(Deal("wang", amount)) == ({("deal", "wang"): points} if points else {})


def test_a_deal_of_nobody_gives_nothing() -> None:
    """Without a customer there is nobody to have the points."""
    assert given_by(Deal(None, 1_000_00)) == {}


def test_everybody_who_came_has_visited() -> None:
    """The visitor and who came along, each once."""
    visit = Visit("first_visit", None, (Came("wang", True), Came("li", True), Came("wang", True)))
    assert given_by(visit) == {("visit", "wang"): 5, ("visit", "li"): 5}


def test_who_brings_a_new_customer_has_the_points_for_it() -> None:
    """老带新: for the visitor and whoever new came along; not for those whom reception knew."""
    visit = Visit("referral", "old", (Came("wang", True), Came("li", False), Came("zhao", True)))
    bringing = [one for one in earned(visit, RULES, {}) if one.kind is Kind.REFERRAL]
    assert [(one.customer_id, one.points, one.facts["brought_id"]) for one in bringing] == [
        ("old", 50, "wang"),
        ("old", 50, "zhao"),
    ]


def test_an_old_customer_is_not_brought() -> None:
    """Back again, or family who stand for them (老客户，不是老带新): only a new companion counts as brought."""
    visit = Visit("returning", "old", (Came("wife", True), Came("friend", True)))
    bringing = [one.facts["brought_id"] for one in earned(visit, RULES, {}) if one.kind is Kind.REFERRAL]
    assert bringing == ["friend"]


def test_nobody_brings_themselves() -> None:
    """The bringer, who came along, is no one brought; without a known bringer nobody brought anybody."""
    came = (Came("old", True), Came("new", True))
    assert len([one for one in earned(Visit("referral", "old", came), RULES, {}) if one.kind is Kind.REFERRAL]) == 1
    assert [one for one in earned(Visit("referral", None, came), RULES, {}) if one.kind is Kind.REFERRAL] == []


def test_off_means_nothing() -> None:
    """Built in all is off; a branch that is off gives nothing, and a type that is off nothing to its customers."""
    visit = Visit("referral", "old", (Came("wang", True),))
    assert given_by(visit, BUILT_IN) == {}
    assert given_by(visit, Rules(on=False, visit_points=5)) == {}
    without_some = Rules(on=True, visit_points=5, types_off=("一般客户",))
    assert given_by(visit, without_some, wang="一般客户") == {}
    assert given_by(visit, without_some, wang="优质客户") == {("visit", "wang"): 5}


def test_a_branch_is_laid_over_the_company() -> None:
    """Each setting is the branch's where it names it, else the company's; the version names both."""
    company = Version(None, 2, DAY, {"on": True, "visit_points": 5})
    branch = Version("east", 1, DAY, {"visit_points": 8})
    assert rules_on([branch, company], DAY) == Rules(on=True, visit_points=8, version="company-2+branch-1")
    assert rules_on([branch, company], DAY - timedelta(days=1)) == BUILT_IN


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"visits": 1}, UnknownSetting),
        ({"on": 1}, BadSetting),
        ({"types_off": "VIP"}, BadSetting),
        ({"types_off": ["VIP", "VIP"]}, BadSetting),
        ({"types_off": [1]}, BadSetting),
        ({"visit_points": True}, BadSetting),
        ({"visit_points": 1.5}, BadSetting),
        ({"visit_points": -1}, SettingOutOfRange),
        ({"deal_per": 99}, SettingOutOfRange),
    ],
)
def test_what_are_no_rules_is_refused(values: dict[str, Any], refusal: type[Exception]) -> None:
    """A name nobody knows, another form, a number out of its range."""
    with pytest.raises(refusal):
        check(values)


def test_rules_in_their_form_are_taken() -> None:
    """Every setting, written as the current rules show it."""
    values = {"on": True, "types_off": ["VIP"], "deal_points": 0, "deal_per": 100, "visit_points": 1_000_000}
    check(values | {"referral_points": 0, "by_hand_most": 10_000_000})


def test_no_more_is_spent_than_there_is() -> None:
    """To the last point, and not beyond; what is owed is nothing to spend."""
    check_spending(Balance(100), 100)
    for total, points in ((100, 101), (0, 1), (-5, 1)):
        with pytest.raises(NotEnoughPoints):
            check_spending(Balance(total), points)


def test_by_hand_within_the_rules() -> None:
    """As many as the rules let anybody, up or down, and never below what is there; what is owed may be given."""
    check_by_hand(RULES, Balance(-500), 100)
    check_by_hand(RULES, Balance(100), -100)
    for balance, points, refusal in ((0, 101, TooManyByHand), (500, -101, TooManyByHand), (99, -100, NotEnoughPoints)):
        with pytest.raises(refusal):
            check_by_hand(RULES, Balance(balance), points)


@given(st.integers(-MOST, MOST))
def test_a_balance_is_there_or_owed(total: int) -> None:
    """One of the two is nothing, and together they are the sum."""
    balance = Balance(total)
    assert min(balance.available, balance.owed) == 0
    assert balance.available - balance.owed == total


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_deal_in_two_parts_gives_no_more(one: int, other: int) -> None:
    """Splitting a deal earns nobody more points, and more money never fewer."""

    def points(amount: int) -> int:
        return sum(each.points for each in earned(Deal("wang", amount), RULES, {}))

    assert points(one) + points(other) <= points(one + other) or points(one + other) == MOST
    assert points(one) <= points(one + other)


def test_each_word_and_each_reason_has_a_posting_of_its_own() -> None:
    """The same is posted under one id however often it is heard; another word, kind or person under another."""
    lines = [Earned(Kind.VISIT, "wang", 5), Earned(Kind.VISIT, "li", 5)]
    lines += [Earned(Kind.REFERRAL, "wang", 5, {"brought_id": name}) for name in ("a", "b")]
    words = [Source("reception", "r", "east", n, DAY) for n in (1, 2)] + [Source("deal", "r", "east", 1, DAY)]
    ids = [word.posting_id(line) for word in words for line in lines]
    assert len(set(ids)) == len(ids)
    assert ids == [word.posting_id(line) for word in words for line in lines]


def _entry(key: str, customer_id: str, minute: int, origin: Origin = Origin.RECEPTION) -> Entry:
    at = datetime(2026, 3, 2, 10, minute, tzinfo=UTC)
    return Entry(key, "east", customer_id, Kinds.REGISTERED, at, DAY, "王小明", None, True, None, origin, key)


def test_whom_the_register_had_before_is_known() -> None:
    """The first registration decides by its time: all other receptions knew them; who came together came at once."""
    first, along = _entry("r1", "wang", 0), _entry("r1/1", "same", 0)
    assert known_before([along, first]) == set()
    assert known_before([_entry("r2/1", "friend", 5), along, first]) == {("r2", "friend")}
    assert known_before([_entry("r2", "friend", 5), _entry("r3", "wang", 3, Origin.PERSON)]) == {("r2", "friend")}
    assert known_before([_entry("r2", "friend", 5), _entry("r3", "wang", 9, Origin.PERSON)]) == set()
