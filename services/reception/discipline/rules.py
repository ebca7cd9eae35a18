"""What a penalty is, what it costs, and who decides about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.reception.policy.rules import Amount, Cause, Policy, cost_of_lateness

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

    @property
    def counts(self) -> bool:
        """Whether money and points move."""
        return self in (State.CONFIRMED, State.UPHELD)


class Step(StrEnum):
    """What is done about a penalty: the person appeals, a manager does the rest; withdrawing follows from facts."""

    CONFIRM = "confirm"
    APPEAL = "appeal"
    WAIVE = "waive"
    UPHOLD = "uphold"
    WITHDRAW = "withdraw"


_ARROWS: Mapping[tuple[State, Step], State] = {
    (State.PROPOSED, Step.CONFIRM): State.CONFIRMED,
    (State.PROPOSED, Step.APPEAL): State.APPEALED,
    (State.PROPOSED, Step.WAIVE): State.WAIVED,
    (State.PROPOSED, Step.WITHDRAW): State.WITHDRAWN,
    (State.CONFIRMED, Step.APPEAL): State.APPEALED,
    (State.CONFIRMED, Step.WITHDRAW): State.WITHDRAWN,
    (State.APPEALED, Step.WAIVE): State.WAIVED,
    (State.APPEALED, Step.UPHOLD): State.UPHELD,
    (State.APPEALED, Step.WITHDRAW): State.WITHDRAWN,
    (State.UPHELD, Step.WITHDRAW): State.WITHDRAWN,
}


class PenaltyStands(Exception):
    """From this state of a penalty the step does not lead on."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state.value


class MonthSettled(Exception):
    """The month is settled: what counts in it stays as it is."""

    def __init__(self, month: str) -> None:
        super().__init__(month)
        self.month = month


class UnknownPenalty(Exception):
    """There is no such penalty within reach."""


class UnknownCase(Exception):
    """There is no such case within reach."""


class UnknownPerson(Exception):
    """There is nobody of this id within reach."""


class AlreadyRecorded(Exception):
    """This person has a penalty for this already, resting on the same."""


class NotHappenedYet(Exception):
    """The day of the deed is not there yet."""


class NotYourPenalty(Exception):
    """Only the person appeals."""


class OwnCase(Exception):
    """Nobody decides in their own case."""


class PenaltyUndecided(Exception):
    """The penalty that a case rests on is not decided yet."""


class CaseDecided(Exception):
    """The case is decided, or nothing is left of it."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def after(state: State, step: Step) -> State:
    """Where the step leads; raises PenaltyStands."""
    if (state, step) not in _ARROWS:
        raise PenaltyStands(state)
    return _ARROWS[state, step]


def may_be_withdrawn(state: State) -> bool:
    """Whether there is anything left to withdraw."""
    return (state, Step.WITHDRAW) in _ARROWS


def under(policy: Policy, amount: Amount) -> Amount:
    """The amount as the policy has it: where a company takes points only, no fine."""
    return Amount(0, amount.points) if policy.points_only else amount


def month_of(day: date) -> str:
    """`2026-03`."""
    return f"{day:%Y-%m}"


def priced(cause: Cause, late_by: int | None, policy: Policy) -> tuple[Cause, Amount]:
    """What is recorded by hand, and what it costs. `late_by`, whole seconds, is looked at for lateness alone (二.1)."""
    if cause is Cause.LATE:
        return cost_of_lateness(late_by or 0, policy)
    return cause, policy.amounts[cause]


def check_may(step: Step, actor_id: str, staff_id: str) -> None:
    """The person alone appeals, and decides nothing; raises NotYourPenalty or OwnCase."""
    if step is Step.APPEAL and actor_id != staff_id:
        raise NotYourPenalty
    if step is not Step.APPEAL and actor_id == staff_id:
        raise OwnCase


@dataclass(frozen=True)
class Proposal:
    """A penalty as it is proposed: whose, what for, how much, resting on what (the subject of an event).

    `day` is the branch's day of the deed, None: today; `note` what somebody says who saw it.
    """

    branch_id: str
    staff_id: str
    cause: Cause
    amount: Amount
    evidence: str
    policy_version: str
    day: date | None = None
    note: str | None = None
