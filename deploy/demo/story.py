"""The main job as its users do it, told against a running system: from the visitor at the door to the report.

It makes a fresh phone each time and puts the hall back as it was, so that it can be told again and again.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.demo.client import Api, Refused, eventually
from deploy.demo.company import Account

Tell = Callable[..., None]
SOON = 1.0  # seconds that what travels by events may take
_COUNTED = ("arrivals", "receptions_completed", "turns_used", "new_customers", "followups")


class NotAsTold(Exception):
    """A step's answer is not what the story says; the message names the step and what came instead."""


@dataclass(frozen=True)
class Colleague:
    """One person of the story, signed in."""

    staff_id: str
    name: str
    api: Api


class Story:
    """The story in its steps. `tell(code, **facts)` says one line to the reader.

    `soon`: seconds that what travels by events may take.
    """

    def __init__(
        self, url: str, accounts: Sequence[Account], tell: Tell, language: str = "zh", soon: float = SOON
    ) -> None:
        self._tell = tell
        self._soon = soon
        self._anyone = Api(url, language=language)
        self._branch = next(account.branch for account in accounts if account.role == "salesperson")
        self._accounts = [account for account in accounts if account.branch == self._branch]

    def run(self) -> None:
        """Every step in order; raises NotAsTold, or what the client raises, at the first that fails."""
        self._people()
        self._hall()
        try:
            self._clock_in()
            before = self._day(self._today())
            reception = self._arrival()
            completed = self._reception(reception)
            self._customer(completed)
            self._followup(completed)
            self._report(before)
        finally:
            self._put_back()
        self._sheet()

    def _people(self) -> None:
        self._sales = {c.staff_id: c for c in self._colleagues("salesperson")}
        self._manager = next(iter(self._colleagues("manager")))
        self._tell("signed_in", people=len(self._sales) + 1, branch=self._branch)

    def _colleagues(self, role: str) -> list[Colleague]:
        colleagues = []
        for account in (account for account in self._accounts if account.role == role):
            api = self._anyone.signed_in(account.username, account.password)
            colleagues.append(Colleague(api.get("/api/v1/auth/me")["actor_id"], account.name, api))
        return colleagues

    def _hall(self) -> None:
        halls = self._manager.api.get("/api/v1/reception/halls")["items"]
        _expect("hall", bool(halls), halls)
        self._path = f"/api/v1/reception/halls/{halls[0]['hall_id']}"
        board = self._board()
        self._order = [person["staff_id"] for person in board["line"]]
        self._came: list[Colleague] = []
        self._tell("hall", hall=halls[0]["name"], line=" → ".join(person["name"] for person in board["line"]))
        _expect("nobody waits in the hall", not board["waiting"], board["waiting"])

    def _board(self) -> dict[str, Any]:
        board: dict[str, Any] = self._manager.api.get(f"{self._path}/board")
        return board

    def _clock_in(self) -> None:
        """Whoever of the line is not there yet comes to work."""
        on_duty = {person["staff_id"] for person in self._board()["line"] if person["on_duty"]}
        for staff_id in self._order:
            if staff_id in self._sales and staff_id not in on_duty:
                colleague = self._sales[staff_id]
                attendance = colleague.api.post(f"{self._path}/clock-in")
                self._came.append(colleague)
                self._tell("clocked_in", name=colleague.name, at=_clock(attendance["clocked_in_at"]))
        _expect("somebody is first in the line", self._board()["a"] is not None, self._board())

    def _today(self) -> str:
        return str(self._board()["local_day"])

    def _day(self, day: str) -> dict[str, Any]:
        totals: dict[str, Any] = self._manager.api.get(f"/api/v1/reporting/days/{day}")
        return totals

    def _arrival(self) -> dict[str, Any]:
        first = self._board()["a"]
        reception: dict[str, Any] = self._manager.api.post(f"{self._path}/arrivals", {"kind": "first_visit"})
        _expect("the visitor goes to A", reception["server_id"] == first, reception)
        explanation = self._manager.api.get(f"/api/v1/reception/receptions/{reception['reception_id']}/explanation")
        self._tell("assigned", name=self._sales[first].name, reason=explanation["text"])
        return reception

    def _reception(self, reception: dict[str, Any]) -> dict[str, Any]:
        server = self._sales[reception["server_id"]].api
        path = f"/api/v1/reception/receptions/{reception['reception_id']}"
        greeted = server.post(f"{path}/greet")
        self._tell("greeted", at=_clock(greeted["greeted_at"]))
        self._phone = f"139{secrets.randbelow(10**8):08d}"
        visitor = {"name": "王小明", "phone": self._phone, "intent": "有意向徘徊犹豫"}
        completed: dict[str, Any] = server.post(f"{path}/complete", visitor)
        self._tell("completed", at=_clock(completed["completed_at"]))
        return completed

    def _customer(self, completed: dict[str, Any]) -> None:
        path = f"/api/v1/customers/{completed['customer_id']}"
        server = self._sales[completed["server_id"]]
        customer, took = eventually(lambda: _there(server.api, path), "the customer", self._soon)
        register = server.api.get(f"{path}/register")["entries"]
        _expect("the customer belongs to who served", customer["owner_id"] == server.staff_id, customer)
        _expect("the customer stands in the register", len(register) == 1, register)
        self._tell("customer", number=customer["code"], owner=server.name, ms=_ms(took))

    def _followup(self, completed: dict[str, Any]) -> None:
        customer_id = completed["customer_id"]
        server = self._sales[completed["server_id"]].api
        ask = lambda: server.get("/api/v1/followups/records", customer_id=customer_id)["items"] or None  # noqa: E731
        records, took = eventually(ask, "the follow-up record", self._soon)
        _expect("the record is 现场跟进", [record["method"] for record in records] == ["现场跟进"], records)
        plan, _ = eventually(
            lambda: _there(server, f"/api/v1/followups/plans/{customer_id}"), "the next due date", self._soon
        )
        _expect("a next due date stands", plan["next_due"] is not None, plan)
        self._tell("followup", method=records[0]["method"], due=plan["next_due"], ms=_ms(took))

    def _report(self, before: dict[str, Any]) -> None:
        def moved() -> dict[str, Any] | None:
            now = self._day(before["date"])
            return now if all(now[key] == before[key] + 1 for key in _COUNTED) else None

        after, took = eventually(moved, "the day's totals", self._soon)
        changes = ", ".join(f"{key} {before[key]} → {after[key]}" for key in _COUNTED)
        self._tell("report", changes=changes, ms=_ms(took))

    def _sheet(self) -> None:
        query = {"from": "2020-02-01", "to": "2020-04-25"}
        sheet = self._manager.api.get("/api/v1/reporting/followup-sheet", **query)
        _expect("the sheet says 10", sheet["closed_deals"] == 10, sheet["closed_deals"])
        _expect("the sheet's dated rows are there", len(sheet["rows"]) == 15, len(sheet["rows"]))
        self._tell("sheet", closed=sheet["closed_deals"], rows=len(sheet["rows"]), undated=len(sheet["undated"]))

    def _put_back(self) -> None:
        board = self._board()
        if [person["staff_id"] for person in board["line"]] != self._order:
            body = {"order": self._order, "reason": "演示结束，恢复原顺序"}
            self._manager.api.put(f"{self._path}/line", body, board["line_version"])
        for colleague in self._came:
            colleague.api.post(f"{self._path}/clock-out")
        self._tell("put_back")


def _there(api: Api, path: str) -> Any:
    """The answer, or None while it is not there."""
    try:
        return api.get(path)
    except Refused as refusal:
        if refusal.status == 404:
            return None
        raise


def _expect(step: str, holds: bool, answer: Any) -> None:
    if not holds:
        raise NotAsTold(f"{step}: {answer}")


def _clock(instant: str) -> str:
    """The time of day where the story is told."""
    return datetime.fromisoformat(instant).astimezone().strftime("%H:%M:%S")


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
