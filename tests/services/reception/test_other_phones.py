"""Every phone by which the register recognises a customer is known at the door and at the registration."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from chassis.events import Envelope
from chassis.events.forgetting import FORGET_PERSONAL
from chassis.identity import system
from chassis.jobs import JobLoop
from services.reception.visitors import views
from services.reception.visitors.tables import customer_phones, other_phones, own_phones
from tests.services import synthetic
from tests.services.grep import places_of
from tests.services.reception.office import Office
from tests.services.reception.test_door import look_up, only
from tests.services.synthetic import EAST, named, rows_of

FIRST, SECOND, THIRD = "+8613800138000", "+8613900139000", "+8613700137001"


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li and Wu are on duty; of customers nothing has been heard."""
    opened = Office(sqlite_url, ["li", "wu"])
    opened.come("li", "wu")
    yield opened
    opened.database.close()


def told(name: str, sequence: int = 1, *phones: str, **more: Any) -> Envelope:
    """The register's word of a customer of Li's: the first of these phones is the file's."""
    first, *others = phones or (None,)
    personal: dict[str, Any] = {"name": "王小明", "phone": first, "salt": "0"}
    bearer = more.pop("bearer", more.get("customer_id", named(name)))
    personal["other_phones"] = [{"customer_id": bearer, "phone": one} for one in others]
    return synthetic.customer(name, sequence, **{"owner_id": named("li"), "personal": personal} | more)


def at_the_door(office: Office, phone: str) -> list[str]:
    """Whom the door finds by the whole phone; whom it finds so, it finds by the last four digits as well."""
    by_whole, by_end = (
        [one["customer_id"] for one in look_up(office, **asked)["candidates"]]
        for asked in ({"phone": phone}, {"last_four": phone[-4:]})
    )
    assert by_end[: len(by_whole)] == by_whole
    return by_whole


def test_any_phone_is_recognised_at_the_door_and_at_the_registration(office: Office) -> None:
    """By the whole phone or its last four digits the door learns whose customer it is; who is received and registered
    with another phone is that customer, and nobody new."""
    office.come("li", "wu")
    office.hear(told("wang", 1, FIRST), told("wang", 2, FIRST, SECOND, THIRD))
    for phone in (FIRST, SECOND, THIRD):
        assert at_the_door(office, phone) == [named("wang")]
        one = only(look_up(office, phone=phone))
        assert (one["phone"], one["original"]["name"]) == ("138****8000", "li")
    visit = office.visit(kind="returning", phone=SECOND)
    assert (visit["server_id"], visit["role"]) == (named("li"), "original")
    done = office.complete("li", visit, SECOND)
    assert (done["customer_id"], done["customer_is_new"]) == (named("wang"), False)
    assert rows_of(office.database, own_phones) == []


def test_a_phone_that_is_told_no_more_is_somebody_else_s(office: Office) -> None:
    """Its time is over by the register's word: nobody is found by it, and who registers it is a new customer."""
    office.come("li", "wu")
    office.hear(told("wang", 1, FIRST, SECOND), told("wang", 2, FIRST))
    assert at_the_door(office, SECOND) == []
    done = office.complete("li", office.visit(), SECOND)
    assert (done["customer_is_new"], done["customer_id"] == named("wang")) == (True, False)


def test_who_was_made_here_keeps_the_phone_while_it_is_among_theirs(hall: Office) -> None:
    """Another phone became the file's: the one they were made for is theirs still, until the register says no more."""
    made = hall.complete("li", hall.visit(), FIRST)["customer_id"]
    hall.hear(told("x", 2, SECOND, FIRST, customer_id=made))
    assert at_the_door(hall, FIRST) == at_the_door(hall, SECOND) == [made]
    assert hall.complete("wu", hall.visit(), FIRST)["customer_id"] == made
    hall.hear(told("x", 3, SECOND, customer_id=made))
    assert at_the_door(hall, FIRST) == []


def test_a_word_of_before_there_were_others_tells_of_none(hall: Office) -> None:
    """An event without the field, as older versions announced it, is kept as ever, with no statement more: the customer
    has the one phone."""
    personal = {"name": "王小明", "phone": FIRST, "salt": "0"}
    with ran(hall) as statements:
        hall.hear(synthetic.customer("wang", owner_id=named("li"), personal=personal))
    assert [text for text, _ in statements if other_phones.name in text] == []
    assert at_the_door(hall, FIRST) == [named("wang")]


def test_who_is_deleted_is_known_by_none_of_them(hall: Office) -> None:
    """In the recycle bin the further phones lead nowhere, and back to the customer once restored."""
    for sequence, active in ((1, True), (2, False), (3, True)):
        hall.hear(told("wang", sequence, FIRST, SECOND, active=active))
        assert at_the_door(hall, SECOND) == [named("wang")] * active


def test_a_reception_follows_the_further_phones(hall: Office) -> None:
    """Made here for a phone of somebody registered before: theirs while the register says so, and no longer."""
    done = hall.complete("li", hall.visit(), SECOND)
    early = {"registered_at": "2026-03-01T01:00:00+00:00"}
    for sequence, phones in ((1, [FIRST]), (2, [FIRST, SECOND]), (3, [FIRST]), (4, [SECOND]), (5, [FIRST])):
        hall.hear(told("wang", sequence, *phones, **early))
        expected = named("wang") if SECOND in phones else None
        assert hall.seen(done)["reconciled_with"] == expected, sequence


def of(customer_id: str, envelope: Envelope) -> Envelope:
    return replace(envelope, subject=f"customer/{customer_id}", data=envelope.data | {"customer_id": customer_id})


def test_erasure_forgets_every_phone(office: Office) -> None:
    """Nothing here says by which phones who was erased had been recognised; who comes with one is somebody new."""
    office.come("li", "wu")
    done = office.complete("li", office.visit(), FIRST)
    office.hear(told("x", 2, FIRST, SECOND, customer_id=done["customer_id"]))
    assert "other_phones.phone" in places_of(office.database, [SECOND])
    office.hear(of(done["customer_id"], synthetic.erased("x")))
    JobLoop(office.database, [FORGET_PERSONAL]).run_due()
    assert places_of(office.database, ["13800138000", "13900139000"]) == []
    office.hear(told("x", 12, FIRST, SECOND, customer_id=done["customer_id"]))
    assert rows_of(office.database, other_phones) == []
    again = office.complete("wu", office.visit(), SECOND)
    assert (again["customer_is_new"], again["customer_id"] == done["customer_id"]) == (True, False)


@pytest.mark.parametrize("erased_first", [False, True])
def test_who_is_erased_is_forgotten_where_another_stood_for_them(hall: Office, erased_first: bool) -> None:
    """A phone of theirs that was told of the customer whom they had been merged into goes as well, and does not come
    with an older word; that customer's own stays."""
    words = [told("wang", 2, FIRST, SECOND, bearer=named("wife")), synthetic.erased("wife")]
    hall.hear(told("wang", 1, FIRST), *(reversed(words) if erased_first else words))
    assert rows_of(hall.database, other_phones) == []
    assert at_the_door(hall, FIRST) == [named("wang")]


def test_the_order_of_the_news_makes_no_difference(tmp_path: Path) -> None:
    """Phones that come and go, and an erasure, heard in any order and twice: the same is known, and the same reception
    is the same customer's."""
    orders = [Random(seed).sample([*range(6)] * 2, 12) for seed in range(20)]
    ((known, found, reconciled),) = {_end(f"sqlite:///{tmp_path / f'{n}.db'}", one) for n, one in enumerate(orders)}
    assert known == ((named("wang"), THIRD),)
    assert found == (("wang",), ("made here",), ("wang",))
    assert reconciled == (None, named("wang"))


def _end(url: str, order: Sequence[int]) -> tuple[Any, ...]:
    office = Office(url, ["li", "wu"])
    office.come("li", "wu")
    visits = [office.complete(who, office.visit(), phone) for who, phone in (("li", SECOND), ("wu", THIRD))]
    names = {named("wang"): "wang", visits[0]["customer_id"]: "made here"}
    early = {"registered_at": "2026-03-01T01:00:00+00:00"}
    news = [
        told("wang", 1, FIRST, **early),
        told("wang", 2, FIRST, SECOND, THIRD, **early),
        told("wang", 3, FIRST, THIRD, **early),
        told("chen", 1, FIRST, SECOND),
        told("chen", 2, "+8613600136000", SECOND),
        synthetic.erased("chen"),
    ]
    office.hear(*(news[one] for one in order))
    known = tuple(row[:2] for row in rows_of(office.database, other_phones))
    found = tuple(tuple(map(names.get, at_the_door(office, phone))) for phone in (FIRST, SECOND, THIRD))
    reconciled = tuple(office.seen(one)["reconciled_with"] for one in visits)
    office.database.close()
    return known, found, reconciled


def test_a_phone_is_looked_up_by_an_index(hall: Office) -> None:
    """First ones and others: no customer of the branch is read but those who have it."""
    with hall.database.read() as tx, ran(hall) as asked:
        views.first_with_phone(tx, system("reception", EAST), EAST, SECOND)
        statement, values = asked[0]
        plan = [row[3] for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    of_phones = [step for step in plan if customer_phones.name in step or other_phones.name in step]
    assert len(of_phones) == 3
    assert all("_of_branch (branch_id=? AND phone=?)" in step or "(customer_id=?)" in step for step in of_phones)


@contextmanager
def ran(office: Office) -> Iterator[list[tuple[str, Any]]]:
    """The statements that run in the block, each with its parameters."""
    statements: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        statements.append(told[2:4])

    event.listen(office.database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(office.database.engine, "before_cursor_execute", note)
