"""When forfeits suspend (一.1), and what a penalty is.

Whole seconds decide, fractions dropped in the person's favour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.reception.policy.rules import Amount, Cause, Policy, Week

ARTICLES: dict[Cause, str] = {
    Cause.FORFEITS: "一.1",
    Cause.NOT_GREETED: "一.1",
    Cause.QUARREL: "一.2",
    Cause.LATE: "二.1",
    Cause.ABSENT: "二.1",
}


class State(StrEnum):
    """Where a penalty stands. Nothing of it is ever deleted."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    WAIVED = "waived"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"  # what it was built on turned out not to be so


class ForfeitCause(StrEnum):
    """Why a turn was forfeited."""

    WALKED_OFF = "walked_off"
    OVERSTAYED = "overstayed"  # by policy only
    NOT_GREETED = "not_greeted"  # by policy only


@dataclass(frozen=True)
class Proposal:
    """A penalty as it is proposed: whose, what for, how much, resting on what (the subject of an event)."""

    branch_id: str
    staff_id: str
    cause: Cause
    amount: Amount
    evidence: str
    policy_version: str


@dataclass(frozen=True)
class GivenUp:
    """A turn that somebody forfeited: where, who, how, resting on what (the subject of an event)."""

    branch_id: str
    hall_id: str
    staff_id: str
    cause: ForfeitCause
    evidence: str


@dataclass(frozen=True)
class Forfeit:
    """One forfeit that still counts: neither excused nor spent."""

    forfeit_id: str
    at: datetime


def those_that_suspend(counted: Iterable[Forfeit], now: datetime, policy: Policy, zone: ZoneInfo) -> Sequence[Forfeit]:
    """The forfeits of the week, if there are more of them than are allowed; else none.

    The week is the last 7 × 24 hours, one exactly that old excluded; or, by policy, the calendar week of the branch.
    """
    inside = [one for one in counted if _begins(now, policy, zone) < one.at]
    return inside if len(inside) > policy.forfeits_allowed else ()


def suspension(now: datetime, policy: Policy) -> tuple[datetime, datetime]:
    """From when until when."""
    return now, now + timedelta(seconds=policy.suspended_for)


def _begins(now: datetime, policy: Policy, zone: ZoneInfo) -> datetime:
    if policy.forfeit_week is Week.ROLLING:
        return now.replace(microsecond=0) - timedelta(days=7)
    local = now.astimezone(zone)
    monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    return monday - timedelta(microseconds=1)
