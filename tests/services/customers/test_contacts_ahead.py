"""A follow-up on a day that is still to come is no contact: it keeps nobody out of the pool before that day."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest

from chassis.database import Database, scoped
from chassis.identity import system
from services.customers.app import SERVICE
from services.customers.returns.tables import last_contacts
from tests.services import synthetic as say
from tests.services.asking import Ask
from tests.services.customers.house import ADMIN, announced
from tests.services.customers.test_import_customers import after, held
from tests.services.customers.test_ownership import BASE, LI, history, later, registered
from tests.services.synthetic import EAST, deliver

SHEET = "姓名,电话,跟进日期,跟进方式\n王小明,13800138000,{},电话\n"


def idle_since(ask: Ask) -> str | None:
    """Since when nobody was in contact with the one customer, as li was warned."""
    warned = ask(LI, "GET", f"{BASE}/going-back").get_json()["items"]
    return warned[0]["idle_since"] if warned else None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_contact_until_today_counts(ask: Ask, database: Database, order: Sequence[int]) -> None:
    """Heard in any order: of a wrong day nobody speaks, and one that comes counts from that day on."""
    (one,) = registered(ask, 1)
    days = ("2062-03-01", "2026-03-20", "2026-03-05")  # told on 2 March
    calls = [say.followup(f"call{n}", customer_id=one, date=day) for n, day in enumerate(days)]
    deliver(database, SERVICE.consumers, [calls[n] for n in order])
    later(database, 71)
    assert idle_since(ask) is None
    later(database, 72)
    assert idle_since(ask) == "2026-03-20"
    for day in (78, 79):
        later(database, day)
    assert history(ask, one)[-1] == (None, "idle")


def test_a_contact_ahead_lifts_no_warning_before_its_day(quick_ask: Ask, quick_database: Database) -> None:
    """The owner was warned: a call noted for tomorrow lifts it tomorrow, and not at once."""
    (one,) = registered(quick_ask, 1)
    later(quick_database, 54)
    assert idle_since(quick_ask) == "2026-03-02"
    deliver(quick_database, SERVICE.consumers, [say.followup("call", customer_id=one, date="2026-04-26")])
    later(quick_database, 54)
    assert idle_since(quick_ask) == "2026-03-02"
    later(quick_database, 55)
    assert idle_since(quick_ask) is None


def test_a_day_ahead_that_was_kept_as_the_last_gives_way(quick_ask: Ask, quick_database: Database) -> None:
    """What stands there from before counts as no contact, and the next one takes its place."""
    (one,) = registered(quick_ask, 1)
    kept = {"customer_id": one, "branch_id": EAST, "day": date(2062, 3, 1), "closed_deal": False}
    with quick_database.write() as tx:
        tx.execute(*scoped(last_contacts, system("customers", EAST)).new(kept))
    later(quick_database, 54)
    assert idle_since(quick_ask) == "2026-03-02"
    deliver(quick_database, SERVICE.consumers, [say.followup("call", customer_id=one, date="2026-04-25")])
    assert idle_since(quick_ask) is None
    later(quick_database, 108)
    assert idle_since(quick_ask) == "2026-04-25"


@pytest.mark.parametrize(
    ("day", "told", "warned"),
    [("2062-03-01", None, True), ("2026-03-03", None, True), ("2026-03-02", "2026-03-02", False)],
)
def test_a_row_of_a_day_after_today_comes_in_with_a_warning(
    quick_ask: Ask, quick_database: Database, day: str, told: str | None, warned: bool
) -> None:
    """Tried and taken in it says so in words, in both languages; the row is kept without that day, today's with it."""
    content = SHEET.format(day).encode()
    import_id = held(quick_ask, content)["import_id"]
    path = f"{BASE}/imports/{import_id}"
    tried = after(quick_ask, quick_database, f"{path}/trial")["rows"][0]
    taken = after(quick_ask, quick_database, f"{path}/begin")["rows"][0]
    for row in (tried, taken):
        assert ("followup_date_in_future" in [one["code"] for one in row["warnings"]]) is warned
        assert row["fate"] == "new_customer"
    (fact,) = announced(quick_database, "sheet_row.imported.v1")
    assert fact.data["followup_date"] == told
    assert ("followup_date_in_future" in fact.data["warnings"]) is warned
    if warned:
        said = quick_ask(ADMIN, "GET", path, language="zh").get_json()["rows"][0]["warnings"]
        assert "跟进日期在今天之后，未采用" in [one["text"] for one in said]
