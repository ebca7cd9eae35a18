"""When a customer goes back to the pool by itself, and when its owner is warned.

This is the product's own rule, not the source's: it cites no article. Days are the branch's local ones. A contact is an
effective follow-up or a reception, whoever had it. Whoever becomes the owner has the whole time from that day on.
Nobody loses a customer unwarned: after a warning there are always the policy's `warning_days` to act.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.customers.policy.rules import Policy


class State(StrEnum):
    """How a warning stands: the customer will go back, was contacted (or is kept, or another's), or has gone back."""

    OPEN = "open"
    LIFTED = "lifted"
    RETURNED = "returned"


@dataclass(frozen=True)
class Standing:
    """What is known of a customer with an owner. `kept`: never goes back by itself."""

    owner_id: str
    owner_since: date
    last_contact: date | None
    kept: bool

    @property
    def idle_since(self) -> date:
        return max(self.owner_since, self.last_contact or self.owner_since)


@dataclass(frozen=True)
class Warned:
    """What an owner was told: that nobody was in contact since a day, and when the customer goes back."""

    owner_id: str
    idle_since: date
    goes_back_on: date


@dataclass(frozen=True)
class Stay:
    """Nothing changes."""


@dataclass(frozen=True)
class Warn:
    """The owner is to be told since when nobody was in contact, and the customer's first day in the pool."""

    idle_since: date
    goes_back_on: date


@dataclass(frozen=True)
class Lift:
    """The warning holds no more."""


@dataclass(frozen=True)
class Return:
    """The customer goes back to the pool."""


Verdict = Stay | Warn | Lift | Return


def due_on(idle_since: date, policy: Policy) -> date:
    """The day after `idle_days` whole days without contact."""
    return idle_since + timedelta(days=policy.idle_days + 1)


def is_kept(policy: Policy, *, key_account: bool, closed_deal: bool, owner_works_here: bool) -> bool:
    """Whether a customer never goes back by itself: by policy, or because the owner has left and nobody could act.

    A leaver's customers wait for the manager who hands them over.
    """
    by_policy = (key_account and policy.keep_key_accounts) or (closed_deal and policy.keep_closed_deals)
    return by_policy or not owner_works_here


def judge(standing: Standing, warned: Warned | None, today: date, policy: Policy) -> Verdict:
    """What becomes of a customer today; `warned` is the warning that is open."""
    ahead = timedelta(days=policy.warning_days)
    due = due_on(standing.idle_since, policy)
    is_near = not standing.kept and today >= due - ahead
    if warned is None:
        return Warn(standing.idle_since, max(due, today + ahead)) if is_near else Stay()
    if not is_near or (warned.owner_id, warned.idle_since) != (standing.owner_id, standing.idle_since):
        return Lift()
    return Return() if today >= max(due, warned.goes_back_on) else Stay()


def latest_idle(today: date, policy: Policy) -> date:
    """Who was contacted after this day need not be looked at."""
    return today - timedelta(days=policy.idle_days + 1 - policy.warning_days)
