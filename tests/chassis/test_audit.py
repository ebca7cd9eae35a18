"""The audit trail stands or falls with the deed it tells of."""

from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData, select, text
from sqlalchemy.exc import DatabaseError

from chassis.audit import audit_trail, note
from chassis.database import Database
from chassis.furniture import furnish
from chassis.identity import Who

MANAGER = Who("m1", "person", "manager", "b1", None, "branch", frozenset())


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "probe")
    furnish(MetaData()).create_all(opened.engine)
    yield opened
    opened.close()


def test_a_deed_leaves_who_what_and_to_whom(database: Database) -> None:
    """One row names the actor, the role held then, the action, the subject and the branch."""
    with database.write("00-trace") as tx:
        note(tx, MANAGER, "line.reordered", "line/h1", "b1", reason="late")
    with database.read() as tx:
        (row,) = tx.execute(select(audit_trail)).mappings().all()
    assert (row["actor_id"], row["role"], row["action"], row["subject"]) == (
        "m1",
        "manager",
        "line.reordered",
        "line/h1",
    )
    assert (row["branch_id"], row["details"], row["traceparent"]) == ("b1", {"reason": "late"}, "00-trace")


def test_a_deed_undone_leaves_nothing(database: Database) -> None:
    """When the transaction fails there is no trace of what did not happen."""
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        note(tx, MANAGER, "line.reordered", "line/h1", "b1")
        raise ZeroDivisionError
    with database.read() as tx:
        assert tx.execute(select(audit_trail)).all() == []


@pytest.mark.parametrize("tampering", ["UPDATE audit_trail SET role = 'x'", "DELETE FROM audit_trail"])
def test_the_trail_is_never_rewritten(database: Database, tampering: str) -> None:
    """The database refuses to change or remove a row."""
    with database.write() as tx:
        note(tx, MANAGER, "line.reordered", "line/h1", "b1")
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text(tampering))
