"""The facts announced of penalties and of cases of removal; part of the catalogue in `services/reception/events.py`."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class _Penalty(Fact):
    penalty_id: str
    branch_id: str
    staff_id: str
    cause: str
    article: str | None
    fine: int
    points: int
    evidence: str
    policy_version: str
    day: dt.date
    at: dt.datetime
    recorded_by: str
    state: str
    appealed_at: dt.datetime | None
    decided_by: str | None
    decided_at: dt.datetime | None
    month: str | None


@dataclass(frozen=True)
class PenaltyProposed(_Penalty):
    """A penalty is proposed: no money and no points move. `fine` is in yuan, `day` the branch's day of the deed."""

    TYPE: ClassVar[str] = "penalty.proposed.v1"


@dataclass(frozen=True)
class PenaltyAppealed(_Penalty):
    """The person appealed: what was confirmed does not count until a manager has decided."""

    TYPE: ClassVar[str] = "penalty.appealed.v1"


@dataclass(frozen=True)
class PenaltyDecided(_Penalty):
    """A penalty came to be `confirmed`, `upheld`, `waived` or `withdrawn`; it counts in the first two.

    `month` is where the settlement has it: the deed's, or the decision's where the deed's was settled already.
    """

    TYPE: ClassVar[str] = "penalty.decided.v1"


@dataclass(frozen=True)
class _RemovalCase(Fact):
    case_id: str
    branch_id: str
    staff_id: str
    penalty_id: str
    opened_at: dt.datetime
    opened_by: str
    state: str
    decided_by: str | None
    decided_at: dt.datetime | None


@dataclass(frozen=True)
class RemovalCaseOpened(_RemovalCase):
    """A quarrel in the hall was reported to the administration for removal 除名 (一.2)."""

    TYPE: ClassVar[str] = "removal_case.opened.v1"


@dataclass(frozen=True)
class RemovalCaseDecided(_RemovalCase):
    """Headquarters decided that somebody is `removed` or `kept`; `dropped`: the penalty that it rested on fell."""

    TYPE: ClassVar[str] = "removal_case.decided.v1"


FACTS = (PenaltyProposed, PenaltyAppealed, PenaltyDecided, RemovalCaseOpened, RemovalCaseDecided)
