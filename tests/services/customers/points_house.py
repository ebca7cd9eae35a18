"""A company that keeps points, its rules, and 王小明, in the tests of points."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from chassis.database import Database
from chassis.events import Envelope
from chassis.identity import Who
from chassis.settings import POINTS, read
from services.customers.app import SERVICE
from services.customers.points.tables import points_heard, points_notes, points_postings, points_rules
from tests.services.asking import Ask
from tests.services.customers.house import MANAGER, SUPERVISOR
from tests.services.synthetic import NOW, deliver, named

BASE = "/api/v1/customers"
KEEPING = SERVICE.as_set(read((POINTS,), {POINTS.variable: "yes"}))
TABLES = (points_rules, points_heard, points_postings, points_notes)
RULES = {"on": True, "deal_points": 1, "deal_per": 10_000_00, "visit_points": 5, "referral_points": 50}
RULES |= {"by_hand_most": 1000}
DAY = "2026-03-02"
WANG = f"{BASE}/{named('wang')}"


def holding(database: Database, values: dict[str, Any] = RULES, branch_id: str | None = None, n: int = 1) -> None:
    """Rules that hold since the day before: nobody may make such today, who comes later finds them."""
    row = {"policy_id": branch_id or "company", "n": n, "branch_id": branch_id, "document": values, "reason": "试行"}
    row |= {"holds_from": date(2026, 3, 1), "made_by": named("hq"), "made_at": NOW - timedelta(days=2)}
    with database.write() as tx:
        tx.execute(insert(points_rules), row)


def told(database: Database, *events: Envelope) -> None:
    deliver(database, KEEPING.consumers, events)


def spending(points: int, **more: Any) -> dict[str, Any]:
    return {"points": points, "reason": "gift"} | more


def spent(ask: Ask, points: int, who: Who = SUPERVISOR, path: str = WANG, **more: Any) -> Any:
    return ask(who, "POST", f"{path}/points/spendings", json=spending(points, **more))


def by_hand(ask: Ask, points: int, who: Who = MANAGER) -> Any:
    return ask(who, "POST", f"{WANG}/points/by-hand", json={"points": points, "reason": "mistake"})


def standing(ask: Ask, path: str = WANG) -> tuple[int, int]:
    """(available, owed)."""
    answer = ask(SUPERVISOR, "GET", f"{path}/points").get_json()
    return answer["available"], answer["owed"]


def lines(ask: Ask, path: str = WANG, language: str = "zh") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ask(SUPERVISOR, "GET", f"{path}/points/postings", language).get_json()["items"]
    return items
