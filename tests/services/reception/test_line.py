"""The line against a plain model, whatever happens in whatever order."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.services.reception.office import FRONT_DESK, MANAGER, Office
from tests.services.synthetic import named

PEOPLE = ("li", "wu", "zhao", "sun")
_NAMES = {named(name): name for name in PEOPLE}


class Hall(RuleBasedStateMachine):
    """What people do in a hall, with the order, the duties and the visitors kept beside it in plain lists."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="anchang-line-")
        self.order = list(PEOPLE)
        self.on_duty: set[str] = set()
        self.serving: dict[str, dict[str, Any]] = {}
        self.greeted: set[str] = set()
        self.waiting: list[dict[str, Any]] = []
        self.phone = 13800000000

    @initialize()
    def open(self) -> None:
        self.office = Office(f"sqlite:///{Path(self.folder.name) / 'line.db'}", PEOPLE)

    def teardown(self) -> None:
        assert self.office.gone_through_again() == self.office.assigned()
        self.office.database.close()
        self.folder.cleanup()

    @precondition(lambda self: len(self.on_duty) < len(PEOPLE))
    @rule(data=st.data())
    def clock_in(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(set(PEOPLE) - self.on_duty)))
        self.office.come(name)
        self.on_duty.add(name)
        self.take_waiting()

    @precondition(lambda self: self.on_duty)
    @rule(data=st.data())
    def clock_out(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.on_duty)))
        self.office.go(name)
        self.on_duty.remove(name)

    @precondition(lambda self: len(self.waiting) < 4)
    @rule()
    def visit(self) -> None:
        self.waiting.append(self.office.visit())
        self.take_waiting()

    @precondition(lambda self: set(self.serving) - self.greeted)
    @rule(data=st.data())
    def greet(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(set(self.serving) - self.greeted)))
        self.office.greet(name, self.serving[name])
        self.greeted.add(name)

    @precondition(lambda self: self.serving)
    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.serving)))
        self.phone += 1
        self.office.complete(name, self.serving.pop(name), str(self.phone))
        self.finish(name, used=True)

    @precondition(lambda self: self.serving)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.serving)))
        self.office.leave(MANAGER, self.serving.pop(name))
        self.finish(name, used=name in self.greeted)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def give_up_waiting(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.waiting) - 1))
        self.office.leave(FRONT_DESK, self.waiting.pop(at))

    @rule(order=st.permutations(PEOPLE))
    def reorder(self, order: list[str]) -> None:
        version = {"If-Match": f'"{self.office.board()["line_version"]}"'}
        body = {"order": [named(name) for name in order], "reason": "试"}
        self.office.did(MANAGER, "PUT", self.office.path("line"), body, headers=version)
        self.order = list(order)

    def finish(self, name: str, *, used: bool) -> None:
        self.greeted.discard(name)
        if used:
            self.order = [other for other in self.order if other != name] + [name]
        self.take_waiting()

    def take_waiting(self) -> None:
        """Whoever waits longest goes to the first who is free; nobody behind somebody free is given a visitor."""
        while self.waiting and (free := [n for n in self.order if n in self.on_duty and n not in self.serving]):
            reception = self.office.seen(self.waiting.pop(0))
            assert reception["server_id"] == named(free[0])
            self.serving[free[0]] = reception

    @invariant()
    def the_board_is_the_model(self) -> None:
        board = self.office.board()
        free = [name for name in self.order if name in self.on_duty and name not in self.serving]
        assert [_NAMES[person["staff_id"]] for person in board["line"]] == self.order
        assert {_NAMES[person["staff_id"]] for person in board["line"] if person["on_duty"]} == self.on_duty
        assert [board["a"], board["b"]] == [*map(named, free[:2]), None, None][:2]
        assert [one["reception_id"] for one in board["waiting"]] == [one["reception_id"] for one in self.waiting]

    @invariant()
    def everyone_is_in_exactly_one_place(self) -> None:
        line = self.office.line()
        assert sorted(line) == sorted(_NAMES)
        serving = {p["staff_id"]: p["reception"]["reception_id"] for p in self.office.board()["line"] if p["reception"]}
        assert serving == {named(name): one["reception_id"] for name, one in self.serving.items()}

    @invariant()
    def the_register_tells_the_same_line(self) -> None:
        assert self.office.replayed() == self.office.line()

    @invariant()
    def the_replayed_hall_is_the_board(self) -> None:
        board, then = self.office.board(), self.office.hall_now()
        assert [(one.staff_id, one.standing.value, one.on_duty) for one in then.line] == [
            (one["staff_id"], one["state"], one["on_duty"]) for one in board["line"]
        ]
        serving = {one["staff_id"]: one["reception"]["reception_id"] for one in board["line"] if one["reception"]}
        assert then.doing.serving == serving
        assert list(then.doing.waiting) == [one["reception_id"] for one in board["waiting"]]


Hall.TestCase.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.slow
class TestLine(Hall.TestCase):
    """Whatever happens, the stored line is the model's and the register's, and nobody free is overtaken."""


def test_two_short_turns_do_not_overtake_a_long_one(office: Office) -> None:
    """Li serves long; Wu and Zhao each serve twice and go to the tail; Li is behind both when finished."""
    office.come("li", "wu", "zhao")
    long = office.visit()
    for number, name in enumerate(("wu", "zhao", "wu", "zhao")):
        reception = office.visit()
        assert reception["server_id"] == named(name)
        office.complete(name, reception, f"1390000000{number}")
    office.complete("li", long, "13700000000")
    assert office.line() == [named("wu"), named("zhao"), named("li")]
    assert office.board()["a"] == named("wu")
