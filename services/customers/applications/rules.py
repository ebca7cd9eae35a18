"""What may be applied for, and who decides it."""

from enum import StrEnum

from services.customers.relations.rules import AlreadyDecided


class AlreadyYours(Exception):
    """Nobody applies for a customer who is their own."""


class AppliedAlready(Exception):
    """The same person's application for this customer is still to be decided."""


class DecidedByAnother(Exception):
    """Nobody decides on their own application."""


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
