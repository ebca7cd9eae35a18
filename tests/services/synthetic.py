"""Events as the other services announce them, and the ways to deliver them to a service under test."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import MetaData, Table, select

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.events import Consumers, Envelope
from chassis.identity import Reach, Who
from chassis.ids import Ids
from tests.tables import compile_once, create_tables

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, 2 March 2026, nine in the morning in Shanghai."""

_SPACE = UUID(int=7)
_PATIENT = 60.0  # seconds
_numbers = count(1)


def named(name: str) -> str:
    """The id that stands for a name in these tests."""
    return str(uuid5(_SPACE, name))


HALL, EAST, WEST = named("hall"), named("east"), named("west")


def open_database(url: str, service: str, metadata: MetaData, now: datetime = NOW, ids: Ids | None = None) -> Database:
    """An empty database of a service, at a standing hour; fifty at once get their turn on a slow machine too."""
    database = Database(url, service, clock=StandingClock(now), ids=ids, patience=_PATIENT)
    compile_once(database.engine)
    create_tables(database.engine, metadata)
    return database


def event(source: str, event_type: str, subject: str, sequence: int, data: dict[str, Any]) -> Envelope:
    """One event as it comes from the bus."""
    branch = data.get("branch_id")
    number = next(_numbers)
    time = NOW - timedelta(hours=1) + timedelta(microseconds=number)  # each later than the one before
    return Envelope(str(UUID(int=number)), source, event_type, subject, sequence, time, branch, None, data)


def deliver(database: Database, consumers: Consumers, events: Iterable[Envelope]) -> None:
    """Hand events to the handlers, all in one transaction, as the consumer does."""
    with database.write() as tx:
        for one in events:
            consumers.handle(tx, one)


def rows_of(database: Database, table: Table, *without: str) -> list[tuple[Any, ...]]:
    """All rows of a table in the order of its key, leaving out some columns."""
    columns = [column for column in table.c if column.name not in without]
    with database.read() as tx:
        return [tuple(row) for row in tx.execute(select(*columns).order_by(*table.primary_key.columns))]


def person(
    name: str, reach: Reach = "own", branch: str | None = EAST, team: str | None = None, *permissions: str
) -> Who:
    """A signed-in person; without `permissions`, one who may do everything of these services."""
    usual = ("followups.see", "followups.record", "reporting.see")
    return Who(named(name), "person", "salesperson", branch, team, reach, frozenset(permissions or usual))


def branch(branch_id: str = EAST, sequence: int = 1, **changes: Any) -> Envelope:
    data = {
        "branch_id": branch_id,
        "code": "E",
        "name": "东区售楼处",
        "time_zone": "Asia/Shanghai",
        "active": True,
    } | changes
    return event("gateway", "branch.changed.v1", f"branch/{branch_id}", sequence, data)


def staff(name: str, sequence: int = 1, /, **changes: Any) -> Envelope:
    data = {
        "staff_id": named(name),
        "branch_id": EAST,
        "department_id": None,
        "team_id": None,
        "role": "salesperson",
        "name": name,
        "active": True,
    } | changes
    return event("gateway", "staff.changed.v1", f"staff/{data['staff_id']}", sequence, data)


def customer(name: str, sequence: int = 1, **changes: Any) -> Envelope:
    kind = "customer.registered.v1" if sequence == 1 else "customer.changed.v1"
    data = {
        "customer_id": named(name),
        "branch_id": EAST,
        "code": "A001",
        "customer_type": None,
        "grade": None,
        "key_account": False,
        "source": "reception",
        "owner_id": None,
        "registered_at": NOW.isoformat(),
        "local_day": "2026-03-02",
        "active": True,
        "personal": {"name": name, "phone": None, "salt": "0"},
    } | changes
    return event("customers", kind, f"customer/{data['customer_id']}", sequence, data)


def merged(loser: str, winner: str, sequence: int = 1, active: bool = True) -> Envelope:
    data = {
        "loser_id": named(loser),
        "winner_id": named(winner),
        "branch_id": EAST,
        "active": active,
        "rule": "same_phone",
        "article": "一.4",
    }
    return event("customers", "customer.merged.v1", f"customer_alias/{named(loser)}", sequence, data)


def erased(name: str, sequence: int = 9, branch_id: str = EAST) -> Envelope:
    data = {"customer_id": named(name), "branch_id": branch_id, "because": "asked"}
    return event("customers", "customer.erased.v1", f"customer/{named(name)}", sequence, data)


def reception(
    name: str, state: str = "completed", sequence: int = 4, note: str | None = None, **changes: Any
) -> Envelope:
    types = {"waiting": "opened"}
    done = state == "completed"
    data = {
        "reception_id": named(name),
        "branch_id": EAST,
        "hall_id": HALL,
        "kind": "first_visit",
        "state": state,
        "party_size": 1,
        "local_day": "2026-03-02",
        "arrived_at": NOW.isoformat(),
        "assigned_at": NOW.isoformat() if state != "waiting" else None,
        "greeted_at": NOW.isoformat() if done else None,
        "completed_at": NOW.isoformat() if done else None,
        "server_id": named("li") if state != "waiting" else None,
        "article": "一.1",
        "turn": "used" if done else None,
        "customer_id": named("wang") if done else None,
        "customer_is_new": True if done else None,
        "intent": None,
        "progress": None,
        "next_contact": None,
        "credit_rule": "owner" if done else None,
        "credit_day": "2026-03-02" if done else None,
        "personal": {"name": "王先生", "phone": "+8613800138000", "note": note, "salt": "0"} if done else None,
    } | changes
    return event(
        "reception", f"reception.{types.get(state, state)}.v1", f"reception/{data['reception_id']}", sequence, data
    )


def penalty(name: str, state: str = "proposed", sequence: int = 1, **changes: Any) -> Envelope:
    types = {"proposed": "proposed", "appealed": "appealed"}
    data = {
        "penalty_id": named(name),
        "branch_id": EAST,
        "staff_id": named("li"),
        "cause": "not_greeted",
        "article": "一.1",
        "fine": 10,
        "points": 5,
        "evidence": f"reception/{named('one')}",
        "policy_version": "built-in-1",
        "day": "2026-03-02",
        "at": NOW.isoformat(),
        "recorded_by": "reception",
        "state": state,
        "appealed_at": None,
        "decided_by": None,
        "decided_at": None,
        "month": None,
    } | changes
    event_type = f"penalty.{types.get(state, 'decided')}.v1"
    return event("reception", event_type, f"penalty/{data['penalty_id']}", sequence, data)


def sheet_row(number: int, **changes: Any) -> Envelope:
    key = f"{'0' * 64}:{number}"
    data = {
        "row_key": key,
        "row_number": number,
        "branch_id": EAST,
        "customer_id": None,
        "followup_date": None,
        "method": None,
        "progress": 45,
        "intent": None,
        "result": None,
        "deal_date": None,
        "salesperson_id": None,
        "salesperson_name": None,
        "warnings": [],
    } | changes
    return event("customers", "sheet_row.imported.v1", f"sheet_row/{key}", 1, data)


def followup(name: str, **changes: Any) -> Envelope:
    data = {
        "followup_id": named(name),
        "branch_id": EAST,
        "customer_id": named("wang"),
        "date": "2026-03-02",
        "method": "电话",
        "progress": None,
        "intent": None,
        "result": None,
        "deal_date": None,
        "next_contact": None,
        "effective": True,
        "salesperson_id": named("li"),
        "salesperson_name": None,
        "origin": "person",
        "origin_key": None,
        "row_number": None,
        "personal": None,
    } | changes
    return event("followups", "followup.recorded.v1", f"followup/{data['followup_id']}", 1, data)


def plan(customer_name: str, sequence: int = 1, **changes: Any) -> Envelope:
    data = {
        "customer_id": named(customer_name),
        "branch_id": EAST,
        "grade": None,
        "next_due": "2026-03-16",
        "last_contact": "2026-03-02",
        "owner_id": named("li"),
    } | changes
    subject = f"followup_plan/{data['customer_id']}"
    return event("followups", "followup_plan.changed.v1", subject, sequence, data)


def deal(name: str, sequence: int = 1, **changes: Any) -> Envelope:
    data = {
        "deal_id": named(name),
        "branch_id": EAST,
        "customer_id": named("wang"),
        "deal_date": "2026-03-02",
        "amount": 1_000_000_00,
        "rule": "owner",
        "reason": "owner_after",
        "rule_version": "built-in-1",
        "reception_id": None,
        "correction_id": None,
        "shares": [],
    } | changes
    return event("followups", "credit.booked.v1", f"credit/{data['deal_id']}", sequence, data)
