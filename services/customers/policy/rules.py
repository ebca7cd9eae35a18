"""The settings about owners and the recycle bin: data with a version and a day from which it holds, never code.

A version is a document that names only what differs; a branch's is laid over the company's, and that over BUILT_IN. All
of it is the product's own rule, not the source's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


class UnknownSetting(Exception):
    """No policy has a setting of this name."""

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting


class BadSetting(Exception):
    """A setting is not written in its form."""

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting


class SettingOutOfRange(Exception):
    """A number is smaller or greater than the setting may be."""

    def __init__(self, setting: str, least: int, most: int) -> None:
        super().__init__(setting)
        self.setting, self.least, self.most = setting, least, most


class HoldsTooSoon(Exception):
    """A policy holds from tomorrow on at the earliest: what was decided today stays as it was explained."""

    def __init__(self, earliest: date) -> None:
        super().__init__(earliest.isoformat())
        self.earliest = earliest.isoformat()


class CompanyPolicyIsHeadquarters(Exception):
    """What holds for the whole company is for headquarters to decide."""


@dataclass(frozen=True)
class Policy:
    """What holds on a day. Days are local days of the branch.

    A completed first visit makes its server the owner (一.6) unless `first_visit_owns` is off: then it leaves the
    customer in the pool, and so does a visit to somebody who is there, which counts as a first one.
    A draw gives at most `draw_batch` customers out of the `draw_among` longest registered of the pool, and a person at
    most `draw_daily` a day. Neither a draw nor an application gives any beyond `hold_at_most` held; what a manager
    assigns or hands over may exceed it. A former owner draws a customer again after `cooling_off_days`. A customer
    without contact for `idle_days` goes back to the pool, warned of `warning_days` ahead; key accounts and customers
    with a closed deal stay where `keep_…` says so. A customer in the recycle bin is purged when they were there for
    `bin_days`.
    """

    draw_batch: int = 5
    draw_daily: int = 10
    draw_among: int = 500
    hold_at_most: int = 200
    cooling_off_days: int = 30
    idle_days: int = 60
    warning_days: int = 7
    first_visit_owns: bool = True
    keep_key_accounts: bool = True
    keep_closed_deals: bool = True
    bin_days: int = 90


@dataclass(frozen=True)
class Version:
    """One document: whose it is (None: the company's), the how manieth of theirs, from when, and what it says."""

    branch_id: str | None
    n: int
    holds_from: date
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """What is to hold in a branch (None: the whole company) from a local day on, as far as it differs, and why."""

    branch_id: str | None
    holds_from: date
    values: Mapping[str, Any]
    reason: str


BUILT_IN = Policy()
_RANGES: Mapping[str, tuple[int, int]] = {
    "draw_batch": (1, 100),
    "draw_daily": (0, 1000),
    "draw_among": (1, 2000),
    "hold_at_most": (0, 100_000),
    "cooling_off_days": (0, 3650),
    "idle_days": (1, 3650),
    "warning_days": (1, 365),
    "bin_days": (1, 3650),
}
_SWITCHES = ("first_visit_owns", "keep_key_accounts", "keep_closed_deals")


def check(values: Mapping[str, Any]) -> None:
    """Raises UnknownSetting, BadSetting or SettingOutOfRange for a document that is no policy."""
    for name, value in values.items():
        if name in _SWITCHES:
            if type(value) is not bool:
                raise BadSetting(name)
        elif name not in _RANGES:
            raise UnknownSetting(name)
        else:
            check_number(name, value, _RANGES[name])


def check_number(name: str, value: Any, within: tuple[int, int]) -> None:
    """Raises BadSetting or SettingOutOfRange."""
    least, most = within
    if type(value) is not int:
        raise BadSetting(name)
    if not least <= value <= most:
        raise SettingOutOfRange(name, least, most)


def holding_on(versions: Iterable[Version], day: date) -> Sequence[Version]:
    """What holds on a day, the company's version first: of those that have begun the latest, and the last made."""
    begun = sorted((one for one in versions if one.holds_from <= day), key=lambda one: (one.holds_from, one.n))
    last = {one.branch_id is None: one for one in begun}
    return [last[company] for company in (True, False) if company in last]


def policy_on(versions: Iterable[Version], day: date) -> Policy:
    """The policy of a day."""
    values: dict[str, Any] = asdict(BUILT_IN)
    for version in holding_on(versions, day):
        values |= version.values
    return Policy(**values)
