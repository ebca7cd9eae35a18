"""Customers are found by indexes: a long register does not slow the next registration or the next row of a sheet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from chassis.database import Database, Transaction
from chassis.identity import system
from services.customers.app import SERVICE
from services.customers.files.views import active_files, file_with_code
from services.customers.register.views import customers_with_phone, ids_near
from services.customers.relations.views import ties_of

WHO = system("customers", "east")
PHONE = "+8613900001234"


@pytest.mark.parametrize(
    ("look_up", "plan"),
    [
        (
            lambda tx: customers_with_phone(tx, WHO, "east", PHONE),
            "SEARCH register USING INDEX register_by_phone (phone=? AND branch_id=?)",
        ),
        (
            lambda tx: ids_near(tx, WHO, "east", [PHONE], ["王小明"]),
            "SEARCH register USING INDEX register_by_name (full_name=? AND branch_id=?)",
        ),
        (
            lambda tx: ids_near(tx, WHO, "east", [f"{PHONE[:-3]}{n:03}" for n in range(300)], ["王小明"]),
            "SEARCH register USING INDEX register_by_phone (phone=? AND branch_id=?)",
        ),
        (
            lambda tx: ties_of(tx, WHO, "east", [str(n) for n in range(300)]).ids,
            "SEARCH relations USING INDEX relations_of_second (second_id=? AND branch_id=?)",
        ),
        (
            lambda tx: file_with_code(tx, WHO, "east", "A001"),
            "SEARCH customers USING INDEX customers_of_code (branch_id=? AND code=?)",
        ),
        (
            lambda tx: active_files(tx, WHO, "east", name="王小明"),
            "SEARCH customers USING INDEX customers_name (branch_id=? AND name=?)",
        ),
    ],
)
def test_what_a_registration_looks_up_is_found_by_an_index(
    tmp_path: Path, look_up: Callable[[Transaction], Any], plan: str
) -> None:
    """SQLite goes straight to the phone, the code and the name; it never reads a branch's customers one by one."""
    database = Database(f"sqlite:///{tmp_path}/customers.db", "customers")
    SERVICE.metadata.create_all(database.engine)
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with database.read() as tx:
        assert not look_up(tx)
        (statement, values) = asked[0]
        steps = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    database.close()
    assert plan in [row[3] for row in steps]
