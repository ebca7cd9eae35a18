"""What may be applied for, and who decides it."""

from enum import StrEnum

from services.customers.policy.rules import Policy
from services.customers.relations.rules import AlreadyDecided

GIVEN_TO_ANOTHER = "given_to_another"
"""The answer to whoever else applied for a customer whom somebody was given: a code, which the edge puts into words."""


class AlreadyYours(Exception):
    """Nobody applies for a customer who is their own."""


class AppliedAlready(Exception):
    """The same person's application for this customer is still to be decided."""


class DecidedByAnother(Exception):
    """Nobody decides on their own application."""


class ApplicantAtCap(Exception):
    """Whoever holds as many customers as the policy allows is given none that they applied for."""

    def __init__(self, name: str | None, held: int, cap: int) -> None:
        super().__init__(held, cap)
        self.name, self.held, self.cap = name, held, cap


class UnknownApplication(Exception):
    """There is no such application, or not within the asker's reach."""


class State(StrEnum):
    """How an application stands."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


def decision(state: str, applicant_id: str, decider_id: str, approved: bool) -> State:
    """What becomes of an application; raises AlreadyDecided, DecidedByAnother."""
    if state != State.OPEN:
        raise AlreadyDecided
    if applicant_id == decider_id:
        raise DecidedByAnother
    return State.APPROVED if approved else State.REFUSED


def check_cap(policy: Policy, held: int, name: str | None) -> None:
    """Raises ApplicantAtCap: who applies holds no more in the end than who draws."""
    if held >= policy.hold_at_most:
        raise ApplicantAtCap(name, held, policy.hold_at_most)
