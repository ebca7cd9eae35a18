"""A customer whose data was erased: what reporting forgets, and what it goes on counting."""

import io
from collections.abc import Iterator
from datetime import date
from itertools import permutations

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from chassis.database import Database
from chassis.events.dead_letters import park
from services.reporting.app import SERVICE
from services.reporting.consumers import consumers
from services.reporting.facts import tables
from tests.services import synthetic as say
from tests.services.asking import asking
from tests.services.grep import places_of
from tests.services.synthetic import EAST, deliver, named, open_database, person, rows_of

SHEET = "/api/v1/reporting/followup-sheet"
MARCH = "from=2026-03-01&to=2026-03-31"
BOSS = person("boss", "branch")
DEAL = {"result": "成交", "deal_date": "2026-03-02"}


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url, "reporting", SERVICE.metadata)
    deliver(opened, consumers, [say.branch(), say.staff("li")])
    yield opened
    opened.close()


def test_nothing_is_left_of_the_person_and_every_count_is(database: Database) -> None:
    """The words of the erased customer stand in no column of any table; sheet and day count as before."""
    chen = say.customer("陈先生", owner_id=named("li"))
    followup = say.followup("first", customer_id=named("陈先生"), **DEAL)
    deliver(database, consumers, [chen, say.customer("wang", code="A002"), followup, say.reception("one")])
    with database.write() as tx:
        park(tx, chen.to_json(), "cannot be handled", 1)
    assert places_of(database, ["陈先生"]) == ["dead_letters.body", "names.name"]
    ask = asking(SERVICE, database)
    before = ask(BOSS, "GET", "/api/v1/reporting/days/2026-03-02").get_json()
    deliver(database, consumers, [say.erased("陈先生")])
    assert places_of(database, ["陈先生"]) == []
    assert ask(BOSS, "GET", "/api/v1/reporting/days/2026-03-02").get_json() == before
    assert places_of(database, ["wang"]) == ["names.name"]


def test_the_sheet_says_that_the_customer_was_erased(database: Database) -> None:
    """On screen the row is `erased` and without a name, in the file the customer is called so; the deal counts."""
    followups = [say.followup("first", **DEAL), say.followup("second", customer_id=named("li"))]
    deliver(
        database, consumers, [say.customer("wang"), say.customer("li", code="A002"), *followups, say.erased("wang")]
    )
    ask = asking(SERVICE, database)
    sheet = ask(BOSS, "GET", f"{SHEET}?{MARCH}").get_json()
    assert sorted((row["code"], row["name"], row["erased"]) for row in sheet["rows"]) == (
        [("A001", None, True), ("A002", "li", False)]
    )
    assert sheet["closed_deals"] == 1
    book = load_workbook(io.BytesIO(ask(BOSS, "GET", f"{SHEET}.xlsx?{MARCH}").data))
    assert {row[1] for row in book.active.iter_rows(min_row=5, values_only=True)} == {"已删除的客户", "li"}


def heard_by_older_code(database: Database, name: str, code: str) -> None:
    """What code older than `names` writes while it runs beside this code."""
    values = {"customer_id": named(name), "branch_id": EAST, "code": code, "name": name, "sequence": 1}
    with database.write() as tx:
        tx.execute(insert(tables.customers).values(values | {"local_day": date(2026, 3, 2)}))


def test_names_that_older_code_wrote_are_shown_and_forgotten(database: Database) -> None:
    """Who was heard of by older code alone has their name on the sheet, and has none anywhere once erased."""
    heard_by_older_code(database, "wang", "A001")
    heard_by_older_code(database, "li", "A002")
    deliver(database, consumers, [say.followup("first"), say.followup("second", customer_id=named("li"))])
    deliver(database, consumers, [say.erased("wang")])
    sheet = asking(SERVICE, database)(BOSS, "GET", f"{SHEET}?{MARCH}").get_json()
    assert sorted((row["code"], row["name"], row["erased"]) for row in sheet["rows"]) == (
        [("A001", None, True), ("A002", "li", False)]
    )
    assert places_of(database, ["wang"]) == []


def test_no_order_brings_the_person_back(database: Database) -> None:
    """Registered, changed after the erasure, erased, and erased again, in every order: nobody is called anything."""
    ends = set()
    for n, order in enumerate(permutations(range(4))):
        name = f"chen{n}"
        news = [say.customer(name), say.customer(name, 12), say.erased(name), say.erased(name)]
        for one in order:
            deliver(database, consumers, [news[one]])
        (named_so,) = [row for row in rows_of(database, tables.names) if row[0] == named(name)]
        ends.add(named_so[2:])
        assert len([row for row in rows_of(database, tables.customers) if row[0] == named(name)]) == 1
    assert [name for name, _ in ends] == [None]
