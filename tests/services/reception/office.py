"""A branch with one hall, asked over HTTP as its people ask it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.test import TestResponse

from chassis import ledger
from chassis.clock import StandingClock
from chassis.database import Database
from chassis.identity import Reach, Who
from services.reception.app import SERVICE
from services.reception.history.rules import HallThen, replayed_at
from services.reception.history.views import entry_of, hall_at
from services.reception.policy.rules import BUILT_IN
from services.reception.rotation.rules import replayed
from services.reception.rotation.views import line_entries
from services.reception.trials.rules_of_course import course
from services.reception.trials.rules_of_facts import Surroundings, Told, facts_of
from tests.services import synthetic
from tests.services.asking import Ask, asking
from tests.services.synthetic import EAST, NOW, WEST, named

_SERVES = ("reception.admit", "reception.attend", "reception.receive", "reception.see")
_MANAGES = (*_SERVES, "reception.manage", "reception.policy")
ALL_DAY = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "starts": "00:00", "ends": "24:00"}


def _who(name: str, role: str, reach: Reach, permissions: Sequence[str], branch: str | None = EAST) -> Who:
    return Who(named(name), "person", role, branch, None, reach, frozenset(permissions))


def seller(name: str, branch: str = EAST) -> Who:
    """A salesperson."""
    return _who(name, "salesperson", "own", _SERVES, branch)


MANAGER = _who("manager", "manager", "branch", _MANAGES)
SUPERVISOR = _who("supervisor", "supervisor", "team", _SERVES)
FRONT_DESK = _who("desk", "front_desk", "branch", ("reception.admit", "reception.see"))
WEST_MANAGER = _who("west manager", "manager", "branch", _MANAGES, WEST)
HEADQUARTERS = _who("headquarters", "headquarters", "all", _MANAGES, None)


class Office:
    """The branch EAST with `people` in the line of one hall, rostered at every hour, nobody on duty yet."""

    def __init__(self, url: str, people: Sequence[str], now: datetime = NOW) -> None:
        self.database: Database = synthetic.open_database(url, "reception", SERVICE.metadata, now)
        self.ask: Ask = asking(SERVICE, self.database)
        self.hear(synthetic.branch(), synthetic.branch(WEST, code="W", name="西区售楼处"))
        self.hear(*(synthetic.staff(name) for name in people))
        self.hall = self.did(MANAGER, "POST", "/api/v1/reception/halls", {"name": "一号案场"})["hall_id"]
        for name in people:
            self.did(MANAGER, "POST", self.path("members"), {"staff_id": named(name)})
        self.roster(*(ALL_DAY | {"staff_id": named(name)} for name in people))

    def path(self, what: str) -> str:
        return f"/api/v1/reception/halls/{self.hall}/{what}"

    def hear(self, *events: Any) -> None:
        """Events of other services arrive."""
        synthetic.deliver(self.database, SERVICE.consumers, events)

    def did(self, who: Who, method: str, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        """The JSON of an answer that is no refusal."""
        answer = self.tried(who, method, path, body, **options)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def tried(self, who: Who | None, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.ask(who, method, path, **(options if body is None else options | {"json": body}))

    def roster(self, *shifts: dict[str, Any]) -> None:
        version = self.did(MANAGER, "GET", self.path("roster"))["version"]
        self.did(MANAGER, "PUT", self.path("roster"), {"shifts": shifts}, headers={"If-Match": f'"{version}"'})

    def come(self, *names: str) -> None:
        """These clock in."""
        for name in names:
            self.did(seller(name), "POST", self.path("clock-in"))

    def go(self, name: str) -> None:
        self.did(seller(name), "POST", self.path("clock-out"))

    def visit(self, **arrival: Any) -> dict[str, Any]:
        """The front desk records an arrival."""
        return self.did(FRONT_DESK, "POST", self.path("arrivals"), {"kind": "first_visit"} | arrival)

    def act(self, who: Who, reception: dict[str, Any], what: str, body: Any = None) -> TestResponse:
        return self.tried(who, "POST", f"/api/v1/reception/receptions/{reception['reception_id']}/{what}", body)

    def greet(self, name: str, reception: dict[str, Any]) -> dict[str, Any]:
        return self._done(self.act(seller(name), reception, "greet"))

    def complete(self, name: str, reception: dict[str, Any], phone: str, **more: Any) -> dict[str, Any]:
        visitor = {"name": "王小明", "phone": phone} | more
        return self._done(self.act(seller(name), reception, "complete", visitor))

    def leave(self, who: Who, reception: dict[str, Any]) -> dict[str, Any]:
        return self._done(self.act(who, reception, "leave"))

    def seen(self, reception: dict[str, Any]) -> dict[str, Any]:
        return self.did(MANAGER, "GET", f"/api/v1/reception/receptions/{reception['reception_id']}")

    def board(self) -> dict[str, Any]:
        return self.did(MANAGER, "GET", self.path("board"))

    def line(self) -> list[str]:
        return [person["staff_id"] for person in self.board()["line"]]

    def then(self, at: datetime | None = None) -> dict[str, Any]:
        """The hall at a moment, as the register tells it over HTTP."""
        asked = {"query_string": {"at": at.isoformat()}} if at else {}
        return self.did(MANAGER, "GET", self.path("line"), **asked)

    def hall_now(self) -> HallThen:
        """The hall replayed from its whole register and from the last words of it: both say the same."""
        with self.database.read() as tx:
            n = ledger.number_at(tx, f"hall/{self.hall}", tx.now())
            whole = replayed_at(entry_of(one) for one in ledger.entries_between(tx, f"hall/{self.hall}", 0, n))
            assert hall_at(tx, self.hall, n) == whole
        return whole

    def assigned(self) -> list[tuple[str, str]]:
        """Who was called for whom, as the register tells it."""
        with self.database.read() as tx:
            found = [one.body for one in ledger.entries(tx, f"hall/{self.hall}") if one.kind == "reception.assigned"]
        return [(body["reception_id"], body["server_id"]) for body in found]

    def gone_through_again(self) -> list[tuple[str, str]]:
        """The same, as a trial of the rule book's policy decides it from the register."""
        zone = ZoneInfo("Asia/Shanghai")
        with self.database.read() as tx:
            found = ledger.entries_between(tx, f"hall/{self.hall}", 0, 1_000_000)
            told = [Told(self.hall, entry_of(one)) for one in found]
        facts = facts_of((), told, lambda _day: BUILT_IN, zone, self.database.clock.now())
        gone = course((), told, facts, lambda _day: BUILT_IN, lambda _day: BUILT_IN, Surroundings(zone))
        return [(one.reception_id, one.staff_id) for one in gone.decisions.values()]

    def replayed(self) -> list[str]:
        """The line as the hash-chained register tells it, after the register was found whole."""
        with self.database.read() as tx:
            assert ledger.verify(tx) == []
            return replayed(line_entries(tx, self.hall))

    def later(self, **by: float) -> None:
        """Time passes."""
        clock = self.database.clock
        assert isinstance(clock, StandingClock)
        clock.move_to(clock.now() + timedelta(**by))

    @staticmethod
    def _done(answer: TestResponse) -> dict[str, Any]:
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return dict(answer.get_json())
