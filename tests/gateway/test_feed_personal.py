"""Who is told by the event feed who somebody is, and that nobody is once they are erased."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chassis.database import Database
from chassis.events import Envelope
from chassis.jobs import JobLoop
from gateway.feed.copies import FORGET_IN_LOG, consumers
from gateway.feed.hub import Hub
from gateway.feed.tables import event_log
from gateway.identity.rules import ROLES
from gateway.tables import METADATA
from tests.gateway.company import Company
from tests.gateway.door import Door
from tests.gateway.test_feed import Listening, happened
from tests.services.synthetic import open_database


@pytest.mark.parametrize(
    ("scopes", "reads"),
    [
        ((), False),
        (("customers.see",), False),
        (("customers.edit",), True),
        (("customers.see", "customers.edit"), True),
    ],
)
def test_personal_part_for_programs(
    door: Door, database: Database, company: Company, scopes: tuple[str, ...], reads: bool
) -> None:
    """A key that reads phones masked, or sees no customers, gets events without the part that identifies a person."""
    happened(database, company.east, personal=True)
    body = {"name": "x", "scopes": ["events.read", *scopes], "branch_id": company.east}
    key = door.as_("headquarters", "POST", "/api/v1/identity/api-keys", json=body).json["key"]
    seen = door.ask(key, "GET", "/api/v1/events").json["items"][0]["data"]
    assert seen == {"hall_id": None, "personal": {"name": "王", "salt": "x"} if reads else None}


_READERS = ("auditor", "manager", "sales_administrator", "headquarters")


@pytest.mark.parametrize("role", _READERS)
def test_personal_part(door: Door, database: Database, company: Company, role: str) -> None:
    """Only who keeps the files, and so reads every phone in reach, is told who it is: the auditor is not."""
    assert set(_READERS) == {name for name, one in ROLES.items() if "events.read" in one.permissions}
    happened(database, company.east, personal=True)
    seen = door.as_(role, "GET", "/api/v1/events").json["items"][0]["data"]["personal"]
    assert (seen is None) == (role == "auditor")


@pytest.mark.parametrize("role", ["auditor", "manager"])
def test_nobodys_stream_is_personal(database: Database, company: Company, role: str) -> None:
    """What is missed and what happens is told without what happened, also to who reads it in the log."""
    happened(database, company.east, personal=True)
    hub = Hub(database, at_most=1)
    with closing(Listening(database, hub, company.who(role), after=0)) as mine:
        happened(database, company.east, personal=True)
        told = [mine.told() for _ in range(2)]
    assert {name for one in told for name in one} == {"id", "event", "type", "subject", "branch"}


@pytest.fixture
def log(sqlite_url: str) -> Iterator[Database]:
    """An empty log."""
    one = open_database(sqlite_url, "gateway", METADATA)
    yield one
    one.close()


def _told_in_order(database: Database, envelopes: Sequence[Envelope]) -> list[Any]:
    """The personal parts in the log once these have arrived in this order and its jobs are done."""
    with database.write() as tx:
        for one in envelopes:
            consumers.handle(tx, replace(one, id=tx.new_id()))
    JobLoop(database, [FORGET_IN_LOG]).run_due()
    with database.read() as tx:
        bodies = tx.execute(select(event_log.c.body).order_by(event_log.c.position.desc()).limit(len(envelopes)))
        return [json.loads(body)["data"].get("personal") for body in bodies.scalars()]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(5)))
def test_who_is_erased_is_in_no_event_in_whatever_order(log: Database, order: list[int]) -> None:
    """However events about somebody and the word of their erasure arrive, the log keeps none that says who it is."""
    mine, now = log.ids.new(), datetime(2026, 3, 2, tzinfo=UTC)
    personal = {"name": "王小明", "salt": "x"}
    facts: list[tuple[str, str, dict[str, Any]]] = [
        ("customer.registered.v1", f"customer/{mine}", {"customer_id": mine, "personal": personal}),
        ("customer.changed.v1", f"customer/{mine}", {"customer_id": mine, "personal": personal}),
        ("reception.completed.v1", "reception/1", {"personal": {**personal, "companions": [{"customer_id": mine}]}}),
        ("customer.erased.v1", f"customer/{mine}", {"customer_id": mine, "because": "asked"}),
        ("customer.registered.v1", "customer/other", {"customer_id": "other", "personal": {"name": "李"}}),
    ]
    told = [Envelope("", "customers", kind, about, 1, now, None, None, data) for kind, about, data in facts]
    kept = _told_in_order(log, [told[one] for one in order])
    assert [one for one in kept if one is not None] == [{"name": "李"}]
