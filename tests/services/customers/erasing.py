"""Erasing a customer: who asks for it, and the ways to ask."""

from dataclasses import replace
from typing import Any

from chassis.database import Database
from chassis.events.forgetting import FORGET_PERSONAL
from chassis.jobs import JobLoop
from services.customers.app import SERVICE
from services.customers.files.views import files_of
from tests.services.asking import Ask
from tests.services.customers.house import person
from tests.services.synthetic import EAST, WEST

BASE = "/api/v1/customers"
BOSS = person(
    "boss",
    "branch",
    EAST,
    "customers.see",
    "customers.edit",
    "customers.register",
    "customers.manage",
    "customers.sign",
    "customers.claim",
    "customers.reveal",
    "customers.export",
)
WEST_BOSS = person("west", "branch", WEST, "customers.see", "customers.manage")
KEEPER = replace(BOSS, permissions=BOSS.permissions | {"customers.import"})
EXPORTER = replace(BOSS, role="manager")


def sent(ask: Ask, who: Any, method: str, path: str, expected: int = 200, **options: Any) -> Any:
    answer = ask(who, method, f"{BASE}{path}", **options)
    assert answer.status_code == expected, answer.get_json()
    return answer.get_json()


def erase(ask: Ask, customer_id: str, code: str, who: Any = BOSS, **options: Any) -> Any:
    said = {"code": code, "requested_by": "person"}
    return ask(who, "POST", f"{BASE}/{customer_id}/erasure", json=said, **options)


def after_the_jobs(database: Database) -> None:
    JobLoop(database, [*SERVICE.jobs, FORGET_PERSONAL]).run_due()


def file_of(database: Database, customer_id: str) -> Any:
    with database.read() as tx:
        return files_of(tx, BOSS, {customer_id})[customer_id]
