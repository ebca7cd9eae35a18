"""A person whom every service knows is erased, and no service knows any more who it was (个人信息保护法 第四十七条)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, Table, Text, func, select

from chassis.database import Database
from chassis.furniture import FURNITURE
from chassis.ledger import verify
from tests.journeys.all_said import KIN_PHONE, Story
from tests.journeys.house import BOSS, SERVICES, opened
from tests.services.customers.points_house import holding


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """She is known, under two ids, in every service, and all has been said of her."""
    with opened(tmp_path) as house:
        holding(house.databases["customers"])
        told = Story(house)
        told.tell()
        yield told


def erase(story: Story) -> None:
    story.did(BOSS, "POST", story.path("/erasure"), {"code": story.ids["code"], "requested_by": "person"})


def test_nobody_knows_any_more_who_it_was(capfd: pytest.CaptureFixture[str], story: Story) -> None:
    """All of her stands in five databases and then nothing in any, whatever is told late; the chains verify, and no log
    has named her.
    """
    house = story.house
    before = house.words(*story.words)
    assert set(before) == {one.name for one in SERVICES}
    assert {place.split(": ")[1] for places in before.values() for place in places} == set(story.words)
    heard = house.events()
    erase(story)
    assert house.words(*story.words) == {}
    for database in house.databases.values():
        with database.read() as tx:
            assert verify(tx) == []
    house.tell_again(heard)
    assert house.words(*story.words) == {}
    assert house.words(KIN_PHONE)  # her relative is still there
    logged = "".join(capfd.readouterr())
    assert "/api/v1/customers/<customer_id>/erasure" in logged
    assert [word for word in story.words if word in logged] == []


NOT_SAID = {
    "what the company and the machinery decide": "customers.customer_types.names customers.export_rights "
    "customers.ownership_policies gateway.api_keys gateway.departments gateway.pins gateway.sessions gateway.staff "
    "gateway.sign_in_attempts gateway.sign_in_turns gateway.teams gateway.branches gateway.cursor_keys",
    "of days, numbers and ids alone": "customers.contacts_ahead customers.return_warnings customers.ruled",
    "of colleagues alone": "reception.absences reception.cap_reviews reception.closed_days reception.credit_bases "
    "reception.draws reception.forfeits reception.leaves reception.pays reception.penalties.appeal reception.policies "
    "reception.penalties.reason reception.postings reception.receptions.called reception.removal_cases.reason "
    "reception.roster_days reception.settled_accounts reception.settled_months reception.step_outs "
    "reception.suspensions reception.delegations",
    "told in tests/services/reception/test_erasure.py": "reception.corrections reception.journal_entries",
    "written by older code alone": "reporting.customers.name",
    "of PostgreSQL alone": "customers.finding.grams",
}


def test_all_has_been_said(story: Story) -> None:
    """Each table of each service has a row and each column of text says something before she is erased: a new one is
    filled in the story, or it is written down here why it cannot name anybody.
    """
    house, empty = story.house, set()
    for service in SERVICES:
        own = [table for name, table in service.metadata.tables.items() if name not in FURNITURE.tables]
        for table in own:
            empty |= {f"{service.name}.{one}" for one in _empty_in(house.databases[service.name], table)}
    assert empty == {name for names in NOT_SAID.values() for name in names.split()} | {"customers.erasures"}


def _empty_in(database: Database, table: Table) -> set[str]:
    """The table's own name, or those of its columns of text in which nothing stands."""
    texts = [column for column in table.c if isinstance(column.type, Text | JSON)]
    with database.read() as tx:
        rows, *filled = tx.execute(select(func.count(), *map(func.count, texts)).select_from(table)).one()
    return (
        {f"{table.name}.{one.name}" for one, much in zip(texts, filled, strict=True) if not much}
        if rows
        else {table.name}
    )
