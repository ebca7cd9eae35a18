"""Which policy holds."""

from chassis.database import Transaction
from chassis.identity import Who
from services.reception.policy.rules import BUILT_IN, Policy


def policy_of(_tx: Transaction, _who: Who, _branch_id: str) -> Policy:
    """The policy that holds in the branch now."""
    return BUILT_IN
