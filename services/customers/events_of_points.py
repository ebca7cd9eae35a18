"""The facts that customers announces about points, while the company keeps them."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class PointsPosted(Fact):
    """A customer's points are so many more, or (`points` below zero) fewer: one line of the ledger, never changed.

    `kind` is deal, visit, referral, by_hand or spent; `source` what earned them (`deal/<id>`, `reception/<id>`),
    `reverses_id` the posting that this one takes back. The product's own rule.
    """

    TYPE: ClassVar[str] = "points.posted.v1"

    posting_id: str
    branch_id: str
    customer_id: str
    points: int
    kind: str
    reason: str | None
    source: str | None
    reverses_id: str | None
    rule_version: str
    day: dt.date
    posted_at: dt.datetime
    by_id: str | None


@dataclass(frozen=True)
class PointsSetting:
    """One setting of the rules and its value, as JSON text."""

    setting: str
    value: str


@dataclass(frozen=True)
class PointsRulesChanged(Fact):
    """It was decided what customers earn from a local day on: in a branch, or in all that do not decide otherwise.

    `policy_id` is the branch's id, or `company`; `n` counts its versions, and the last made of the latest day decides.
    """

    TYPE: ClassVar[str] = "points_rules.changed.v1"

    policy_id: str
    branch_id: str | None
    n: int
    holds_from: dt.date
    settings: list[PointsSetting]
    reason: str
    by: str


FACTS: tuple[type[Fact], ...] = (PointsPosted, PointsRulesChanged)
