"""Coming, closing and deciding at once; and what another branch sees of it: nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.reception.attendance.actions import come_on_duty, find_absent
from services.reception.attendance.tables import absences, attendances, draws
from services.reception.discipline.tables import penalties
from services.reception.policy.rules import Order, Policy
from services.reception.rotation.views import hall_of
from tests.services.asking import code_of
from tests.services.reception.office import MANAGER, SUPERVISOR, WEST_MANAGER, Office, seller
from tests.services.reception.test_together import together
from tests.services.synthetic import NOW, named

PEOPLE = [f"seller {number}" for number in range(6)]
LEAVES = "/api/v1/reception/leaves"
DAY = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "starts": "09:00", "ends": "18:00"}


@pytest.fixture
def crowd(database_url: str) -> Iterator[Office]:
    """Six are rostered from nine to six; it is nine."""
    yield from _opened(database_url)


@pytest.fixture
def quick_crowd(sqlite_url: str) -> Iterator[Office]:
    """The same, for what no database has a part in."""
    yield from _opened(sqlite_url)


def _opened(url: str) -> Iterator[Office]:
    opened = Office(url, PEOPLE, NOW - timedelta(hours=1))
    opened.roster(*(DAY | {"staff_id": named(name)} for name in PEOPLE))
    opened.later(hours=1)
    yield opened
    opened.database.close()


def count(office: Office, column: Any, *conditions: Any) -> int:
    with office.database.read() as tx:
        return int(tx.execute(select(func.count(column)).where(*conditions)).scalar_one())


def test_who_come_at_once_draw_once(crowd: Office) -> None:
    """By lot the first of six at the same moment draws for all; the line is the draw's and the register's."""

    def come(name: str) -> None:
        with crowd.database.write() as tx:
            who = seller(name)
            come_on_duty(tx, who, hall_of(tx, who, crowd.hall, lock=True), Policy("lot", order=Order.LOT))

    together([lambda n=name: come(n) for name in PEOPLE])
    assert count(crowd, draws.c.day) == 1
    draw = crowd.did(MANAGER, "GET", crowd.path("draws/2026-03-02"))
    assert draw["order"] == crowd.line() == crowd.replayed()
    assert count(crowd, attendances.c.id, attendances.c.clocked_out_at.is_(None)) == len(PEOPLE)


def test_leave_approved_while_its_person_comes_late(crowd: Office) -> None:
    """Whichever is first, in the end nobody is late and nothing is proposed that stands."""
    spans = {"starts_at": "2026-03-02T09:00+08:00", "ends_at": "2026-03-02T10:00+08:00", "reason": "看病"}
    asked = {name: crowd.did(seller(name), "POST", LEAVES, spans)["leave_id"] for name in PEOPLE[:3]}
    crowd.later(minutes=15)
    approving = [
        lambda one=leave_id: crowd.did(SUPERVISOR, "POST", f"{LEAVES}/{one}/approve", {"reason": "好"})
        for leave_id in asked.values()
    ]
    together([*approving, *(lambda n=name: crowd.come(n) for name in asked)])
    assert count(crowd, attendances.c.id, attendances.c.late_by > 0) == 0
    assert count(crowd, penalties.c.id, penalties.c.state != "withdrawn") == 0
    assert count(crowd, attendances.c.id) == 3


def test_absence_looked_for_at_once_is_found_once(crowd: Office) -> None:
    """Four look at the same hall at the shift's end: six are missing, each once."""
    crowd.later(hours=9)

    def look() -> int:
        with crowd.database.write() as tx:
            return find_absent(tx, MANAGER, crowd.hall)

    assert sum(together([look] * 4)) == len(PEOPLE)
    assert count(crowd, absences.c.id) == count(crowd, penalties.c.id) == len(PEOPLE)


def test_going_off_duty_while_serving_finishes(quick_crowd: Office) -> None:
    """The visitor is served to the end, the turn is used, and nothing is proposed."""
    quick_crowd.come(*PEOPLE[:2])
    serving = quick_crowd.visit()
    quick_crowd.go(PEOPLE[0])
    done = quick_crowd.complete(PEOPLE[0], serving, "13800138000")
    assert (done["state"], done["turn"]) == ("completed", "used")
    assert quick_crowd.line()[-1] == named(PEOPLE[0])
    assert count(quick_crowd, penalties.c.id) == 0


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("GET", "attendance?day=2026-03-02", None),
        ("GET", "draws/2026-03-02", None),
        ("GET", "roster/days?first=2026-03-02&last=2026-03-02", None),
        ("PUT", "roster/days/2026-03-02/x", {"shifts": [], "reason": "x"}),
        ("POST", "roster/swaps", {"staff_id": "x", "with_staff_id": "y", "day": "2026-03-02", "reason": "x"}),
        ("PUT", "closed-days/2026-03-02", {"reason": "x"}),
        ("DELETE", "closed-days/2026-03-02", None),
    ],
)
def test_another_branchs_roster_does_not_exist(quick_crowd: Office, method: str, what: str, body: Any) -> None:
    """A hall of another branch and a hall that never was answer the same: 404."""
    for hall in (quick_crowd.hall, "nowhere"):
        answer = quick_crowd.tried(WEST_MANAGER, method, f"/api/v1/reception/halls/{hall}/{what}", body)
        assert (answer.status_code, code_of(answer)) == (404, "unknown_hall")


def test_another_branchs_leave_does_not_exist(quick_crowd: Office) -> None:
    """A manager of another branch neither sees nor decides it."""
    span = {"starts_at": "2026-03-02T09:00+08:00", "ends_at": "2026-03-02T10:00+08:00", "reason": "看病"}
    leave_id = quick_crowd.did(seller(PEOPLE[0]), "POST", LEAVES, span)["leave_id"]
    assert quick_crowd.did(WEST_MANAGER, "GET", LEAVES)["items"] == []
    answer = quick_crowd.tried(WEST_MANAGER, "POST", f"{LEAVES}/{leave_id}/approve", {"reason": "x"})
    assert (answer.status_code, code_of(answer)) == (404, "unknown_leave")
