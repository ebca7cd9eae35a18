"""Customers are found by indexes: a long register does not slow the next registration or the next row of a sheet."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, insert

from chassis.database import Database, Transaction
from chassis.database.estimates import keep_estimates, look_up
from chassis.identity import Who, system
from services.customers.app import SERVICE
from services.customers.files.registering import Opening, register_stranger
from services.customers.files.views import customers_page, file_with_code
from services.customers.register.views import customers_with_phone, ids_near
from services.customers.relations.views import ties_of
from services.customers.searches.views import asked_page
from services.customers.spreadsheets.known import known_around
from services.customers.spreadsheets.rules import Row
from services.customers.spreadsheets.tables import sheet_rows
from services.customers.spreadsheets.taking_in import GROWN
from services.customers.spreadsheets.views import seen_before
from tests.services.customers.house import person
from tests.services.customers.test_register_rules import FIRST
from tests.services.synthetic import EAST
from tests.tables import create_tables

WHO = system("customers", EAST)
PHONE = "+8613900001234"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A branch with so many customers that reading all of them is no way to find one."""
    one = Database(f"sqlite:///{tmp_path_factory.mktemp('many')}/customers.db", "customers")
    create_tables(one.engine, SERVICE.metadata)
    with one.write() as tx:
        for n in range(1500):
            told = {"entry_id": f"{n}", "customer_id": f"c{n}", "origin_key": f"{n}", "name": f"王{chr(0x4E00 + n)}明"}
            came = replace(FIRST, **told, phone=f"+86138{n:08}")
            register_stranger(tx, WHO, came, Opening())
        keep_estimates(tx)
    yield one
    one.close()


@pytest.mark.parametrize(
    ("ask", "plan"),
    [
        (
            lambda tx: customers_with_phone(tx, WHO, EAST, PHONE),
            "SEARCH register USING INDEX register_by_phone (phone=? AND branch_id=?)",
        ),
        (
            lambda tx: ids_near(tx, WHO, EAST, [PHONE], ["王小明"]),
            "SEARCH register USING INDEX register_by_name (full_name=? AND branch_id=?)",
        ),
        (
            lambda tx: ids_near(tx, WHO, EAST, [f"{PHONE[:-3]}{n:03}" for n in range(30)], ["王小明"]),
            "SEARCH register USING INDEX register_by_phone (phone=? AND branch_id=?)",
        ),
        (
            lambda tx: ties_of(tx, WHO, EAST, ["c1"]).ids,
            "SEARCH relations USING INDEX relations_of_second (second_id=? AND branch_id=?)",
        ),
        (
            lambda tx: file_with_code(tx, WHO, EAST, "A001"),
            "SEARCH customers USING INDEX customers_of_code (branch_id=? AND code=?)",
        ),
        (
            lambda tx: known_around(tx, WHO, EAST, [Row(1, code="A001")]),
            "SEARCH customers USING INDEX customers_of_code (branch_id=? AND code=?)",
        ),
        (
            lambda tx: known_around(tx, WHO, EAST, [Row(1, name="王小明")]),
            "SEARCH customers USING INDEX customers_name (branch_id=? AND name=?)",
        ),
    ],
)
def test_what_a_registration_looks_up_is_found_by_an_index(
    database: Database, ask: Callable[[Transaction], Any], plan: str
) -> None:
    """SQLite goes straight to the phone, the code and the name; it never reads a branch's customers one by one."""
    assert plan in plan_of(database, ask)


@pytest.mark.parametrize(
    "who", [WHO, system("customers", None), person("li", "own", EAST)], ids=["branch", "all", "own"]
)
def test_lists_are_read_in_their_order(database: Database, who: Who) -> None:
    """The first page costs as much as a page, whoever asks: nothing is sorted."""
    steps = plan_of(database, lambda tx: customers_page(tx, who, {"after": None, "limit": 20}))
    assert not [step for step in steps if "TEMP B-TREE" in step]


@pytest.mark.parametrize("descending", [False, True])
def test_a_list_by_code_is_read_in_its_order(database: Database, descending: bool) -> None:
    """A branch's customers by code come from an index, page after page; only those of one code are sorted by id."""
    question = {"text": None, "conditions": [], "sort": "code", "descending": descending, "limit": 20}
    with database.read() as tx:
        after = asked_page(tx, WHO, question, question | {"after": None})["next_after"]
    for place in (None, after):
        steps = plan_of(database, lambda tx, page=question | {"after": place}: asked_page(tx, WHO, question, page), 1)
        assert "SEARCH customers USING INDEX customers_by_code (branch_id=?)" in steps
        assert [step for step in steps if "TEMP B-TREE" in step] in ([], ["USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"])


def test_the_rows_of_a_sheet_are_looked_up_as_they_become_many(postgres_url: str) -> None:
    """PostgreSQL goes to each row that may have come, though there were none a moment ago, and never reads them all."""
    keys = [f"sheet:{n}" for n in range(3000)]
    with closing(Database(postgres_url, "customers")) as database:
        create_tables(database.engine, SERVICE.metadata)
        with database.write() as tx:
            rows = [{"branch_id": EAST, "row_key": key, "imported_at": tx.now()} for key in keys]
            tx.execute(insert(sheet_rows), rows)
            keep_estimates(tx, GROWN)
        steps = plan_of(database, lambda tx: (look_up(tx), seen_before(tx, WHO, EAST, keys[:20])), 1)
    assert [step for step in steps if "Index Cond" in step and "row_key" in step]


def plan_of(database: Database, ask: Callable[[Transaction], Any], number: int = 0) -> list[str]:
    """The steps of the first statement that is run, or of one after it."""
    asked: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        asked.append((told[2], told[3]))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as tx:
        ask(tx)
        event.remove(database.engine, "before_cursor_execute", note)
        (statement, values) = asked[number]
        explain = "EXPLAIN" if database.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        return [row[-1] for row in tx.connection.exec_driver_sql(f"{explain} {statement}", values)]
