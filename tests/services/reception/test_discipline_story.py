"""Whatever is done about penalties, in whatever order: states, points and money are what the rule book says."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from chassis import ledger
from chassis.clock import StandingClock
from chassis.database import Database, Transaction
from chassis.identity import Who
from services.reception.app import SERVICE
from services.reception.discipline import actions, views
from services.reception.discipline.rules import MonthSettled, PenaltyStands, Proposal, Step
from services.reception.policy.rules import Amount, Cause, Policy
from services.reception.settlements import actions as settlements
from services.reception.settlements.rules import AlreadyReviewed, MonthNotOver, NothingHeld, Verdict
from services.reception.settlements.views import settlement_of
from tests.services import synthetic
from tests.services.reception.court import one
from tests.services.reception.test_discipline_rules import ARROWS
from tests.services.synthetic import NOW, named

MONTHS = [f"2026-{number:02d}" for number in range(3, 9)]
NAMES = ("li", "wu")
_numbers = count(1)
DEEDS = some.lists(
    some.one_of(
        some.tuples(some.just("propose"), some.sampled_from(NAMES), some.sampled_from([10, 20, 50])),
        some.tuples(some.just("take"), some.integers(0, 3), some.sampled_from([*Step][:-1])),
        some.tuples(some.just("withdraw"), some.integers(0, 3)),
        some.tuples(some.just("month passes")),
        some.tuples(some.just("settle"), some.integers(0, 2)),
        some.tuples(some.just("review"), some.integers(0, 2), some.sampled_from(NAMES), some.sampled_from(Verdict)),
        some.tuples(some.just("pay"), some.sampled_from(NAMES), some.integers(0, 60)),
    ),
    max_size=25,
)
POLICIES = some.sampled_from([Policy("no cap"), Policy("all of it", cap_percent=100), Policy("half", cap_percent=50)])


@dataclass
class Known:
    """A penalty as the rule book has it, followed by hand."""

    penalty_id: str
    name: str
    evidence: str
    amount: Amount
    state: str = "proposed"

    @property
    def counts(self) -> bool:
        return self.state in ("confirmed", "upheld")


@dataclass
class Story:
    """A branch of its own; what is done there is done to the model as well."""

    database: Database
    policy: Policy
    branch: str = field(default_factory=lambda: named(f"branch {next(_numbers)}"))
    known: list[Known] = field(default_factory=list)
    settled: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._clock().move_to(NOW)
        people = [synthetic.staff(self._id(name), branch_id=self.branch) for name in NAMES]
        synthetic.deliver(self.database, SERVICE.consumers, [synthetic.branch(self.branch), *people])

    def does(self, what: str, *how: Any) -> None:
        with self.database.write() as tx:
            getattr(self, f"_{what.replace(' ', '_')}")(tx, *how)

    def months(self, tx: Transaction) -> dict[str, Any]:
        return {month: settlement_of(tx, self._manager(), self.branch, month, self.policy) for month in MONTHS}

    def _propose(self, tx: Transaction, name: str, fine: int) -> None:
        evidence, amount = f"reception/{next(_numbers)}", Amount(fine, fine // 2)
        whose = self.branch, named(self._id(name))
        made = actions.enter(tx, self._manager(), Proposal(*whose, Cause.NOT_GREETED, amount, evidence, "p"))
        self.known.append(Known(str(made), name, evidence, amount))

    def _take(self, tx: Transaction, n: int, step: Step) -> None:
        for one_known in self.known[n : n + 1]:
            who = self._seller(one_known.name) if step is Step.APPEAL else self._manager()
            month = views.penalty_of(tx, who, one_known.penalty_id)["month"]
            to = ARROWS[one_known.state].get(step)
            refusal = None if to else PenaltyStands
            if step is Step.APPEAL and one_known.state == "confirmed" and month in self.settled:
                refusal = MonthSettled
            if refusal:
                with pytest.raises(refusal):
                    actions.take(tx, who, one_known.penalty_id, step, "x")
            else:
                actions.take(tx, who, one_known.penalty_id, step, "x")
                one_known.state = str(to)

    def _withdraw(self, tx: Transaction, n: int) -> None:
        for one_known in self.known[n : n + 1]:
            actions.withdraw(tx, self._manager(), self.branch, one_known.evidence, "x")
            one_known.state = ARROWS[one_known.state].get("withdraw", one_known.state)

    def _month_passes(self, _tx: Transaction) -> None:
        if self._clock().now() < NOW + timedelta(days=100):
            self._clock().move_to(self._clock().now() + timedelta(days=31))

    def _settle(self, tx: Transaction, n: int) -> None:
        with suppress(MonthNotOver):
            settlements.settle(tx, self._manager(), self.branch, MONTHS[n], self.policy)
            self.settled.setdefault(MONTHS[n], settlement_of(tx, self._manager(), self.branch, MONTHS[n], self.policy))

    def _review(self, tx: Transaction, n: int, name: str, verdict: Verdict) -> None:
        said = {"staff_id": named(self._id(name)), "verdict": verdict, "reason": "x"}
        with suppress(NothingHeld, AlreadyReviewed):
            settlements.review(tx, self._manager(), self.branch, MONTHS[n], said, self.policy)

    def _pay(self, tx: Transaction, name: str, monthly: int) -> None:
        settlements.set_pay(tx, self._manager(), self.branch, named(self._id(name)), monthly, None)

    def _id(self, name: str) -> str:
        return f"{name} of {self.branch}"

    def _manager(self) -> Who:
        return one("manager", "manager", branch=self.branch)

    def _seller(self, name: str) -> Who:
        return one("salesperson", self._id(name), branch=self.branch)

    def _clock(self) -> StandingClock:
        assert isinstance(self.database.clock, StandingClock)
        return self.database.clock


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for all stories: each has a branch of its own."""
    file: Path = tmp_path_factory.mktemp("story") / "reception.db"
    opened = synthetic.open_database(f"sqlite:///{file}", "reception", SERVICE.metadata)
    yield opened
    opened.close()


HELD = Policy("half", cap_percent=50)
HELD_AND_TAKEN_LATE = [
    ("pay", "li", 40),
    ("propose", "li", 50),
    ("take", 0, Step.CONFIRM),
    ("month passes",),
    ("settle", 0),
    ("review", 0, "li", Verdict.TAKE),
    ("withdraw", 0),
]
LET_GO_AND_FALLEN = [
    *HELD_AND_TAKEN_LATE[:3],
    ("review", 0, "li", Verdict.LET_GO),
    *HELD_AND_TAKEN_LATE[3:5],
    ("withdraw", 0),
]
FALLEN_BEFORE_THE_REVIEW = [*HELD_AND_TAKEN_LATE[:5], ("withdraw", 0), ("review", 0, "li", Verdict.TAKE)]


@example(HELD_AND_TAKEN_LATE, HELD)
@example(HELD_AND_TAKEN_LATE[:-1], HELD)
@example(LET_GO_AND_FALLEN, HELD)
@example(FALLEN_BEFORE_THE_REVIEW, HELD)
@given(DEEDS, POLICIES)
@settings(max_examples=40, deadline=None)
def test_whatever_is_decided(database: Database, deeds: list[tuple[Any, ...]], policy: Policy) -> None:
    """States move along the arrows only; points are those of what counts; no penalty takes more than its fine, one that
    does not count has taken nothing on the whole; settled months never change; the register is whole.
    """
    story = Story(database, policy)
    for deed in deeds:
        story.does(*deed)
    with database.read() as tx:
        months = story.months(tx)
        assert {name: months[name] for name in story.settled} == story.settled
        for known in story.known:
            _check(tx, story, known, months)
        _check_money(story, months)
        assert ledger.verify(tx) == []


def _check(tx: Transaction, story: Story, known: Known, months: dict[str, Any]) -> None:
    row = views.penalty_of(tx, story._manager(), known.penalty_id)
    assert row["state"] == known.state
    lines = [line for line in _lines(months) if line["penalty_id"] == known.penalty_id]
    assert sum(line["points"] for line in lines) == (-known.amount.points if known.counts else 0)
    taken = sum(line["fine"] - line["untaken"] + line["carried"] for line in lines)
    if not known.counts:
        assert taken == 0
    elif story.policy.cap_percent is None:
        assert taken == known.amount.fine
    else:
        assert 0 <= taken <= known.amount.fine


def _check_money(story: Story, months: dict[str, Any]) -> None:
    """What is due over all months is what counts without what of it is held or let go."""
    due = sum(month["totals"]["due"] for month in months.values())
    untaken = sum(line["untaken"] - line["carried"] for line in _lines(months) if _counts(story, line))
    assert due == sum(known.amount.fine for known in story.known if known.counts) - untaken


def _counts(story: Story, line: dict[str, Any]) -> bool:
    return any(known.counts for known in story.known if known.penalty_id == line["penalty_id"])


def _lines(months: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for month in months.values() for person in month["people"] for line in person["lines"]]
