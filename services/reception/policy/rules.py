"""What a branch decides for itself: limits, amounts, weeks and switches. Data with a version, never code.

A policy is a document of plain values; what it leaves out is as in the company's, and there as in BUILT_IN, which is
the rule book's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Order(StrEnum):
    """What the order of a day is: the lasting line, by clock-in, or drawn by lot."""

    LASTING = "lasting"
    CLOCK_IN = "clock_in"
    LOT = "lot"


class Week(StrEnum):
    """Which forfeits count together: those of the last 7 × 24 hours, or of the calendar week."""

    ROLLING = "rolling"
    CALENDAR = "calendar"


class Cause(StrEnum):
    """What a penalty is for."""

    FORFEITS = "forfeits"
    NOT_GREETED = "not_greeted"
    QUARREL = "quarrel"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True)
class Amount:
    """A penalty: yuan and points."""

    fine: int
    points: int


@dataclass(frozen=True)
class Band:
    """Lateness up to and including so many whole seconds costs this much."""

    up_to: int
    amount: Amount


@dataclass(frozen=True)
class Name:
    """What something is called, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Policy:
    """What holds in a branch from a day on. Times are whole seconds unless the name says otherwise."""

    version: str
    non_buyers: tuple[str, ...] = ("same_trade", "decorator", "salesman", "journalist")
    greet_within: int = 60
    not_greeted_counts_as_forfeit: bool = False
    forfeits_allowed: int = 3
    forfeit_week: Week = Week.ROLLING
    suspended_for: int = 7 * 24 * 3600
    out_for: Mapping[str, int] = field(
        default_factory=lambda: {"meal": 2700, "washroom": 900, "show_flat": 3600, "other": 900}
    )
    out_names: Mapping[str, Name] = field(
        default_factory=lambda: {
            "meal": Name("用餐", "Meal"),
            "washroom": Name("洗手间", "Washroom"),
            "show_flat": Name("看样板间", "Show flat"),
            "other": Name("其他", "Other"),
        }
    )
    """What the reasons of `out_for` are called."""
    overstaying_counts_as_forfeit: bool = False
    order: Order = Order.LASTING
    late_to_the_tail: bool = True
    halls_joined: bool = False
    registered_by_phone_is_returning: bool = True
    undo_within: int = 60
    grace: int = 0
    clock_in_ahead: int = 1800
    late: tuple[Band, ...] = (
        Band(600, Amount(10, 5)),
        Band(1200, Amount(20, 10)),
        Band(1800, Amount(30, 15)),
    )
    amounts: Mapping[Cause, Amount] = field(
        default_factory=lambda: {
            Cause.FORFEITS: Amount(20, 10),
            Cause.NOT_GREETED: Amount(10, 5),
            Cause.QUARREL: Amount(50, 20),
            Cause.ABSENT: Amount(50, 20),
        }
    )
    points_only: bool = False
    cap_percent: int | None = None
    """The share of a month's pay past which a fine is held for review; None: no cap."""


BUILT_IN = Policy("built-in-1")
"""The rule book as it stands; what holds where nobody has decided otherwise."""


class CompanyPolicyIsHeadquarters(Exception):
    """What holds for the whole company is for headquarters to decide, and to try."""


def check_is_theirs(branch_id: str | None, *, sees_all_branches: bool) -> None:
    """A branch's policy, or (None) the company's; raises CompanyPolicyIsHeadquarters."""
    if branch_id is None and not sees_all_branches:
        raise CompanyPolicyIsHeadquarters


def cost_of_lateness(seconds: int, policy: Policy) -> tuple[Cause, Amount]:
    """What so many whole seconds past the grace cost; past the last band the person counts as absent 旷工 (二.1)."""
    for band in policy.late:
        if seconds <= band.up_to:
            return Cause.LATE, band.amount
    return Cause.ABSENT, policy.amounts[Cause.ABSENT]
