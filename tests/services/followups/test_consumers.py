"""What events of other services do here."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.events import Envelope
from chassis.events.tables import outbox
from services.followups.app import SERVICE
from services.followups.consumers import consumers
from services.followups.people.tables import aliases, branches, customers, staff
from services.followups.plans.tables import plans
from services.followups.records.tables import records
from tests.services import synthetic as say
from tests.services.synthetic import EAST, deliver, named, open_database, rows_of


def plan_row(database: Database, name: str) -> tuple[date | None, date | None, str | None, str]:
    columns = (plans.c.next_due, plans.c.last_contact, plans.c.owner_id, plans.c.reason)
    with database.read() as tx:
        return tuple(tx.execute(select(*columns).where(plans.c.customer_id == named(name))).one())


def announced(database: Database, kind: str) -> list[Envelope]:
    with database.read() as tx:
        bodies = tx.execute(select(outbox.c.body).where(outbox.c.type == kind).order_by(outbox.c.n)).scalars()
        return [Envelope.from_json(body) for body in bodies]


def test_a_completed_reception_is_a_record_and_a_plan(database: Database) -> None:
    """现场跟进 is recorded with what was said, the customer is due in 14 days, and both are announced."""
    said = {"intent": "有意向徘徊犹豫", "progress": 45, "note": "想看三居"}
    deliver(database, consumers, [say.reception("one", **said)])
    (row,) = rows_of(database, records, "recorded_at")
    assert row[1:8] == (EAST, named("wang"), date(2026, 3, 2), "现场跟进", 45, "有意向徘徊犹豫", "想看三居")
    assert plan_row(database, "wang") == (date(2026, 3, 16), date(2026, 3, 2), None, "rhythm")
    (recorded,) = announced(database, "followup.recorded.v1")
    assert recorded.subject == f"followup/{row[0]}"
    assert recorded.data["origin"] == "reception"
    assert recorded.data["personal"]["said"] == "想看三居"
    (plan,) = announced(database, "followup_plan.changed.v1")
    assert (plan.sequence, plan.data["next_due"], plan.branch) == (1, "2026-03-16", EAST)


def test_the_same_twice_adds_nothing(database: Database) -> None:
    """A reception or a sheet row that arrives again, in another event, is not recorded again."""
    row = {"customer_id": named("wang"), "followup_date": "2026-03-01"}
    deliver(database, consumers, [say.reception("one"), say.sheet_row(5, **row)])
    deliver(database, consumers, [say.reception("one", sequence=5), say.sheet_row(5, **row)])
    assert len(rows_of(database, records)) == 2
    assert len(announced(database, "followup.recorded.v1")) == 2


def test_the_same_sheet_in_two_branches(database: Database) -> None:
    """Two branches that import one file each have its rows."""
    west = say.sheet_row(5, branch_id=say.WEST, followup_date="2026-03-01", customer_id=named("w"))
    deliver(database, consumers, [say.sheet_row(5, customer_id=named("e")), west])
    assert {row[1] for row in rows_of(database, records)} == {EAST, say.WEST}


def test_an_agreed_day_at_the_reception_wins(database: Database) -> None:
    """A next contact agreed on site is the due day."""
    deliver(database, consumers, [say.reception("one", next_contact="2026-03-05")])
    assert plan_row(database, "wang")[0] == date(2026, 3, 5)


def test_the_grade_sets_the_rhythm(database: Database) -> None:
    """News of a customer's grade and owner moves the plan, and only news does."""
    deliver(database, consumers, [say.reception("one"), say.customer("wang", 1, owner_id=named("li"))])
    deliver(database, consumers, [say.customer("wang", 2, grade="A", owner_id=named("li"))])
    assert plan_row(database, "wang") == (date(2026, 3, 9), date(2026, 3, 2), named("li"), "rhythm")
    deliver(database, consumers, [say.customer("wang", 1, owner_id=named("li"))])
    assert plan_row(database, "wang")[0] == date(2026, 3, 9)
    assert [one.sequence for one in announced(database, "followup_plan.changed.v1")] == [1, 2, 3]


def test_a_row_without_date_or_customer_is_kept(database: Database) -> None:
    """Incomplete rows of a sheet are recorded; only a dated row with a customer makes something due."""
    deliver(database, consumers, [say.sheet_row(20, salesperson_name="业务员16"), say.sheet_row(21)])
    deliver(database, consumers, [say.sheet_row(22, customer_id=named("wang"))])
    assert len(rows_of(database, records)) == 3
    assert rows_of(database, plans) == []


def test_a_customer_with_nothing_due_is_not_announced(database: Database) -> None:
    """A customer just registered has no due day, and no plan is announced for it."""
    deliver(database, consumers, [say.customer("wang")])
    assert plan_row(database, "wang") == (None, None, None, "no_contact")
    assert announced(database, "followup_plan.changed.v1") == []


def test_an_inactive_customer_is_not_due(database: Database) -> None:
    """Nothing is due for a customer that was put away; taken back, everything is as before."""
    deliver(database, consumers, [say.reception("one"), say.customer("wang", 2, active=False)])
    assert plan_row(database, "wang") == (None, None, None, "inactive")
    deliver(database, consumers, [say.customer("wang", 3)])
    assert plan_row(database, "wang")[0] == date(2026, 3, 16)


def test_a_merge_moves_the_plan_and_undoing_it_moves_it_back(database: Database) -> None:
    """Contacts of the merged customer count for the one that stays, as long as they are one."""
    late = say.reception("two", customer_id=named("wang2"), local_day="2026-03-10")
    deliver(database, consumers, [say.reception("one"), late, say.merged("wang2", "wang")])
    assert plan_row(database, "wang")[0] == date(2026, 3, 24)
    assert plan_row(database, "wang2") == (None, None, None, "merged")
    deliver(database, consumers, [say.merged("wang2", "wang", sequence=2, active=False)])
    assert plan_row(database, "wang")[0] == date(2026, 3, 16)
    assert plan_row(database, "wang2")[0] == date(2026, 3, 24)


def story() -> list[Envelope]:
    """Everything that can happen around three customers, in the order it happened."""
    return [
        say.branch(),
        say.branch(sequence=2, time_zone="Asia/Urumqi"),
        say.staff("li"),
        say.staff("li", 2, active=False),
        say.reception("one", next_contact="2026-03-04"),
        say.reception("two", customer_id=named("zhao"), local_day="2026-03-03", server_id=named("sun")),
        say.reception("three", customer_id=named("wang2"), local_day="2026-03-05"),
        say.customer("wang", 1, owner_id=named("li")),
        say.customer("wang", 2, owner_id=named("li"), grade="C"),
        say.customer("zhao", 1, grade="A"),
        say.customer("zhao", 2, grade="A", active=False),
        say.customer("zhao", 3, grade="B"),
        say.sheet_row(5, customer_id=named("zhao"), followup_date="2026-01-31", result="成交", deal_date="2026-02-01"),
        say.sheet_row(6),
        say.merged("wang2", "wang"),
        say.merged("zhao", "wang2", 1),
        say.merged("zhao", "wang2", 2, active=False),
    ]


STORED = (branches, staff, customers, aliases, records, plans)


def tables_after(events: list[Envelope], cuts: Callable[[int], bool]) -> list[list[tuple[object, ...]]]:
    """All that is stored after the events were handled in batches, but for how often plans were announced."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'x.db'}", "followups", SERVICE.metadata)
        batch: list[Envelope] = []
        for number, one in enumerate(events):
            batch.append(one)
            if cuts(number):
                deliver(database, consumers, batch)
                batch = []
        deliver(database, consumers, batch)
        stored = [rows_of(database, table, *(["version"] if table is plans else [])) for table in STORED]
        database.close()
    return stored


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(some.randoms(use_true_random=False))
def test_order_and_repetition_make_no_difference(chance: Random) -> None:
    """Shuffled, repeated and cut into batches anyhow, the same events leave the same tables."""
    events = story()
    mixed = events + chance.sample(events, chance.randrange(len(events)))
    chance.shuffle(mixed)
    assert tables_after(mixed, lambda _number: chance.random() < 0.3) == tables_after(events, lambda _number: False)


def test_a_record_is_never_edited(database: Database) -> None:
    """The database itself refuses to change or delete a record; only what was said may be erased."""
    deliver(database, consumers, [say.reception("one", note="想看三居")])
    for change in (update(records).values(progress=99), update(records).values(said="别的"), delete(records)):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
            tx.execute(change)
    with database.write() as tx:
        tx.execute(update(records).values(said=None))
    assert rows_of(database, records)[0][7] is None
