"""What completed receptions do to the register and the files."""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chassis.database import Database
from chassis.events import Envelope
from chassis.ledger import verify
from services.customers.app import SERVICE
from services.customers.files.tables import aliases, codes, customers
from services.customers.register.tables import register
from tests.services import synthetic as say
from tests.services.customers.house import PHONE, announced, visit
from tests.services.synthetic import EAST, NOW, WEST, deliver, named, open_database, rows_of

OTHER_PHONE = "+8613900139000"


def told(database: Database, *events: Envelope) -> None:
    deliver(database, SERVICE.consumers, events)


def files(database: Database) -> list[dict[str, Any]]:
    names = [column.name for column in customers.c]
    return [dict(zip(names, row, strict=True)) for row in rows_of(database, customers)]


def active(database: Database) -> list[tuple[Any, ...]]:
    """(customer, code, owner) of each active file, by code."""
    found = [(file["customer_id"], file["code"], file["owner_id"]) for file in files(database) if file["active"]]
    return sorted(found, key=lambda one: one[1])


def test_the_first_sight_of_an_id_is_a_new_customer(database: Database) -> None:
    """The next code, owned by who served, registered when the reception was completed, announced and chained."""
    told(database, visit("r1", "c1"))
    (file,) = files(database)
    assert (file["customer_id"], file["code"], file["owner_id"]) == (named("c1"), "A001", named("li"))
    assert (file["name"], file["phone"], file["source"]) == ("王小明", PHONE, "reception")
    assert file["registered_at"] == NOW
    (fact,) = announced(database, "customer.registered.v1")
    assert (fact.subject, fact.sequence, fact.branch) == (f"customer/{named('c1')}", 1, EAST)
    assert fact.data["personal"]["name"] == "王小明"
    assert fact.data["registered_at"] == NOW.isoformat()
    with database.read() as tx:
        assert verify(tx) == []


def test_the_same_id_again_is_only_an_entry(database: Database) -> None:
    """A second visit is registered, and moves neither owner nor file."""
    told(database, visit("r1", "c1"), visit("r2", "c1", "zhao", minute=60))
    assert active(database) == [(named("c1"), "A001", named("li"))]
    assert len(rows_of(database, register)) == 2
    assert announced(database, "customer.changed.v1") == []
    assert announced(database, "customer.merged.v1") == []


def test_a_new_customer_is_whose_reception_says(database: Database) -> None:
    """一.6: who was brought while a colleague stood in is the original's, not the server's."""
    told(database, visit("r1", "c1", "zhao", owner_id=named("li"), credit_rule="owner"))
    assert active(database) == [(named("c1"), "A001", named("li"))]


@pytest.mark.parametrize(("credit_rule", "whose"), [("owner", "li"), ("half_each", "zhao")])
def test_who_came_along_is_registered_too(database: Database, credit_rule: str, whose: str) -> None:
    """A companion is a customer: the original's, but who served's after a whole visit; told twice it is one entry."""
    came = [{"customer_id": named("c2"), "name": "陈大文", "phone": OTHER_PHONE}]
    says = {"owner_id": named("li"), "credit_rule": credit_rule, "companions": came}
    told(database, visit("r1", "c1", "zhao", **says), visit("r1", "c1", "zhao", **says))
    assert active(database) == [(named("c1"), "A001", named("li")), (named("c2"), "A002", named(whose))]
    assert len(rows_of(database, register)) == 2


def ruled(owner: str, sequence: int = 5, **changes: Any) -> Envelope:
    """It was ruled again whose visitor of r1 it was."""
    again = visit("r1", "c1", "zhao", owner_id=named(owner), credit_rule="owner", companions=[])
    data = again.data | {"companions": []} | changes
    return say.event("reception", "reception.credit_corrected.v1", again.subject, sequence, data)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
def test_whose_a_customer_is_follows_the_ruling(database: Database, order: Sequence[int]) -> None:
    """撞单: heard in any order, the customer is whose the latest ruling says; the register's entry stays as it was."""
    events = [visit("r1", "c1", "zhao", owner_id=named("zhao")), ruled("li"), ruled("wu", 6)]
    told(database, *(events[one] for one in order))
    assert active(database) == [(named("c1"), "A001", named("wu"))]
    names = [column.name for column in register.c]
    assert [row[names.index("registered_by")] for row in rows_of(database, register)] == [named("zhao")]


def test_a_ruling_about_an_old_customer_moves_nobody(database: Database) -> None:
    """An earlier registration holds; and a ruling about nobody is no failure."""
    told(database, visit("r0", "c1", "chen", minute=-9), visit("r1", "c1", "zhao"), ruled("li"))
    assert active(database) == [(named("c1"), "A001", named("chen"))]
    told(database, ruled("li", 7, customer_id=None))


def test_a_phone_that_another_id_holds_is_the_same_customer(database: Database) -> None:
    """一.4: the later registration loses, its id stands for the winner's, and no code is used up."""
    told(database, visit("r1", "c1"), visit("r2", "c2", "zhao", minute=1), visit("r3", "c3", phone=OTHER_PHONE))
    assert active(database) == [(named("c1"), "A001", named("li")), (named("c3"), "A002", named("li"))]
    (fact,) = announced(database, "customer.merged.v1")
    expected = {"loser_id": named("c2"), "winner_id": named("c1"), "active": True, "article": "一.4"}
    assert fact.data | expected == fact.data
    assert fact.data["rule"] == "first_registered"
    assert fact.subject == f"customer_alias/{named('c2')}"
    assert [event.data["customer_id"] for event in announced(database, "customer.registered.v1")] == [
        named("c1"),
        named("c3"),
    ]


def test_an_earlier_registration_that_arrives_late_wins(database: Database) -> None:
    """Time decides, not arrival: the file, its code and its owner go to the id that was first."""
    told(database, visit("r2", "c2", "zhao", minute=1), visit("r1", "c1"))
    assert active(database) == [(named("c1"), "A001", named("li"))]
    changed = [
        (event.data["customer_id"], event.data["active"]) for event in announced(database, "customer.changed.v1")
    ]
    assert changed == [(named("c2"), False)]
    assert [event.data["winner_id"] for event in announced(database, "customer.merged.v1")] == [named("c1")]


def test_a_full_name_wins_over_an_earlier_surname(database: Database) -> None:
    """一.4: registered first as 王先生, the customer is the one's who asked for the full name."""
    told(database, visit("r1", "c1", name="王先生"), visit("r2", "c1", "zhao", minute=1))
    (file,) = files(database)
    assert (file["owner_id"], file["name"], file["code"]) == (named("zhao"), "王小明", "A001")


def test_another_branch_is_another_world(database: Database) -> None:
    """The same phone in two branches is two customers, each with its branch's first code."""
    told(database, visit("r1", "c1"), visit("r2", "c2", "west", branch_id=WEST))
    assert [(file["branch_id"], file["code"], file["active"]) for file in files(database)].count(
        (WEST, "A001", True)
    ) == 1
    assert len(active(database)) == 2


def test_a_reception_without_a_person_registers_nobody(database: Database) -> None:
    """Erased before it arrived, or closed without a customer: nothing to register, and no failure."""
    told(database, say.reception("r1", personal=None), say.reception("r2", customer_id=None))
    assert files(database) == []


_VISITS = some.lists(
    some.tuples(
        some.sampled_from(["c1", "c2", "c3"]),
        some.sampled_from([PHONE, OTHER_PHONE, "+8615912348000"]),
        some.sampled_from(["li", "zhao"]),
        some.sampled_from(["王小明", "王先生"]),
        some.integers(0, 3),
    ),
    min_size=1,
    max_size=7,
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(_VISITS, some.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(visits: Sequence[tuple[str, str, str, str, int]], random: Random) -> None:
    """Whatever happens, told twice and in any order the same files, aliases and entries stand in the end."""
    events = [
        visit(f"r{number}", customer, server, name, phone=phone, minute=minute)
        for number, (customer, phone, server, name, minute) in enumerate(visits)
    ]
    shuffled = random.sample([*events, *events], 2 * len(events))
    assert _ends_with(shuffled) == _ends_with(events)


def _ends_with(events: Sequence[Envelope]) -> list[Any]:
    """Files but for their codes and versions, aliases that hold, entries; and the codes that are in use."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'x.db'}", "customers", SERVICE.metadata)
        for event in events:
            told(database, event)
        of_files = rows_of(database, customers, "code", "version")
        holding = [row for row in rows_of(database, aliases, "version") if row[3]]
        end = [of_files, holding, rows_of(database, register)]
        database.close()
    return end


def test_codes_widen_past_999(database: Database) -> None:
    """After A999 comes A1000."""
    with database.write() as tx:
        tx.execute(codes.update().where(codes.c.branch_id == EAST).values(last=998))
    told(database, visit("r1", "c1"), visit("r2", "c2", phone=OTHER_PHONE, minute=1))
    assert {code for _customer, code, _owner in active(database)} == {"A999", "A1000"}
