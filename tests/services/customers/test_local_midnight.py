"""Days are the branch's own: what changes at midnight changes at the midnight of New York, not of Shanghai or UTC."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.jobs import JobLoop
from services.customers.app import SERVICE
from tests.services import synthetic as say
from tests.services.asking import Ask, code_of
from tests.services.customers.house import announced, imported
from tests.services.customers.test_ownership import BASE, LI, decided, draw, given, history, pooled, registered
from tests.services.synthetic import EAST, deliver

SECOND = timedelta(seconds=1)


@pytest.fixture
def new_york(quick_database: Database) -> Database:
    """The branch lies in New York, where it is eight in the evening of 1 March; summer time begins on the 8th."""
    deliver(quick_database, SERVICE.consumers, [say.branch(EAST, 2, time_zone="America/New_York")])
    return quick_database


def begins(month: int, day: int) -> datetime:
    """The first moment of a day of 2026 in New York."""
    return datetime(2026, month, day, 5 if (month, day) <= (3, 8) else 4, tzinfo=UTC)


def at(database: Database, moment: datetime) -> None:
    """So late it is, and what is due is done."""
    database.clock = StandingClock(moment)
    JobLoop(database, SERVICE.jobs).run_due()


def test_a_day_s_draws_end_at_local_midnight(quick_ask: Ask, new_york: Database) -> None:
    """One a day: the second is refused through midnight in Shanghai and UTC, to the last second of the day here."""
    decided(quick_ask, draw_daily=1)
    pooled(quick_ask, 4)
    at(new_york, begins(3, 3))
    assert len(draw(quick_ask, LI, 1).get_json()["given"]) == 1
    shanghai, utc = datetime(2026, 3, 3, 16, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)
    for moment in (shanghai, utc, begins(3, 4) - SECOND):
        at(new_york, moment)
        assert code_of(draw(quick_ask, LI, 1)) == "daily_limit_reached", moment
        assert quick_ask(LI, "GET", f"{BASE}/draws/next").get_json()["drawn_today"] == 1
    at(new_york, begins(3, 4))
    assert len(draw(quick_ask, LI, 1).get_json()["given"]) == 1


@pytest.mark.parametrize(
    ("lost", "until", "free"),
    [
        (begins(3, 2) - SECOND, "2026-03-31", begins(3, 31)),
        (begins(3, 2), "2026-04-01", begins(4, 1)),
    ],
)
def test_the_cooling_off_counts_local_days(
    quick_ask: Ask, new_york: Database, lost: datetime, until: str, free: datetime
) -> None:
    """Lost in the last second of a day it begins with that day, and ends with a day here, the clock put on or not."""
    (one,) = registered(quick_ask, 1)
    at(new_york, lost)
    given(quick_ask, one, None)
    at(new_york, free - SECOND)
    assert code_of(draw(quick_ask, LI, 1)) == "cooling_off"
    (listed,) = quick_ask(LI, "GET", f"{BASE}/pool").get_json()["items"]
    assert listed["cooling_off_until"] == until
    at(new_york, free)
    assert draw(quick_ask, LI, 1).get_json()["given"] == [one]


@pytest.mark.parametrize(("early", "warned"), [(SECOND, []), (timedelta(), [("2026-03-01", "2026-05-01")])])
def test_an_owner_is_warned_when_the_local_day_begins(
    quick_ask: Ask, new_york: Database, early: timedelta, warned: list[tuple[str, str]]
) -> None:
    """Registered on 1 March as it was here, seven days before the sixty are over: on 24 April, not a second before."""
    registered(quick_ask, 1)
    at(new_york, begins(4, 24) - early)
    items = quick_ask(LI, "GET", f"{BASE}/going-back").get_json()["items"]
    assert [(one["idle_since"], one["goes_back_on"]) for one in items] == warned


@pytest.mark.parametrize(("early", "because"), [(SECOND, "registered"), (timedelta(), "idle")])
def test_a_customer_goes_back_when_the_local_day_begins(
    quick_ask: Ask, new_york: Database, early: timedelta, because: str
) -> None:
    """On the day that the owner was told, from its first second on."""
    (one,) = registered(quick_ask, 1)
    at(new_york, begins(4, 24))
    at(new_york, begins(5, 1) - early)
    assert history(quick_ask, one)[-1][1] == because


def test_today_is_the_local_day_for_what_lies_ahead(quick_ask: Ask, new_york: Database) -> None:
    """2 March has begun in Shanghai, and here it is still to come: a row of that day is warned of until midnight."""
    rows = "姓名,电话,跟进日期\n王小明,13800138000,2026-03-02\n李小红,{},2026-03-01\n"
    imported(quick_ask, new_york, rows.format("13900139000").encode())
    at(new_york, begins(3, 2))
    imported(quick_ask, new_york, rows.format("13700137000").encode())
    told = [fact.data["followup_date"] for fact in announced(new_york, "sheet_row.imported.v1")]
    assert told == [None, "2026-03-01", "2026-03-02", "2026-03-01"]
