"""Who stands in the original's shoes (一.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


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
