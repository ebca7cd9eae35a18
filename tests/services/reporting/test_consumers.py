"""What reporting keeps of events."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import event as engine_events

from chassis.database import Database
from chassis.events import Envelope
from services.reporting.app import SERVICE
from services.reporting.consumers import consumers
from services.reporting.facts import tables
from tests.services import synthetic as say
from tests.services.reporting import source_sheet
from tests.services.synthetic import deliver, named, open_database, rows_of

STORED = (
    tables.branches,
    tables.staff,
    tables.customers,
    tables.names,
    tables.aliases,
    tables.receptions,
    tables.penalties,
    tables.followups,
    tables.plans,
)


def story() -> list[Envelope]:
    """A day of a branch, in the order in which it happened."""
    return [
        say.branch(),
        say.branch(sequence=2, name="东区新售楼处"),
        say.staff("li"),
        say.staff("li", 2, name="李雷", team_id=named("team")),
        say.reception("one", "waiting", 1),
        say.reception("one", "assigned", 2),
        say.reception("one", "greeted", 3),
        say.reception("one", "completed", 4),
        say.reception("two", "waiting", 1),
        say.reception("two", "closed", 2),
        say.penalty("late"),
        say.penalty("late", "confirmed", 2, month="2026-03"),
        say.penalty("late", "appealed", 3, month="2026-03"),
        say.penalty("late", "upheld", 4, month="2026-03"),
        say.customer("wang", 1),
        say.customer("wang", 2, owner_id=named("li"), customer_type="优质客户"),
        say.customer("wang", 3, owner_id=named("li"), personal=None),
        say.customer("chen", 1),
        say.erased("chen", 2),
        say.customer("chen", 3, personal={"name": "chen", "phone": None, "salt": "0"}),
        say.merged("wang2", "wang", 1),
        say.merged("wang2", "wang", 2, active=False),
        say.followup("first"),
        say.plan("wang", 1),
        say.plan("wang", 2, next_due=None),
        *source_sheet.announced(),
    ]


def tables_after(events: list[Envelope]) -> list[list[tuple[object, ...]]]:
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'x.db'}", "reporting", SERVICE.metadata)
        for start in range(0, len(events), 7):
            deliver(database, consumers, events[start : start + 7])
        stored = [rows_of(database, table) for table in STORED]
        database.close()
    return stored


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(some.randoms(use_true_random=False))
def test_order_and_repetition_make_no_difference(chance: Random) -> None:
    """Shuffled and repeated, the same events leave the same tables."""
    events = story()
    mixed = events + chance.sample(events, chance.randrange(len(events)))
    chance.shuffle(mixed)
    assert tables_after(mixed) == tables_after(events)


def test_the_newest_state_is_kept(database: Database) -> None:
    """Of every subject the last state stands, whatever came between."""
    deliver(database, consumers, reversed(story()))
    assert [row[1] for row in rows_of(database, tables.branches)] == ["东区新售楼处"]
    assert {row[2] for row in rows_of(database, tables.receptions)} == {"completed", "closed"}
    (wang,) = [row for row in rows_of(database, tables.names) if row[0] == named("wang")]
    assert wang[2] is None, "the name is gone with the personal part"
    assert [row[3] for row in rows_of(database, tables.plans)] == [None]
    assert [row[4:7] for row in rows_of(database, tables.penalties)] == [("upheld", 10, 5)]


def test_a_batch_reads_nothing(database: Database) -> None:
    """Handling costs at most one statement per event: nothing is read before it is written, but at an erasure."""
    statements: list[str] = []
    engine_events.listen(database.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    events = [one for one in story() if one.type != "customer.erased.v1"]
    deliver(database, consumers, events)
    kinds = [statement.split()[0] for statement in statements if not statement.startswith("BEGIN")]
    assert set(kinds) == {"INSERT"}
    assert len(kinds) <= len(events)
