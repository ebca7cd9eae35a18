"""The totals of a day over HTTP."""

from typing import Any

import pytest

from chassis.database import Database
from services.reporting.app import SERVICE
from services.reporting.consumers import consumers
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.synthetic import EAST, WEST, deliver, named, person

DAYS = "/api/v1/reporting/days"
MONDAY = f"{DAYS}/2026-03-02"
BOSS = person("boss", "branch")
CHIEF = person("chief", "all", None)
NAMES = ("arrivals", "receptions_completed", "turns_used", "new_customers", "followups", "deals")


@pytest.fixture
def ask(database: Database) -> Ask:
    """A Monday: Li completes two receptions and closes one, Sun greets, one visitor waits; another branch works too."""
    sun, west, deal = {"server_id": named("sun")}, {"branch_id": WEST}, {"result": "成交", "deal_date": "2026-03-02"}
    deliver(
        database,
        consumers,
        [
            say.branch(),
            say.branch(WEST, name="西区"),
            say.staff("li", team_id=named("team")),
            say.staff("sun", team_id=named("other")),
            say.staff("xu", branch_id=WEST),
            say.reception("one"),
            say.reception("two", turn="kept", customer_id=named("zhao")),
            say.reception("three", "greeted", 3, **sun),
            say.reception("four", "waiting", 1),
            say.reception("left", "closed", 2, **sun),
            say.reception("far", server_id=named("xu"), **west),
            say.reception("sunday", local_day="2026-03-01"),
            say.customer("wang", owner_id=named("li")),
            say.customer("zhao", owner_id=named("li")),
            say.customer("old", local_day="2026-02-01"),
            say.customer("far", owner_id=named("xu"), **west),
            say.followup("one", **deal),
            say.followup("two", customer_id=named("zhao")),
            say.followup("again", salesperson_id=named("sun"), **deal),
            say.followup("row", salesperson_id=None, salesperson_name="业务员1", customer_id=None),
            say.followup("late", date="2026-02-20", customer_id=named("old"), **deal),
            say.followup("far", salesperson_id=named("xu"), customer_id=named("far"), **west),
        ],
    )
    return asking(SERVICE, database)


def counts_in(part: dict[str, Any]) -> tuple[int, ...]:
    return tuple(part[name] for name in NAMES)


def day_of(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.get_json()
    body: dict[str, Any] = answer.get_json()
    return body


def test_the_day_of_a_branch(ask: Ask) -> None:
    """Arrivals, completed receptions, turns, new customers, follow-ups and deals of the branch's local day."""
    day = day_of(ask(BOSS, "GET", MONDAY))
    assert (day["date"], day["branch_id"]) == ("2026-03-02", EAST)
    assert counts_in(day) == (5, 2, 1, 2, 4, 2)
    assert [(part["branch_id"], part["name"]) for part in day["by_branch"]] == [(EAST, "东区售楼处")]
    people = {part["name"]: counts_in(part) for part in day["by_person"]}
    assert people == {
        "li": (2, 2, 1, 2, 2, 2),
        "sun": (2, 0, 0, 0, 1, 1),
        "业务员1": (0, 0, 0, 0, 1, 0),
        None: (1, 0, 0, 0, 0, 0),
    }


def test_who_sees_what_of_a_day(ask: Ask) -> None:
    """Own: one's own work; team: the team's; headquarters: the company, or the branch it names."""
    assert counts_in(day_of(ask(person("li"), "GET", MONDAY))) == (2, 2, 1, 2, 2, 2)
    assert counts_in(day_of(ask(person("mo", "team", EAST, named("other")), "GET", MONDAY))) == (2, 0, 0, 0, 1, 1)
    assert counts_in(day_of(ask(CHIEF, "GET", f"{MONDAY}?branch_id={WEST}"))) == (1, 1, 1, 1, 1, 0)
    company = day_of(ask(CHIEF, "GET", MONDAY))
    assert company["branch_id"] is None
    assert counts_in(company) == (6, 3, 2, 3, 5, 2)
    assert {part["branch_id"]: part["arrivals"] for part in company["by_branch"]} == {EAST: 5, WEST: 1}


def test_a_merged_customer_is_not_new(ask: Ask, database: Database) -> None:
    """A customer that lives on in another one is no new customer, and their deals are one."""
    closed = say.followup("z", customer_id=named("zhao"), result="成交", deal_date="2026-03-02", date="2026-03-01")
    deliver(database, consumers, [closed])
    assert day_of(ask(BOSS, "GET", MONDAY))["deals"] == 3
    deliver(database, consumers, [say.merged("zhao", "wang")])
    day = day_of(ask(BOSS, "GET", MONDAY))
    assert (day["new_customers"], day["deals"]) == (1, 2)


def test_an_empty_day(ask: Ask) -> None:
    """A day on which nothing happened has noughts, not an error."""
    day = day_of(ask(BOSS, "GET", f"{DAYS}/2026-12-24"))
    assert counts_in(day) == (0,) * 6
    assert day["by_person"] == day["by_branch"] == []


@pytest.mark.parametrize(
    ("who", "path", "status", "code"),
    [
        (BOSS, f"{DAYS}/2026-02-30", 422, "day_unreadable"),
        (BOSS, f"{DAYS}/today", 422, "day_unreadable"),
        (BOSS, f"{MONDAY}?branch_id={WEST}", 404, "branch_unknown"),
        (CHIEF, f"{MONDAY}?branch_id={named('nowhere')}", 404, "branch_unknown"),
        (BOSS, f"{MONDAY}?branch={EAST}", 422, "invalid"),
        (None, MONDAY, 401, "identity_missing"),
        (person("x", "branch", EAST, None, "customers.see"), MONDAY, 403, "permission_missing"),
    ],
)
def test_what_is_refused(ask: Ask, who: Any, path: str, status: int, code: str) -> None:
    """Each refusal has its code and words in both languages; another's branch is as if it were not."""
    words = {language: ask(who, "GET", path, language=language) for language in ("zh", "en")}
    assert {(answer.status_code, code_of(answer)) for answer in words.values()} == {(status, code)}
    assert words["zh"].get_json()["detail"] != words["en"].get_json()["detail"]
