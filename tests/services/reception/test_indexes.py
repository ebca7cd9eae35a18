"""What is open is found by its indexes: a hall's history does not slow its next visitor."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from chassis.database import Database, Transaction
from chassis.identity import Who, system
from services.reception.app import SERVICE
from services.reception.door.views import last_visit
from services.reception.receptions import views
from services.reception.stepping_out import views as stepping_out

WHO = system("reception", "east")


def _line(tx: Transaction, who: Who) -> object:
    return views.line_of(tx, who, "hall")


def _waiting(tx: Transaction, who: Who) -> object:
    return views.open_in(tx, who, "hall")


def _elsewhere(tx: Transaction, who: Who) -> object:
    return views.serves_elsewhere(tx, who, "hall")


def _out(tx: Transaction, who: Who) -> object:
    return stepping_out.open_in(tx, who, "hall")


def _away(tx: Transaction, who: Who) -> object:
    return stepping_out.open_of(tx, who, "li")


def _plan(question: Any, tmp_path: Path, table: str) -> list[str]:
    """The steps by which SQLite answers, as far as they touch the table."""
    database = Database(f"sqlite:///{tmp_path}/reception.db", "reception")
    SERVICE.metadata.create_all(database.engine)
    asked: list[tuple[str, Any]] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with database.read() as tx:
        question(tx, WHO)
        (statement, values) = asked[0]
        plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    database.close()
    return [row[3] for row in plan if table in row[3]]


def _last_visit(tx: Transaction, who: Who) -> object:
    return last_visit(tx, who, ["customer", "loser"])


@pytest.mark.parametrize("question", [_line, _waiting, _elsewhere, _last_visit])
def test_questions_about_open_receptions_do_not_read_the_finished_ones(question: Any, tmp_path: Path) -> None:
    """SQLite answers them by an index of the open ones, or of the customer's own: a state given as a parameter would
    make it read the table."""
    steps = _plan(question, tmp_path, " receptions")
    assert steps
    assert all("USING INDEX receptions_o" in step for step in steps)


@pytest.mark.parametrize("question", [_out, _away])
def test_questions_about_who_is_out_do_not_read_who_was(question: Any, tmp_path: Path) -> None:
    """A board is fetched often, and a hall's step-outs of the past do not slow it."""
    steps = _plan(question, tmp_path, " step_outs")
    assert steps
    assert all("USING INDEX step_outs_o" in step for step in steps)
