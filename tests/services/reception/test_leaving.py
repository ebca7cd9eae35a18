"""Stepping out, walking off, suspending and excusing against a plain model, whatever happens in whatever order."""

import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from services.reception.discipline.tables import penalties
from tests.services.reception import leaving
from tests.services.reception.office import MANAGER, SUPERVISOR, Office, seller
from tests.services.synthetic import named

PEOPLE = ("li", "wu", "zhao")
_WEEK = timedelta(days=7)
_LIMIT = timedelta(minutes=15)  # every step-out of these is to the washroom


@dataclass
class Given:
    """A turn that was given up, as the model remembers it."""

    name: str
    seen: dict[str, Any]
    at: datetime
    excused: bool = False
    spent_on: int | None = None


class Leaving(RuleBasedStateMachine):
    """Three people, with the line, the asks, the absences, the forfeits and the suspensions in plain lists."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="anchang-leaving-")
        self.order = list(PEOPLE)
        self.serving: dict[str, dict[str, Any]] = {}
        self.asks: dict[str, dict[str, Any]] = {}
        self.away: dict[str, datetime | None] = {}
        self.given: list[Given] = []
        self.suspensions: list[tuple[str, datetime]] = []
        self.undone: set[int] = set()
        self.phone = 13800000000

    @initialize()
    def open(self) -> None:
        self.office = Office(f"sqlite:///{Path(self.folder.name) / 'leaving.db'}", PEOPLE)
        self.office.come(*PEOPLE)

    def teardown(self) -> None:
        self.office.database.close()
        self.folder.cleanup()

    # What the model knows -----------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.office.database.clock.now()

    def suspended(self) -> set[str]:
        running = [one for n, one in enumerate(self.suspensions) if n not in self.undone]
        return {name for name, until in running if self.now < until}

    def free(self) -> list[str]:
        busy = set(self.serving) | set(self.away) | self.suspended()
        return [name for name in self.order if name not in busy]

    def next_after(self, name: str) -> str | None:
        at = self.order.index(name)
        return next((one for one in self.order[at + 1 :] + self.order[:at] if one in self.free()), None)

    def to_the_tail(self, name: str) -> None:
        self.order = [one for one in self.order if one != name] + [name]

    def suspend_if_due(self, name: str) -> None:
        young = [
            one
            for one in self.given
            if one.name == name and not one.excused and one.spent_on is None
            if self.now - one.at <= _WEEK - timedelta(seconds=1)
        ]
        if len(young) > 3 and name not in self.suspended():
            for one in young:
                one.spent_on = len(self.suspensions)
            self.suspensions.append((name, self.now.replace(microsecond=0) + _WEEK))

    # What people do -----------------------------------------------------------------------------------------------

    @precondition(lambda self: self.free())
    @rule()
    def visit(self) -> None:
        first = self.free()[0]
        reception = self.office.visit()
        assert reception["server_id"] == named(first)
        self.serving[first] = self.office.greet(first, reception)

    @precondition(lambda self: self.serving)
    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.serving)))
        self.phone += 1
        self.office.complete(name, self.serving.pop(name), str(self.phone))
        self.to_the_tail(name)

    @precondition(lambda self: self.free())
    @rule(data=st.data())
    def step_out(self, data: st.DataObject) -> None:
        """A and B only ask; whoever is neither is away at once."""
        name = data.draw(st.sampled_from(self.free()))
        bound = name in self.free()[:2]
        answer = self.office.tried(seller(name), "POST", self.office.path("step-out"), {"reason": "washroom"})
        if bound and name in self.asks:
            assert answer.status_code == 409
        elif bound:
            self.asks[name] = answer.get_json()
            assert self.asks[name]["state"] == "asked"
        else:
            self.leaves(name, answer.get_json())

    @precondition(lambda self: self.asks)
    @rule(data=st.data(), by=st.sampled_from(PEOPLE))
    def accept(self, data: st.DataObject, by: str) -> None:
        """Only the next free person, as of now, of one who is free to go."""
        name = data.draw(st.sampled_from(sorted(self.asks)))
        path = f"/api/v1/reception/step-outs/{self.asks[name]['step_out_id']}/accept"
        may = name in self.free() and self.next_after(name) == by
        answer = self.office.tried(seller(by), "POST", path)
        assert (answer.status_code == 200) is may
        if may:
            self.leaves(name, answer.get_json())
            assert answer.get_json()["stand_in_id"] == named(by)

    @precondition(lambda self: self.asks)
    @rule(data=st.data())
    def grant(self, data: st.DataObject) -> None:
        """A supervisor, of one who is free to go while nobody else is free."""
        name = data.draw(st.sampled_from(sorted(self.asks)))
        path = f"/api/v1/reception/step-outs/{self.asks[name]['step_out_id']}/grant"
        may = self.free() == [name]
        answer = self.office.tried(SUPERVISOR, "POST", path, {"reason": "无人接替"})
        assert (answer.status_code == 200) is may
        if may:
            self.leaves(name, answer.get_json())

    def leaves(self, name: str, gone: dict[str, Any]) -> None:
        """Away by right: with a stand-in, by leave, or, for neither A nor B, freely."""
        free = self.free()
        assert gone["state"] == "away"
        assert gone["forfeit_id"] is None
        assert gone["stand_in_id"] or gone["granted_by"] or name not in free[:2]
        self.asks.pop(name, None)
        self.away[name] = self.now + _LIMIT

    @precondition(lambda self: self.free())
    @rule(data=st.data(), times=st.integers(1, 4), comes_back=st.booleans())
    def walk_off(self, data: st.DataObject, times: int, comes_back: bool) -> None:
        """A or B leaves without a stand-in, and all but perhaps the last time comes back."""
        name = data.draw(st.sampled_from(self.free()[:2]))
        for n in range(times):
            if name not in self.free()[:2]:
                return
            self.given.append(Given(name, leaving.walked_off(self.office, name, MANAGER), self.now))
            self.asks.pop(name, None)
            self.to_the_tail(name)
            self.suspend_if_due(name)
            self.away[name] = None
            if n + 1 < times or comes_back:
                leaving.come_back(self.office, name)
                del self.away[name]

    @precondition(lambda self: self.away)
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.away)))
        leaving.come_back(self.office, name)
        del self.away[name]

    @precondition(lambda self: any(not one.excused for one in self.given))
    @rule(data=st.data())
    def excuse(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from([one for one in self.given if not one.excused]))
        leaving.excuse(self.office, SUPERVISOR, one.seen)
        one.excused, spent_on = True, one.spent_on
        if spent_on is not None:
            self.undone.add(spent_on)
            for other in self.given:
                other.spent_on = None if other.spent_on == spent_on else other.spent_on
            self.suspend_if_due(one.name)

    @rule(by=st.sampled_from([timedelta(seconds=0.5), timedelta(minutes=8), timedelta(days=2), timedelta(days=7)]))
    def time_passes(self, by: timedelta) -> None:
        self.office.later(seconds=by.total_seconds())
        late = [name for name in self.away if (limit := self.away[name]) and self.now - limit >= timedelta(seconds=1)]
        leaving.run_jobs(self.office)
        for name in sorted(late, key=lambda one: self.away[one] or self.now):
            self.away[name] = None
        for name in [one for one in self.office.line() if one in map(named, late)]:
            self.to_the_tail(next(one for one in late if named(one) == name))

    # What must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def the_board_is_the_model(self) -> None:
        board = self.office.board()
        people = {person["staff_id"]: person for person in board["line"]}
        assert list(people) == list(map(named, self.order))
        assert [board["a"], board["b"]] == [*map(named, self.free()[:2]), None, None][:2]
        assert {name for name in PEOPLE if not people[named(name)]["on_duty"]} == self.suspended()
        out = {one["staff_id"]: one["state"] == "asked" for one in board["out"]}
        asks = dict.fromkeys(map(named, self.asks), True)
        assert out == asks | dict.fromkeys(map(named, self.away), False)

    @invariant()
    def each_suspension_costs_once_unless_undone(self) -> None:
        with self.office.database.read() as tx:
            states = tx.execute(select(penalties.c.state).order_by(penalties.c.at, penalties.c.id)).scalars().all()
        assert len(states) == len(self.suspensions)
        assert states.count("withdrawn") == len(self.undone)

    @invariant()
    def the_register_tells_the_same_line(self) -> None:
        assert self.office.replayed() == self.office.line()


Leaving.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.slow
class TestLeaving(Leaving.TestCase):
    """A and B are out by a stand-in, by leave or by forfeit alone; the week's forfeits suspend, an excuse undoes it."""
