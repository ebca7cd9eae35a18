"""Whose customer a phone is, is found by an index: a long register does not slow the next registration."""

from pathlib import Path
from typing import Any

from sqlalchemy import event

from chassis.database import Database
from chassis.identity import system
from services.customers.app import SERVICE
from services.customers.register.views import customers_with_phone

WHO = system("customers", "east")


def test_a_phone_is_looked_up_by_its_index(tmp_path: Path) -> None:
    """SQLite goes to the phone at once; asked for distinct customers, it would read the whole branch's register."""
    database = Database(f"sqlite:///{tmp_path}/customers.db", "customers")
    SERVICE.metadata.create_all(database.engine)
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with database.read() as tx:
        assert customers_with_phone(tx, WHO, "east", "+8613900001234") == frozenset()
        (statement, values) = asked[0]
        plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    database.close()
    assert [row[3] for row in plan] == ["SEARCH register USING INDEX register_by_phone (branch_id=? AND phone=?)"]
