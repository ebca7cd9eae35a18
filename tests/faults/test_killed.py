"""kill -9 of the whole single machine, at random moments, under load."""

import random
from pathlib import Path
from typing import Any

from deploy.demo.client import Api, eventually
from tests.faults.visitors import Visitors
from tests.journeys.system import SingleMachine, start

KILLS = 30
SEED = 20261124
IMPORTED = 15  # customers of the demo's sheet


def test_nothing_answered_is_lost_and_nothing_is_applied_twice(tmp_path: Path) -> None:
    """After 30 kills at random moments under load, every answered registration stands exactly once in every service."""
    moments = random.Random(SEED)
    system = start(tmp_path / "data")
    try:
        headers = _manager(system)
        visitors = Visitors(_everybody_at_work(system), doors=4)
        for _ in range(KILLS):
            visitors.press(system.url, headers, system.kill, after=moments.randint(1, 40))
            system = start(tmp_path / "data")
        visitors.finish(system.url, headers)
        _compare(system, visitors)
    finally:
        system.stop()


def _everybody_at_work(system: SingleMachine) -> str:
    hall: str = system.as_person("manager").get("/api/v1/reception/halls")["items"][0]["hall_id"]
    for number in range(1, 6):
        system.as_person(f"sales{number}").post(f"/api/v1/reception/halls/{hall}/clock-in")
    return hall


def _manager(system: SingleMachine) -> dict[str, str]:
    account = system.accounts()["manager"]
    answer = Api(system.url).post("/api/v1/auth/token", {"username": account.username, "password": account.password})
    return {"Authorization": f"Bearer {answer['access_token']}"}


def _compare(system: SingleMachine, visitors: Visitors) -> None:
    """The customers, the follow-ups and the day's totals say what was answered: no more, no less."""
    manager = system.as_person("manager")
    expected = len(visitors.answered)
    eventually(lambda: _registered(manager) == expected or None, f"{expected} customers", 30)
    followups, _ = eventually(lambda: _followups(manager, expected), f"{expected} follow-ups", 30)
    assert len({record["customer_id"] for record in followups}) == len(followups) == expected
    customers = [customer for customer in _all(manager, "/api/v1/customers") if customer["source"] == "reception"]
    assert {c["customer_id"] for c in customers} == {a["customer_id"] for a in visitors.answered.values()}
    day = visitors.answered[next(iter(visitors.answered))]["local_day"]
    counted = {"receptions_completed": expected, "turns_used": expected, "new_customers": expected + IMPORTED}
    eventually(lambda: _counted(manager, day) == counted or None, f"{counted} in reporting", 30)


def _registered(manager: Api) -> int:
    return sum(customer["source"] == "reception" for customer in _all(manager, "/api/v1/customers"))


def _followups(manager: Api, expected: int) -> list[dict[str, Any]] | None:
    """Those of receptions, once there are as many as expected or more."""
    records = [record for record in _all(manager, "/api/v1/followups/records") if record["origin"] == "reception"]
    return records if len(records) >= expected else None


def _counted(manager: Api, day: str) -> dict[str, int]:
    totals = manager.get(f"/api/v1/reporting/days/{day}")
    return {name: totals[name] for name in ("receptions_completed", "turns_used", "new_customers")}


def _all(manager: Api, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {"limit": "100"}
    while True:
        page = manager.get(path, **cursor)
        items += page["items"]
        if page["next_after"] is None:
            return items
        cursor["after"] = page["next_after"]
