"""How many somebody may draw from the pool, and which: a lot that anybody can check.

The seed of a draw is made before anybody asks for it, and its SHA-256 is published then. When the draw is done the seed
is published, and `holds_true` says whether the customers who were given are those that the lot gives: the smallest
SHA-256 of the UTF-8 text `seed/customer_id`. All of it is the product's own rule, not the source's.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.customers.policy.rules import Policy


class CapReached(Exception):
    """Whoever holds as many customers as the policy allows draws no more."""

    def __init__(self, cap: int, held: int) -> None:
        super().__init__(cap, held)
        self.cap, self.held = cap, held


class DailyLimitReached(Exception):
    """Today as many were drawn as the policy allows a person in a day."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class PoolEmpty(Exception):
    """There is no customer in the branch's pool."""


class CoolingOff(Exception):
    """All that is in the pool was the asker's own a short time ago."""

    def __init__(self, until: date) -> None:
        super().__init__(until.isoformat())
        self.until = until.isoformat()


class DrawNotPromised(Exception):
    """The seed of the branch's next draw has not been promised yet, so nobody could check it."""


class OnlyStaffDraw(Exception):
    """Customers of the pool are drawn by people who work at the branch."""


class UnknownDraw(Exception):
    """There is no such draw, or not of the asker's branch."""


class Limit(StrEnum):
    """Why fewer customers were drawn than were asked for."""

    BATCH = "batch"
    DAILY = "daily"
    CAP = "cap"
    POOL = "pool"


@dataclass(frozen=True)
class Allowance:
    """How many customers somebody may draw now, at least one; fewer than they ask for because of `limited_by`."""

    most: int
    limited_by: tuple[Limit, ...]


def allowance(policy: Policy, held: int, drawn_today: int, wanted: int) -> Allowance:
    """What the policy leaves of a wish for `wanted` (at least 1); raises CapReached, DailyLimitReached."""
    if held >= policy.hold_at_most:
        raise CapReached(policy.hold_at_most, held)
    if drawn_today >= policy.draw_daily:
        raise DailyLimitReached(policy.draw_daily)
    room = {
        Limit.BATCH: policy.draw_batch,
        Limit.DAILY: policy.draw_daily - drawn_today,
        Limit.CAP: policy.hold_at_most - held,
    }
    most = min(wanted, *room.values())
    return Allowance(most, tuple(limit for limit, left in room.items() if most < wanted and left == most))


def commitment_of(seed: str) -> str:
    """What is published of a seed before the draw: its SHA-256 in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn(seed: str, candidates: Iterable[str], count: int) -> list[str]:
    """The `count` candidates (or all there are) whom the lot gives, in its order, whatever order they stand in."""
    return sorted(candidates, key=lambda one: hashlib.sha256(f"{seed}/{one}".encode()).hexdigest())[:count]


def holds_true(commitment: str, seed: str, candidates: Sequence[str], given: Sequence[str]) -> bool:
    """Whether a published draw is the one that was promised: what anybody can check, with any SHA-256 tool."""
    return commitment_of(seed) == commitment and drawn(seed, candidates, len(given)) == list(given)


def free_on(lost_on: date, policy: Policy) -> date:
    """The first day on which a former owner may draw the customer again."""
    return lost_on + timedelta(days=policy.cooling_off_days)


def cooling(lost: Mapping[str, date], today: date, policy: Policy) -> dict[str, date]:
    """Until when each customer lost on a day (by id) is not to be drawn by the former owner, of those that are not."""
    until = {customer_id: free_on(day, policy) for customer_id, day in lost.items()}
    return {customer_id: day for customer_id, day in until.items() if day > today}
