"""A branch whose people decide about penalties, asked over HTTP by everybody with what their role may do."""

from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from chassis import ledger
from chassis.clock import StandingClock
from chassis.database import Database
from chassis.identity import Who, system
from chassis.ledger import Entry
from gateway.identity.rules import ROLES
from services.reception.app import SERVICE
from services.reception.discipline.actions import propose, withdraw
from services.reception.discipline.rules import Proposal
from services.reception.policy.rules import BUILT_IN, Cause
from tests.services import synthetic
from tests.services.asking import Ask, asking, code_of
from tests.services.synthetic import EAST, NOW, WEST, named

PATH = "/api/v1/reception/discipline"
TEAM = named("team one")


def one(role: str, name: str, team: str | None = None, branch: str = EAST) -> Who:
    """Somebody with what the role may do."""
    it = ROLES[role]
    return Who(named(name), "person", role, branch if it.belongs_to_a_branch else None, team, it.reach, it.permissions)


LI, WU, ZHAO = (one("salesperson", name) for name in ("li", "wu", "zhao"))
SUPERVISOR = one("supervisor", "supervisor", TEAM)
MANAGER, SECOND = one("manager", "manager"), one("manager", "second")
WEST_MANAGER = one("manager", "west manager", branch=WEST)
HEADQUARTERS, AUDITOR = one("headquarters", "headquarters"), one("auditor", "auditor")
FRONT_DESK = one("front_desk", "desk")
PEOPLE = {"li": TEAM, "wu": TEAM, "zhao": None, "supervisor": TEAM, "manager": None, "second": None}


class Court:
    """The branch EAST on Monday, 2 March 2026, nine o'clock: li and wu are in the supervisor's team, zhao is not."""

    def __init__(self, url: str) -> None:
        self.database: Database = synthetic.open_database(url, "reception", SERVICE.metadata, NOW)
        self.ask: Ask = asking(SERVICE, self.database)
        self.hear(synthetic.branch(), synthetic.branch(WEST, code="W", name="西区售楼处"))
        self.hear(*(synthetic.staff(name, team_id=team) for name, team in PEOPLE.items()))

    def hear(self, *events: Any) -> None:
        synthetic.deliver(self.database, SERVICE.consumers, events)

    def tried(self, who: Who | None, method: str, path: str, body: Any = None) -> TestResponse:
        return self.ask(who, method, f"{PATH}/{path}", **({} if body is None else {"json": body}))

    def did(self, who: Who, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The JSON of an answer that is no refusal."""
        answer = self.tried(who, method, path, body)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def refused(self, who: Who | None, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Status and code of a refusal."""
        answer = self.tried(who, method, path, body)
        return answer.status_code, code_of(answer)

    def record(self, name: str = "li", cause: str = "quarrel", by: Who = MANAGER, **more: Any) -> dict[str, Any]:
        """A penalty by hand."""
        body = {"staff_id": named(name), "cause": cause, "note": "大声指责同事"} | more
        return self.did(by, "POST", "penalties", body)

    def propose(self, name: str, evidence: str, cause: Cause = Cause.NOT_GREETED) -> bool:
        """A penalty that the system proposes by itself."""
        amount = BUILT_IN.amounts[cause]
        with self.database.write() as tx:
            proposal = Proposal(EAST, named(name), cause, amount, evidence, BUILT_IN.version)
            return propose(tx, system("reception", EAST), proposal)

    def withdraw(self, evidence: str, name: str | None = None) -> list[str]:
        """What was proposed on this evidence falls."""
        with self.database.write() as tx:
            return withdraw(tx, system("reception", EAST), EAST, evidence, "依据不成立", name and named(name))

    def take(self, who: Who, penalty: dict[str, Any], step: str, reason: str = "已核实") -> dict[str, Any]:
        """Appeal, confirm, waive or uphold."""
        return self.did(who, "POST", f"penalties/{penalty['penalty_id']}/{step}", {"reason": reason})

    def confirmed(self, name: str = "li", cause: str = "quarrel", **more: Any) -> dict[str, Any]:
        return self.take(SECOND, self.record(name, cause, **more), "confirm")

    def listed(self, who: Who, asked: str = "") -> list[dict[str, Any]]:
        return list(self.did(who, "GET", f"penalties{asked}")["items"])

    def points(self, who: Who, name: str = "li") -> int:
        return int(self.did(who, "GET", f"points/{named(name)}")["balance"])

    def month(self, month: str = "2026-03", who: Who = MANAGER) -> dict[str, Any]:
        return self.did(who, "GET", f"settlements/{month}")

    def settle(self, month: str = "2026-03") -> dict[str, Any]:
        return self.did(MANAGER, "POST", f"settlements/{month}/settle")

    def later(self, **by: float) -> None:
        """Time passes."""
        clock = self.database.clock
        assert isinstance(clock, StandingClock)
        clock.move_to(clock.now() + timedelta(**by))

    def register(self) -> list[Entry]:
        """The branch's register of discipline, found whole."""
        with self.database.read() as tx:
            assert ledger.verify(tx) == []
            return list(ledger.entries(tx, f"discipline/{EAST}"))
