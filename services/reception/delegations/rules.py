"""Who stands in the original's shoes (一.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.reception.people.rules import ReasonNeeded


class NotToOneself(Exception):
    """Nobody stands in their own shoes."""

    article = "一.6"


class NotTheirCustomer(Exception):
    """Only the customer's own salesperson has this customer to entrust."""

    article = "一.6"


class BadPeriod(Exception):
    """A delegation ends after it begins, and not in the past."""


class NotYoursToEntrust(Exception):
    """Another's customers are entrusted by a supervisor or manager, with a reason."""


class TakenBackAlready(Exception):
    """This delegation has ended."""


@dataclass(frozen=True)
class Delegation:
    """One salesperson's customers, or one of them, entrusted to a colleague from a moment to another."""

    staff_id: str
    delegate_id: str
    customer_id: str | None
    starts_at: datetime
    ends_at: datetime
    made_at: datetime

    def holds(self, customer_id: str | None, at: datetime) -> bool:
        mine = self.customer_id is None or self.customer_id == customer_id
        return mine and self.starts_at <= at < self.ends_at


def delegate_of(delegations: Iterable[Delegation], customer_id: str | None, at: datetime) -> str | None:
    """To whom the customer is entrusted: per customer before general, the latest word of each; one hop, never two."""
    held = [one for one in delegations if one.holds(customer_id, at)]
    found = max(held, key=lambda one: (one.customer_id is not None, one.made_at), default=None)
    return found.delegate_id if found else None


def check_may_entrust(actor_id: str, leads: bool, staff_id: str, reason: str | None) -> None:
    """One's own customers oneself, an absent colleague's who leads, saying why.

    Raises NotYoursToEntrust or ReasonNeeded.
    """
    if staff_id == actor_id:
        return
    if not leads:
        raise NotYoursToEntrust
    if reason is None:
        raise ReasonNeeded


def period(starts_at: datetime | None, ends_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """From when to when it holds, at the earliest from now; raises BadPeriod."""
    begins = max(starts_at or now, now)
    if ends_at <= begins:
        raise BadPeriod
    return begins, ends_at
