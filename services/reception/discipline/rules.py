"""What a penalty is."""

from dataclasses import dataclass
from enum import StrEnum

from services.reception.policy.rules import Amount, Cause

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


@dataclass(frozen=True)
class Proposal:
    """A penalty as it is proposed: whose, what for, how much, resting on what (the subject of an event)."""

    branch_id: str
    staff_id: str
    cause: Cause
    amount: Amount
    evidence: str
    policy_version: str
