"""Policies as documents: what differs, laid over the company's, and that over the rule book's."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reception.policy.rules import (
    BUILT_IN,
    Amount,
    Band,
    Cause,
    CompanyPolicyIsHeadquarters,
    Name,
    Order,
    Policy,
    Week,
    check_is_theirs,
)
from services.reception.policy.rules_of_documents import (
    SETTINGS,
    BadSetting,
    BandsMustRise,
    Layer,
    ReasonUnnamed,
    SettingOutOfRange,
    UnknownSetting,
    check,
    laid_over,
    read,
    sources,
    written,
)

_AMOUNTS = st.builds(Amount, st.integers(0, 500), st.integers(0, 100))
_BANDS = st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 99)), max_size=5, unique_by=lambda one: one[0]).map(
    lambda found: tuple(
        Band(up_to, Amount(n * 10, n)) for n, up_to in enumerate(sorted(one for one, _ in found), start=1)
    )
)
_NAMES = st.text("abcdefgh_", min_size=1, max_size=20)
POLICIES = st.builds(
    Policy,
    version=st.just("E-1"),
    non_buyers=st.lists(_NAMES, unique=True, max_size=5).map(tuple),
    greet_within=st.integers(5, 3600),
    not_greeted_counts_as_forfeit=st.booleans(),
    forfeits_allowed=st.integers(0, 9),
    forfeit_week=st.sampled_from(Week),
    suspended_for=st.integers(3600, 7 * 86400),
    out_for=st.dictionaries(_NAMES, st.integers(60, 7200), max_size=4).map(lambda more: {**BUILT_IN.out_for, **more}),
    out_names=st.dictionaries(_NAMES, st.builds(Name, _NAMES, _NAMES), max_size=4).map(
        lambda more: {**BUILT_IN.out_names, **more}
    ),
    overstaying_counts_as_forfeit=st.booleans(),
    order=st.sampled_from(Order),
    late_to_the_tail=st.booleans(),
    halls_joined=st.booleans(),
    registered_by_phone_is_returning=st.booleans(),
    undo_within=st.integers(0, 3600),
    grace=st.integers(0, 600),
    clock_in_ahead=st.integers(0, 7200),
    late=_BANDS,
    amounts=st.fixed_dictionaries(dict.fromkeys(BUILT_IN.amounts, _AMOUNTS)),
    points_only=st.booleans(),
    cap_percent=st.none() | st.integers(1, 100),
)
"""Policies of every kind."""


@given(POLICIES)
def test_a_written_policy_reads_back(policy: Policy) -> None:
    """Whatever a policy decides, its document says all of it."""
    assert laid_over([Layer("E-1", written(policy))]) == policy


@given(POLICIES, POLICIES, st.sets(st.sampled_from(SETTINGS)))
def test_what_is_left_out_is_as_in_the_companys(own: Policy, company: Policy, named: set[str]) -> None:
    """Each setting is the branch's where its document names it, else the company's; entries are laid over singly."""
    document = {name: value for name, value in written(own).items() if name in named}
    held = laid_over([Layer("E-1", document), Layer("company.1", written(company))])
    for name in SETTINGS:
        expected = getattr(own if name in named else company, name)
        if name in ("out_for", "out_names", "amounts"):
            expected = {**getattr(company, name), **(getattr(own, name) if name in named else {})}
        assert getattr(held, name) == expected
    assert held.version == "E-1+company.1"


def test_every_setting_of_a_policy_can_be_decided() -> None:
    """A policy has no switch that only code can turn."""
    assert {field.name for field in fields(Policy)} - {"version"} == set(SETTINGS)


def test_each_value_says_where_it_comes_from() -> None:
    """The branch's, the company's or the rule book's version, entry by entry where entries are laid over each other."""
    own = Layer("E-3", {"greet_within": 90, "out_for": {"meal": 3600}})
    company = Layer("company.2", {"greet_within": 45, "grace": 60, "amounts": {"quarrel": {"fine": 0, "points": 30}}})
    told = sources([own, company])
    assert told["greet_within"] == "E-3"
    assert (told["grace"], told["amounts.quarrel"]) == ("company.2", "company.2")
    assert (told["out_for.meal"], told["out_for.washroom"]) == ("E-3", "built-in-1")
    assert told["amounts.absent"] == told["late"] == "built-in-1"
    assert laid_over([own, company]) == replace(
        BUILT_IN,
        version="E-3+company.2",
        greet_within=90,
        grace=60,
        out_for={**BUILT_IN.out_for, "meal": 3600},
        amounts={**BUILT_IN.amounts, Cause.QUARREL: Amount(0, 30)},
    )


def test_the_rule_book_as_it_stands() -> None:
    """一.1, 一.2, 一.7, 二.1: limits and amounts of the articles, and the product's own where they are silent."""
    assert written(BUILT_IN) == {
        "non_buyers": ["same_trade", "decorator", "salesman", "journalist"],
        "greet_within": 60,
        "not_greeted_counts_as_forfeit": False,
        "forfeits_allowed": 3,
        "forfeit_week": "rolling",
        "suspended_for": 604800,
        "out_for": {"meal": 2700, "washroom": 900, "show_flat": 3600, "other": 900},
        "out_names": {
            "meal": {"zh": "用餐", "en": "Meal"},
            "washroom": {"zh": "洗手间", "en": "Washroom"},
            "show_flat": {"zh": "看样板间", "en": "Show flat"},
            "other": {"zh": "其他", "en": "Other"},
        },
        "overstaying_counts_as_forfeit": False,
        "order": "lasting",
        "late_to_the_tail": True,
        "halls_joined": False,
        "registered_by_phone_is_returning": True,
        "undo_within": 60,
        "grace": 0,
        "clock_in_ahead": 1800,
        "late": [
            {"up_to": 600, "fine": 10, "points": 5},
            {"up_to": 1200, "fine": 20, "points": 10},
            {"up_to": 1800, "fine": 30, "points": 15},
        ],
        "amounts": {
            "forfeits": {"fine": 20, "points": 10},
            "not_greeted": {"fine": 10, "points": 5},
            "quarrel": {"fine": 50, "points": 20},
            "absent": {"fine": 50, "points": 20},
        },
        "points_only": False,
        "cap_percent": None,
    }


def test_where_nobody_decided_the_rule_book_holds() -> None:
    """Without any document: BUILT_IN, by its own name."""
    assert laid_over([]) == BUILT_IN


_BAND = {"up_to": 600, "fine": 10, "points": 5}


@pytest.mark.parametrize(
    ("document", "refusal", "setting"),
    [
        ({"greet_in": 60}, UnknownSetting, "greet_in"),
        ({"version": "E-9"}, UnknownSetting, "version"),
        ({"amounts": {"late": {"fine": 1, "points": 1}}}, UnknownSetting, "amounts.late"),
        ({"greet_within": "60"}, BadSetting, "greet_within"),
        ({"greet_within": True}, BadSetting, "greet_within"),
        ({"greet_within": 60.5}, BadSetting, "greet_within"),
        ({"halls_joined": 1}, BadSetting, "halls_joined"),
        ({"order": "by_height"}, BadSetting, "order"),
        ({"order": ["lot"]}, BadSetting, "order"),
        ({"non_buyers": "decorator"}, BadSetting, "non_buyers"),
        ({"non_buyers": [" "]}, BadSetting, "non_buyers"),
        ({"non_buyers": ["x" * 21]}, BadSetting, "non_buyers"),
        ({"non_buyers": [str(n) for n in range(51)]}, BadSetting, "non_buyers"),
        ({"out_for": [60]}, BadSetting, "out_for"),
        ({"out_for": {"": 60}}, BadSetting, "out_for"),
        ({"out_names": ["吸烟"]}, BadSetting, "out_names"),
        ({"out_names": {"": {"zh": "吸烟", "en": "Smoke"}}}, BadSetting, "out_names"),
        ({"out_names": {"smoke": "吸烟"}}, BadSetting, "out_names.smoke"),
        ({"out_names": {"smoke": {"zh": "吸烟"}}}, BadSetting, "out_names.smoke"),
        ({"out_names": {"smoke": {"zh": "吸烟", "en": " "}}}, BadSetting, "out_names.smoke"),
        ({"amounts": []}, BadSetting, "amounts"),
        ({"amounts": {"quarrel": 50}}, BadSetting, "amounts.quarrel"),
        ({"amounts": {"quarrel": {"fine": 50}}}, BadSetting, "amounts.quarrel"),
        ({"late": _BAND}, BadSetting, "late"),
        ({"late": [600]}, BadSetting, "late"),
        ({"late": [_BAND | {"name": "x"}]}, BadSetting, "late.1"),
        ({"late": [{"fine": 10, "points": 5}]}, BadSetting, "late.1.up_to"),
        ({"greet_within": 4}, SettingOutOfRange, "greet_within"),
        ({"greet_within": 3601}, SettingOutOfRange, "greet_within"),
        ({"cap_percent": 0}, SettingOutOfRange, "cap_percent"),
        ({"out_for": {"meal": 59}}, SettingOutOfRange, "out_for.meal"),
        ({"amounts": {"quarrel": {"fine": -1, "points": 0}}}, SettingOutOfRange, "amounts.quarrel.fine"),
        ({"late": [_BAND | {"up_to": 0}]}, SettingOutOfRange, "late.1.up_to"),
    ],
)
def test_what_is_no_policy_is_refused(document: dict[str, Any], refusal: type[Exception], setting: str) -> None:
    """A setting that does not exist, is not in its form or is out of range: the refusal names it."""
    with pytest.raises(refusal) as refused:
        check(document)
    assert vars(refused.value)["setting"] == setting


def test_a_branchs_own_reason_has_a_name() -> None:
    """What the rule book does not know comes with its name in both languages; what it knows may be called otherwise."""
    with pytest.raises(ReasonUnnamed):
        check({"out_for": {"smoke": 600}})
    named = {"smoke": {"zh": "吸烟", "en": "Smoke"}, "meal": {"zh": "午餐", "en": "Lunch"}}
    check({"out_for": {"smoke": 600, "meal": 1800}, "out_names": named})
    policy = laid_over([Layer("E-1", {"out_names": named})])
    assert (policy.out_names["meal"], policy.out_names["other"]) == (Name("午餐", "Lunch"), Name("其他", "Other"))


@pytest.mark.parametrize(
    "second",
    [
        {"up_to": 600, "fine": 20, "points": 10},
        {"up_to": 1200, "fine": 9, "points": 10},
        {"up_to": 1200, "fine": 20, "points": 4},
    ],
)
def test_bands_of_lateness_rise(second: dict[str, int]) -> None:
    """二.1: a band that reaches no further than the one before, or costs less, is refused."""
    with pytest.raises(BandsMustRise):
        check({"late": [_BAND, second]})


def test_the_edges_of_ranges_are_inside() -> None:
    """The least and the most are allowed, and none where a setting may be switched off."""
    assert read({"greet_within": 5, "cap_percent": None}) == {"greet_within": 5, "cap_percent": None}
    assert read({"greet_within": 3600, "cap_percent": 100}) == {"greet_within": 3600, "cap_percent": 100}


def test_a_refused_number_says_its_range() -> None:
    """What is too small or too great is told with the least and the most, and named in the log."""
    with pytest.raises(SettingOutOfRange, match="greet_within") as refused:
        check({"greet_within": 4})
    assert (refused.value.least, refused.value.most) == (5, 3600)
    with pytest.raises(UnknownSetting, match="greet_in"):
        check({"greet_in": 4})
    with pytest.raises(BadSetting, match="order"):
        check({"order": "by_height"})


@pytest.mark.parametrize(
    ("setting", "least", "most"),
    [
        ("forfeits_allowed", 0, 100),
        ("suspended_for", 3600, 90 * 86400),
        ("undo_within", 0, 3600),
        ("grace", 0, 3600),
        ("clock_in_ahead", 0, 12 * 3600),
        ("cap_percent", 1, 100),
    ],
)
def test_each_number_has_its_range(setting: str, least: int, most: int) -> None:
    """The least and the most are taken, one less and one more are not."""
    for value in (least, most):
        assert read({setting: value}) == {setting: value}
    for value in (least - 1, most + 1):
        with pytest.raises(SettingOutOfRange):
            check({setting: value})


def test_the_longest_lists_are_taken() -> None:
    """Fifty trades, fifty reasons to step out of eight hours, and twenty bands may be written; no more."""
    reasons = {f"reason {n}": 8 * 3600 for n in range(50)}
    bands = [{"up_to": n + 1, "fine": 100_000, "points": 10_000} for n in range(20)]
    names = dict.fromkeys(reasons, {"zh": "事", "en": "Matter"})
    check({"non_buyers": [str(n) for n in range(50)], "out_for": reasons, "out_names": names, "late": bands})
    for too_long in ({"out_for": reasons | {"more": 60}}, {"late": [*bands, bands[0] | {"up_to": 21}]}):
        with pytest.raises(BadSetting):
            check(too_long)
    for too_dear in ({"fine": 100_001, "points": 0}, {"fine": 0, "points": 10_001}):
        with pytest.raises(SettingOutOfRange):
            check({"amounts": {"quarrel": too_dear}})
    with pytest.raises(SettingOutOfRange):
        check({"out_for": {"meal": 8 * 3600 + 1}})


def test_a_band_may_cost_as_much_as_the_one_before() -> None:
    """二.1: only what reaches no further or costs less is refused; a band reaches a day at most."""
    check({"late": [_BAND, _BAND | {"up_to": 601}, _BAND | {"up_to": 86400}]})
    with pytest.raises(SettingOutOfRange):
        check({"late": [_BAND | {"up_to": 86401}]})


def test_a_branchs_policy_is_not_the_companys() -> None:
    """A manager decides for the branch; for the company headquarters alone."""
    check_is_theirs("east", sees_all_branches=False)
    check_is_theirs(None, sees_all_branches=True)
    with pytest.raises(CompanyPolicyIsHeadquarters):
        check_is_theirs(None, sees_all_branches=False)
