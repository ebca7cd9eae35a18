"""What every service says of the same visitors, asked through the front door."""

from typing import Any, Protocol

from deploy.demo.client import Api, eventually
from deploy.demo.company import Account

IMPORTED = 15  # customers of the demo's sheet
_PATIENCE = 120.0  # seconds until what was answered has come to every service


class Reads(Protocol):
    """Somebody who sees the whole company's data; what Api is."""

    def get(self, path: str, **query: str) -> Any: ...


class System(Protocol):
    """A running system that holds the demo company, in whatever shape."""

    @property
    def url(self) -> str: ...
    def accounts(self) -> dict[str, Account]: ...
    def as_person(self, username: str, language: str = "zh") -> Api: ...


def everybody_at_work(system: System) -> str:
    """The salespeople have come, as far as they were not there; answers their hall."""
    manager = system.as_person("manager")
    hall: str = manager.get("/api/v1/reception/halls")["items"][0]["hall_id"]
    line = manager.get(f"/api/v1/reception/halls/{hall}/board")["line"]
    absent = {person["name"] for person in line if not person["on_duty"]}
    for username, account in system.accounts().items():
        if account.role == "salesperson" and account.name in absent:
            system.as_person(username).post(f"/api/v1/reception/halls/{hall}/clock-in")
    return hall


def manager_headers(system: System) -> dict[str, str]:
    """What the manager's requests carry."""
    account = system.accounts()["manager"]
    answer = Api(system.url).post("/api/v1/auth/token", {"username": account.username, "password": account.password})
    return {"Authorization": f"Bearer {answer['access_token']}"}


def agree_on(system: System, expected: int, day: str) -> set[str]:
    """Wait until customers, follow-ups and the day's totals say `expected` receptions; answers their customers' ids.

    Raises NotInTime when they do not come to it, and fails when a customer or a follow-up stands there twice.
    """
    manager = system.as_person("manager")
    eventually(lambda: _registered(manager) == expected or None, f"{expected} customers", _PATIENCE)
    followups, _ = eventually(lambda: _followups(manager, expected), f"{expected} follow-ups", _PATIENCE)
    assert len({record["customer_id"] for record in followups}) == len(followups) == expected
    counted = {"receptions_completed": expected, "turns_used": expected, "new_customers": expected + IMPORTED}
    eventually(lambda: _counted(manager, day) == counted or None, f"{counted} in reporting", _PATIENCE)
    customers = [customer for customer in all_of(manager, "/api/v1/customers") if customer["source"] == "reception"]
    assert {record["customer_id"] for record in followups} == {customer["customer_id"] for customer in customers}
    return {customer["customer_id"] for customer in customers}


def _registered(manager: Api) -> int:
    return sum(customer["source"] == "reception" for customer in all_of(manager, "/api/v1/customers"))


def _followups(manager: Api, expected: int) -> list[dict[str, Any]] | None:
    """Those of receptions, once there are as many as expected or more."""
    records = [record for record in all_of(manager, "/api/v1/followups/records") if record["origin"] == "reception"]
    return records if len(records) >= expected else None


def _counted(manager: Api, day: str) -> dict[str, int]:
    totals = manager.get(f"/api/v1/reporting/days/{day}")
    return {name: totals[name] for name in ("receptions_completed", "turns_used", "new_customers")}


def all_of(manager: Reads, path: str) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {"limit": "100"}
    while True:
        page = manager.get(path, **cursor)
        items += page["items"]
        if page["next_after"] is None:
            return items
        cursor["after"] = page["next_after"]
